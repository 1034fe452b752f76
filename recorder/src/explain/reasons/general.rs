//! What any part of the kernel may say.

use crate::explain::{
    Explanation,
    Verdict::{Depends, Harmless, Trouble},
};

pub(super) const ALL: &[Explanation] = &[
    Explanation {
        name: "HDR_TRUNC",
        phrase: "its headers are cut short",
        meaning: "The headers that the kernel needs could not be brought together: the packet ends within them.",
        verdict: Trouble,
        check: "See the frame in Wireshark. With tun and tap devices the program that writes to the device (QEMU, a VPN) \
            is to be looked at.",
        counters: &[],
        kernels: ("5.18", "7.2"),
        source: "drivers/net/tun.c: tun_get_user (v7.2)",
    },
    Explanation {
        name: "INVALID_PROTO",
        phrase: "its protocol is not valid there",
        meaning: "It uses a protocol where that is not allowed: a broadcast that is not IPv4 in IPv4's own routing, an \
            ICMP message to a broadcast address that only hosts may get, a home address in an IPv6 option that is no host's.",
        verdict: Depends,
        check: "See the frame. Broadcast pings are ignored by default: `sysctl net.ipv4.icmp_echo_ignore_broadcasts`.",
        counters: &["nstat: IcmpInErrors", "nstat: Ip6InHdrErrors"],
        kernels: ("6.1", "7.2"),
        source: "net/ipv4/route.c: ip_route_input_slow; net/ipv4/icmp.c: icmp_rcv; net/ipv6/exthdrs.c: ipv6_dest_hao \
            (v7.2)",
    },
    Explanation {
        name: "NOMEM",
        phrase: "there was no memory for it, or it is cut short",
        meaning: "The kernel needed memory to go on with the packet (a copy, a longer header, a route) and got none. \
            In interrupts it cannot wait for memory to become free. Some places say the same of a packet that \
            ends before the headers that they need: VXLAN does of an inner frame that is cut. Few of them count \
            it.",
        verdict: Trouble,
        check: "`free -m`, `dmesg | grep -i 'allocation failure'`, and `sysctl vm.min_free_kbytes`, which keeps more \
            for such moments. If memory is not short, see the lengths of the frame in Wireshark: something cuts \
            it, or it was made wrong.",
        counters: &["nstat: IpInDiscards (of IPv4's options)"],
        kernels: ("5.18", "7.2"),
        source: "include/linux/skbuff.h: pskb_may_pull_reason; net/ipv4/ip_input.c: ip_rcv_options; \
            drivers/net/tun.c: tun_net_xmit (v7.2); drivers/net/vxlan/vxlan_core.c: vxlan_rcv (v6.12)",
    },
    Explanation {
        name: "NOT_SPECIFIED",
        phrase: "the kernel does not say why",
        meaning: "The place that dropped it gives no reason: much of the kernel still does not. The place is then all \
            there is.",
        verdict: Depends,
        check: "`droprec explain FUNCTION` with the function that stands behind \"at\"; the frame itself, and which \
            counter rises with it (`nstat`, `ip -s link`, `tc -s qdisc`), tell the rest.",
        counters: &[],
        kernels: ("5.17", "7.2"),
        source: "include/net/dropreason-core.h, wherever kfree_skb is called without a reason (v7.2)",
    },
    Explanation {
        name: "PFMEMALLOC",
        phrase: "memory was so short that only swapping may receive",
        meaning: "The packet lies in the last reserve of memory, which is kept for those sockets alone that help to free \
            memory (swap over the network). Everything else is dropped until there is memory again.",
        verdict: Trouble,
        check: "`free -m`, `vmstat 1`; raise `sysctl vm.min_free_kbytes`, or take load off.",
        counters: &["nstat: TcpExtPFMemallocDrop"],
        kernels: ("6.18", "7.2"),
        source: "net/core/filter.c: sk_filter_trim_cap; net/core/dev.c: __netif_receive_skb_core; net/ipv4/tcp_ipv4.c: \
            tcp_add_backlog (v7.2)",
    },
    Explanation {
        name: "PKT_TOO_BIG",
        phrase: "longer than the MTU allows",
        meaning: "It was to be forwarded by an interface whose MTU is less than its length, and must not be fragmented. \
            The sender is told by ICMP, and sends smaller ones from then on, if the ICMP gets through.",
        verdict: Depends,
        check: "`ip link` for the MTUs, `tracepath DESTINATION` for the path's. When it goes on, something between drops \
            ICMP \"fragmentation needed\" or \"packet too big\": let it through, or clamp TCP's segments (`nft … tcp option \
            maxseg size set rt mtu`).",
        counters: &[
            "nstat: IpFragFails",
            "nstat: Ip6InTooBigErrors",
            "nstat: Ip6FragFails",
        ],
        kernels: ("6.1", "7.2"),
        source: "net/ipv4/ip_forward.c: ip_forward; net/ipv6/ip6_output.c: ip6_forward (v7.2)",
    },
    Explanation {
        name: "PKT_TOO_SMALL",
        phrase: "shorter than its headers say",
        meaning: "A length in one of its headers is greater than what arrived, or it is too short for the header itself: \
            something cut it, or it was made wrong.",
        verdict: Trouble,
        check: "See the lengths in Wireshark. If the sender is sound, suspect what is between: a tunnel with a wrong MTU, \
            an offload (`ethtool -k`), a program that injects packets.",
        counters: &[
            "nstat: IpExtInTruncatedPkts",
            "nstat: Ip6InTruncatedPkts",
            "nstat: UdpInErrors",
            "nstat: Udp6InErrors",
            "nstat: TcpInErrs",
            "nstat: IcmpInErrors",
            "nstat: Icmp6InErrors",
        ],
        kernels: ("5.17", "7.2"),
        source: "net/ipv4/ip_input.c: ip_rcv_core; net/ipv4/udp.c: udp_rcv; net/ipv4/tcp_ipv4.c: tcp_v4_rcv; \
            net/ipv6/ip6_input.c: ip6_rcv_core (v7.2); net/ipv6/icmp.c: icmpv6_notify (v6.12)",
    },
    Explanation {
        name: "PTYPE_ABSENT",
        phrase: "no handler for its protocol",
        meaning: "The name that UNHANDLED_PROTO had when it was new: the host received a frame of a protocol that nothing \
            in this kernel handles.",
        verdict: Harmless,
        check: "`droprec explain UNHANDLED_PROTO`.",
        counters: &["ip -s link: rx dropped"],
        kernels: ("5.18", "5.18"),
        source: "net/core/dev.c: __netif_receive_skb_core (v5.18)",
    },
    Explanation {
        name: "QUEUE_PURGE",
        phrase: "the queue that it waited in was emptied",
        meaning: "It waited in a queue (of a socket, a device, a neighbour) that was emptied as a whole: the socket was \
            closed, the interface went down, the qdisc was changed.",
        verdict: Harmless,
        check: "Nothing if something was just closed or changed. Otherwise see which interface or socket it was.",
        counters: &[],
        kernels: ("6.12", "7.2"),
        source: "include/linux/skbuff.h: skb_queue_purge; net/sched/sch_cake.c (v7.2)",
    },
    Explanation {
        name: "RECURSION_LIMIT",
        phrase: "too deep in virtual interfaces, or one that could not send",
        meaning: "It was sent from one virtual interface into the next so often that the kernel suspects a circle: a \
            tunnel whose packets are routed into itself, mirroring rules that feed each other. It is also given where a device \
            without a queue was stopped.",
        verdict: Trouble,
        check: "`ip route get OUTER-DESTINATION` must not answer with the tunnel itself; `tc -s filter show dev DEV \
            ingress` and egress for `mirred`. dmesg says \"Dead loop on virtual device\".",
        counters: &["ip -s link: tx dropped"],
        kernels: ("6.18", "7.2"),
        source: "net/core/dev.c: __dev_queue_xmit; include/net/ip6_tunnel.h; net/ipv4/ip_tunnel_core.c: iptunnel_xmit \
            (v7.2)",
    },
    Explanation {
        name: "SECURITY_HOOK",
        phrase: "a security module refused it",
        meaning: "A Linux security module (SELinux, AppArmor, Smack) did not allow the socket to have it.",
        verdict: Trouble,
        check: "`ausearch -m avc -ts recent` or `dmesg | grep -i -e denied -e avc`; `cat /sys/kernel/security/lsm` lists \
            the modules.",
        counters: &[],
        kernels: ("6.12", "7.2"),
        source: "net/core/filter.c: sk_filter_trim_cap; net/ipv4/syncookies.c: cookie_v4_check (v7.2)",
    },
    Explanation {
        name: "SKB_BAD_GSO",
        phrase: "its segmentation data contradict its headers",
        meaning: "The packet claims to be many segments, but its TCP or UDP header is missing, cut short or longer than \
            itself. Packets of virtual machines and programs (tun, packet sockets) can be made like this.",
        verdict: Trouble,
        check: "Find out which guest or program sends it: `sock`, `pid` and `dev` in the packet's comment.",
        counters: &[],
        kernels: ("6.12", "7.2"),
        source: "net/core/dev.c: qdisc_pkt_len_segs_init (v7.2)",
    },
    Explanation {
        name: "SKB_CONSUMED",
        phrase: "it was used up, not dropped",
        meaning: "With this reason a packet is freed that came to its regular end. It is not a drop.",
        verdict: Harmless,
        check: "Nothing.",
        counters: &[],
        kernels: ("6.12", "7.2"),
        source: "include/net/dropreason-core.h; net/core/skbuff.c (v7.2)",
    },
    Explanation {
        name: "SKB_CSUM",
        phrase: "its checksum could not be made good",
        meaning: "The checksum, to be worked out in software or to be verified for a raw IPv6 socket, did not come out.",
        verdict: Trouble,
        check: "`ethtool -k DEV` for the checksum offloads; `nstat -az Icmp6InCsumErrors`. For a raw socket with \
            IPV6_CHECKSUM, the sender's checksum is wrong.",
        counters: &[],
        kernels: ("5.18", "7.2"),
        source: "drivers/net/tap.c: tap_handle_frame; net/ipv6/raw.c: rawv6_rcv_skb (v7.2)",
    },
    Explanation {
        name: "SKB_GSO_SEG",
        phrase: "it could not be cut into segments",
        meaning: "A large packet (GSO) was to be cut into those that fit the MTU, and that failed: its headers are not \
            what its type of segmentation takes, or there was no memory.",
        verdict: Trouble,
        check: "`ethtool -k DEV`: turn off `tx-…-segmentation` or gro on the way to see which it is (`ethtool -K DEV gro \
            off`).",
        counters: &[],
        kernels: ("5.18", "7.2"),
        source: "drivers/net/tap.c: tap_handle_frame; net/core/dev.c (v7.2)",
    },
    Explanation {
        name: "SKB_NOT_DROPPED_YET",
        phrase: "the kernel forgot to say why",
        meaning: "It is the number 0, with which a function says that a packet goes on. A drop with it is a mistake of the \
            kernel's own.",
        verdict: Depends,
        check: "Look at the place instead: `droprec explain FUNCTION`.",
        counters: &[],
        kernels: ("5.18", "7.2"),
        source: "include/net/dropreason-core.h (v7.2)",
    },
    Explanation {
        name: "SKB_UCOPY_FAULT",
        phrase: "copying from or to the process's memory failed",
        meaning: "A program handed the kernel a packet (tun, tap, zero copy) and the memory that it named could not be \
            read.",
        verdict: Trouble,
        check: "Find the program that has the tun or tap device open: `ss -nap`, `lsof /dev/net/tun`.",
        counters: &[],
        kernels: ("5.18", "7.2"),
        source: "drivers/net/tun.c: tun_get_user, tun_net_xmit; drivers/net/tap.c: tap_get_user (v7.2)",
    },
    Explanation {
        name: "UNHANDLED_PROTO",
        phrase: "no handler for its protocol",
        meaning: "The host received a frame whose protocol nothing in this kernel handles: its EtherType, or, for \
            802.3 frames, the LLC it carries (skb->protocol 0x0004: spanning tree, CDP). Nobody on this host \
            wanted it, and traffic of the protocols that are in use is not touched. Within IP it is also given \
            for an ICMP type or IPv6 option that nothing handles, and for an IPv6 packet whose version is not 6: \
            then IcmpInErrors or Ip6InHdrErrors rises, and rx_dropped does not.",
        verdict: Harmless,
        check: "Look at what the frame is. To end the counter, load a handler: `modprobe stp` (with llc) for spanning tree \
            and other 802.3 frames, `modprobe mpls_router` for MPLS; or stop the sender (on \
            the switch port: no spanning tree, LLDP or CDP towards hosts). A protocol printed as 0400 without ntohs is 0x0004: \
            `droprec explain 0x0400`.",
        counters: &[
            "ip -s link: rx dropped",
            "/sys/class/net/DEV/statistics: rx_dropped",
            "nstat: Ip6InHdrErrors (of an option, or a version that is not 6)",
            "nstat: IcmpInErrors (of an ICMP type)",
        ],
        kernels: ("6.1", "7.2"),
        source: "net/core/dev.c: __netif_receive_skb_core; net/ipv6/exthdrs.c: ip6_tlvopt_unknown; net/ipv4/icmp.c: \
            icmp_rcv (v7.2); net/ipv6/ip6_input.c: ip6_rcv_core (v6.12)",
    },
];
