//! What IP, ICMP and UDP refuse, and what has no route.

use crate::explain::{
    Explanation,
    Verdict::{Depends, Harmless, Trouble},
};

pub(super) const ALL: &[Explanation] = &[
    Explanation {
        name: "ARP_PVLAN_DISABLE",
        phrase: "ARP for a host on the interface it came from",
        meaning: "An ARP request asked for a host that this router reaches by the very interface that the request came in \
            by. Answering for it (proxy ARP for private VLANs) is off, and not needed where hosts can reach each other.",
        verdict: Harmless,
        check: "Nothing, unless hosts in a private VLAN are to talk through this router: `sysctl -w \
            net.ipv4.conf.DEV.proxy_arp_pvlan=1`.",
        counters: &[],
        kernels: ("6.18", "7.2"),
        source: "net/ipv4/route.c: __mkroute_input (v7.2)",
    },
    Explanation {
        name: "DUP_FRAG",
        phrase: "the same fragment had come before",
        meaning: "A fragment of an IP packet came twice.",
        verdict: Harmless,
        check: "Nothing, unless there are many: then something on the path duplicates packets.",
        counters: &[],
        kernels: ("6.12", "7.2"),
        source: "net/ipv4/ip_fragment.c: ip_frag_queue; net/ipv6/reassembly.c: ip6_frag_queue (v7.2)",
    },
    Explanation {
        name: "FRAG_REASM_TIMEOUT",
        phrase: "its packet did not become whole in time",
        meaning: "Not all fragments of the packet arrived within the time for it (30 seconds with IPv4, 60 with IPv6), so \
            those that had were thrown away.",
        verdict: Trouble,
        check: "Fragments get lost on the path: firewalls often drop them. Better none at all: a smaller MTU or payload, \
            path MTU discovery. `nstat -az | grep -i reasm`; net.ipv4.ipfrag_high_thresh if memory is short.",
        counters: &[
            "nstat: IpReasmTimeout",
            "nstat: IpReasmFails",
            "nstat: Ip6ReasmTimeout",
            "nstat: Ip6ReasmFails",
        ],
        kernels: ("6.12", "7.2"),
        source: "net/ipv4/ip_fragment.c: ip_expire; net/ipv4/inet_fragment.c: inet_frag_queue_flush; \
            include/net/ipv6_frag.h (v7.2)",
    },
    Explanation {
        name: "FRAG_TOO_FAR",
        phrase: "too many packets came between its fragments",
        meaning: "More fragments than net.ipv4.ipfrag_max_dist came from the same source before this packet became whole; \
            its fragments may belong to different packets with the same number.",
        verdict: Trouble,
        check: "`sysctl net.ipv4.ipfrag_max_dist` (64; 0 turns it off). With strong reordering or several sending \
            interfaces raise it.",
        counters: &["nstat: IpReasmFails"],
        kernels: ("6.12", "7.2"),
        source: "net/ipv4/ip_fragment.c: ip_frag_too_far, ip_frag_reinit (v7.2)",
    },
    Explanation {
        name: "ICMP_CSUM",
        phrase: "wrong ICMP checksum",
        meaning: "The message was changed on its way, or is made wrong.",
        verdict: Trouble,
        check: "Find the sender; a NAT or a program that builds ICMP by hand may have left the checksum as it was.",
        counters: &[
            "nstat: IcmpInCsumErrors",
            "nstat: IcmpInErrors",
            "nstat: Icmp6InCsumErrors",
        ],
        kernels: ("6.1", "7.2"),
        source: "net/ipv4/icmp.c: icmp_rcv; net/ipv6/icmp.c: icmpv6_rcv (v7.2)",
    },
    Explanation {
        name: "IP_CSUM",
        phrase: "wrong IPv4 header checksum",
        meaning: "The IPv4 header was changed on its way: a NIC, cable or middlebox is broken, or the packet is made by \
            hand.",
        verdict: Trouble,
        check: "`ethtool -S DEV` for errors of the NIC; find the first hop at which the checksum is wrong.",
        counters: &["nstat: IpExtInCsumErrors", "nstat: IpInHdrErrors"],
        kernels: ("5.18", "7.2"),
        source: "net/ipv4/ip_input.c: ip_rcv_core (v7.2)",
    },
    Explanation {
        name: "IP_INADDRERRORS",
        phrase: "its addresses are none that this host takes or forwards",
        meaning: "It is for an address that is not this host's, and forwarding is off. With IPv6 it is also given \
            where forwarding is on and the source is none that is forwarded (a link's own fe80::…, ::, a \
            multicast, the loopback's), for the destination ::, and for a group that no program here has joined.",
        verdict: Depends,
        check: "If this host should be a router: `sysctl net.ipv4.ip_forward net.ipv6.conf.all.forwarding`. If not, \
            some other host or switch sends it here by mistake: compare the destination's MAC address with its \
            IP address. If the source is fe80::…, its sender lacks an address for other links. `ip maddress` \
            lists the groups.",
        counters: &[
            "nstat: IpInAddrErrors",
            "nstat: Ip6InAddrErrors",
            "nstat: Ip6InDiscards",
        ],
        kernels: ("6.1", "7.2"),
        source: "net/ipv4/route.c: ip_error; net/ipv6/route.c: ip6_pkt_drop; net/ipv6/ip6_output.c: ip6_forward; \
            net/ipv6/ip6_input.c: ip6_protocol_deliver_rcu (v7.2)",
    },
    Explanation {
        name: "IP_INHDR",
        phrase: "its IP header is invalid, or its TTL has run out",
        meaning: "A wrong version, header length or option, or in IPv6 an address that may not come by a wire (the \
            loopback's, a multicast as source); or, in forwarding, the TTL or hop limit has come to its end, \
            which is how traceroute works, and what a routing loop ends in.",
        verdict: Depends,
        check: "See the addresses and the TTL in the frame. If the TTL is 1 and nobody runs a traceroute, look for a loop: `ip route get \
            DESTINATION` here and on the next hop.",
        counters: &["nstat: IpInHdrErrors", "nstat: Ip6InHdrErrors"],
        kernels: ("5.18", "7.2"),
        source: "net/ipv4/ip_input.c: ip_rcv_core; net/ipv4/ip_forward.c: ip_forward; net/ipv6/ip6_input.c: ip6_rcv_core; \
            net/ipv6/ip6_output.c: ip6_forward (v7.2)",
    },
    Explanation {
        name: "IP_INNOROUTES",
        phrase: "there is no route to its destination",
        meaning: "The packet was to be forwarded, and the routing table has no way to its destination. The sender gets \
            ICMP \"network unreachable\". At ip6_pkt_prohibit it is otherwise: there is a route, which prohibits it.",
        verdict: Trouble,
        check: "`ip route get DESTINATION from SOURCE iif DEV`, `ip rule`; the default route may be missing.",
        counters: &["nstat: IpExtInNoRoutes", "nstat: Ip6InNoRoutes"],
        kernels: ("6.1", "7.2"),
        source: "net/ipv4/route.c: ip_error; net/ipv6/route.c: ip6_pkt_drop (v7.2)",
    },
    Explanation {
        name: "IP_INVALID_DEST",
        phrase: "its destination address is none that can be reached",
        meaning: "The destination is of 0.0.0.0/8, or its route is of a kind that cannot be forwarded to.",
        verdict: Trouble,
        check: "See the sender, and `ip route get DESTINATION` for the kind of its route.",
        counters: &[],
        kernels: ("6.18", "7.2"),
        source: "net/ipv4/route.c: ip_route_input_slow (v7.2)",
    },
    Explanation {
        name: "IP_INVALID_SOURCE",
        phrase: "its source address is not a valid one here",
        meaning: "The source is a multicast or broadcast address, or zero where that is not allowed. Nobody can send from \
            there.",
        verdict: Trouble,
        check: "Find the sender by its MAC address. `sysctl -w net.ipv4.conf.DEV.log_martians=1` logs them.",
        counters: &[],
        kernels: ("6.18", "7.2"),
        source: "net/ipv4/route.c: ip_route_input_slow, ip_mc_validate_source; net/ipv4/fib_frontend.c: \
            __fib_validate_source (v7.2)",
    },
    Explanation {
        name: "IP_LOCALNET",
        phrase: "an address of 127.0.0.0/8 came over a wire",
        meaning: "Loopback addresses must not be seen outside a host; this packet has one as source or destination and did \
            not come from the loopback device.",
        verdict: Trouble,
        check: "Find the sender. For a redirection to 127.0.0.1 that is meant: `sysctl -w \
            net.ipv4.conf.DEV.route_localnet=1`, with a firewall rule that keeps others out.",
        counters: &[],
        kernels: ("6.18", "7.2"),
        source: "net/ipv4/route.c: ip_route_input_slow, ip_mc_validate_source (v7.2)",
    },
    Explanation {
        name: "IP_LOCAL_SOURCE",
        phrase: "its source address is one of this host's own",
        meaning: "It came in from outside with an address of this host as its source: a loop that brings its own packets \
            back, the same address on two hosts, or a forgery.",
        verdict: Trouble,
        check: "`ip address` and `arping -D -I DEV ADDRESS` for a second holder. Where it is meant so (two interfaces on \
            one wire): `sysctl net.ipv4.conf.DEV.accept_local=1`.",
        counters: &[],
        kernels: ("6.18", "7.2"),
        source: "net/ipv4/fib_frontend.c: fib_validate_source, __fib_validate_source (v7.2)",
    },
    Explanation {
        name: "IP_NOPROTO",
        phrase: "nothing handles its IP protocol, or its raw socket is full",
        meaning: "The host has no handler for the protocol number in the IP header (ESP, GRE, OSPF, SCTP …) and no raw \
            socket either; or, on newer kernels (6.12), it has a raw socket whose receive buffer is full, which \
            then counts for none. The sender gets ICMP \"protocol unreachable\", or ICMPv6 \"parameter \
            problem\".",
        verdict: Depends,
        check: "See the protocol. If it should work, its module or program is missing: `modprobe esp4`, `modprobe \
            ip_gre`, `modprobe sctp`, the routing daemon. If the program is there, `ss -wnmp` and the last \
            column of /proc/net/raw and raw6 show whether its socket drops: let it read faster, or give it more \
            (SO_RCVBUF, `sysctl -w net.core.rmem_max=…`).",
        counters: &[
            "nstat: IpInUnknownProtos",
            "nstat: Ip6InUnknownProtos",
            "/proc/net/raw: drops",
            "/proc/net/raw6: drops",
        ],
        kernels: ("5.18", "7.2"),
        source: "net/ipv4/ip_input.c: ip_protocol_deliver_rcu; net/ipv6/ip6_input.c: ip6_protocol_deliver_rcu (v7.2); \
            net/ipv4/raw.c: raw_v4_input; net/ipv6/raw.c: ipv6_raw_deliver (v6.12)",
    },
    Explanation {
        name: "IP_OUTNOROUTES",
        phrase: "there is no route to its destination",
        meaning: "This host wanted to send, and its routing table has no way to the destination, or one that says \
            unreachable. Of a VXLAN device it is the way to the tunnel's other end that is missing: then the \
            device's tx_errors and tx_carrier_errors rise, and no counter of IP. At ip6_pkt_prohibit there is a route, \
            which prohibits it.",
        verdict: Trouble,
        check: "`ip route get DESTINATION` (with `from`, `iif`, `mark` as in the packet), `ip rule`.",
        counters: &[
            "nstat: IpOutNoRoutes",
            "nstat: Ip6OutNoRoutes",
            "ip -s -s link: tx errors, carrier (of a VXLAN device)",
        ],
        kernels: ("5.18", "7.2"),
        source: "net/ipv4/ip_output.c: __ip_queue_xmit; net/ipv6/route.c: ip6_pkt_drop; drivers/net/vxlan/vxlan_core.c: \
            vxlan_xmit_one (v7.2)",
    },
    Explanation {
        name: "IP_RPFILTER",
        phrase: "the way back to its source is another interface (rp_filter)",
        meaning: "Reverse path filtering: by this host's routes, an answer to the source address would not leave by the \
            interface that the packet came in by. That is a forged address, or a host that is reached by two ways.",
        verdict: Depends,
        check: "`ip route get SOURCE` against the interface. If both ways are wanted: `sysctl -w \
            net.ipv4.conf.DEV.rp_filter=2` (loose); the larger one of `all` and DEV counts. `net.ipv4.conf.DEV.log_martians=1` \
            logs them.",
        counters: &["nstat: TcpExtIPReversePathFilter"],
        kernels: ("5.18", "7.2"),
        source: "net/ipv4/fib_frontend.c: __fib_validate_source; net/ipv4/ip_input.c: ip_rcv_finish_core (v7.2)",
    },
    Explanation {
        name: "UDP_CSUM",
        phrase: "wrong UDP checksum",
        meaning: "The datagram was changed on its way, or its checksum was never filled in.",
        verdict: Trouble,
        check: "If it comes from a virtual machine or container on this host, turn off checksum offload at the sender \
            (`ethtool -K DEV tx off`) to see whether it is that. Otherwise look for a bad cable, NIC or middlebox.",
        counters: &[
            "nstat: UdpInCsumErrors",
            "nstat: UdpInErrors",
            "nstat: Udp6InCsumErrors",
            "nstat: Udp6InErrors",
        ],
        kernels: ("5.17", "7.2"),
        source: "net/ipv4/udp.c: udp_rcv, udp_queue_rcv_one_skb; net/ipv6/udp.c (v7.2)",
    },
    Explanation {
        name: "UNICAST_IN_L2_MULTICAST",
        phrase: "sent to one host by IP and to many by Ethernet",
        meaning: "The IP address is one host's, the Ethernet address a group's or everyone's. With the setting \
            drop_unicast_in_l2_multicast such packets are refused: over Wi-Fi they can be forged by any station. IPv6 refuses \
            them likewise.",
        verdict: Trouble,
        check: "Find the sender: some load balancers send like this on purpose. `sysctl \
            net.ipv4.conf.DEV.drop_unicast_in_l2_multicast`.",
        counters: &[],
        kernels: ("5.18", "7.2"),
        source: "net/ipv4/ip_input.c: ip_rcv_finish_core; net/ipv6/ip6_input.c: ip6_rcv_core (v7.2)",
    },
    Explanation {
        name: "XFRM_POLICY",
        phrase: "an IPsec policy refused it",
        meaning: "By the IPsec policies it should have come encrypted, or from another tunnel, or it may not pass at all.",
        verdict: Trouble,
        check: "`ip xfrm policy`, `ip -s xfrm state`, `cat /proc/net/xfrm_stat`: XfrmInNoPols, XfrmInTmplMismatch and \
            XfrmInPolBlock tell them apart. Often one side's tunnel is up and the other's is not.",
        counters: &[
            "/proc/net/xfrm_stat: XfrmInPolBlock",
            "/proc/net/xfrm_stat: XfrmInNoPols",
            "/proc/net/xfrm_stat: XfrmInTmplMismatch",
        ],
        kernels: ("5.18", "7.2"),
        source: "net/ipv4/ip_input.c: ip_protocol_deliver_rcu; net/ipv4/ip_forward.c: ip_forward; net/ipv4/tcp_ipv4.c, \
            udp.c, raw.c; net/ipv6 likewise (v7.2)",
    },
];
