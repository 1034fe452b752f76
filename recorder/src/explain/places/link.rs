//! Where frames are dropped before they reach a network protocol.

use crate::explain::{
    Explanation,
    Verdict::{Depends, Harmless, Trouble},
};

pub(super) const ALL: &[Explanation] = &[
    Explanation {
        name: "__dev_forward_skb2",
        phrase: "the other end (of a veth pair) is down, or its MTU too small",
        meaning: "It was handed to another interface of this host as if it had come in there: to the other end of a \
            veth pair, to a macvlan, or to where a BPF program sends it. That interface is down, or the packet \
            is longer than its MTU.",
        verdict: Trouble,
        check: "`ip -d link show` at both ends, which may be in different network namespaces: state and MTU should \
            be the same.",
        counters: &[
            "ip -s link: rx dropped (of the interface that it was for)",
            "ip -s link: tx dropped (of the veth that sent it)",
        ],
        kernels: ("6.1", "7.2"),
        source: "net/core/dev.c: __dev_forward_skb2 (v6.1; __dev_forward_skb before); include/linux/netdevice.h: \
            ____dev_forward_skb; drivers/net/veth.c: veth_xmit (v6.1)",
    },
    Explanation {
        name: "__dev_kfree_skb_any",
        phrase: "its interface's driver dropped it",
        meaning: "A driver threw the packet away: it could not be prepared for the hardware, or the interface is going down.",
        verdict: Depends,
        check: "`ip -s link show DEV`, `ethtool -S DEV`, dmesg; `--stack` shows the driver.",
        counters: &["ip -s link: tx dropped"],
        kernels: ("5.10", "6.1"),
        source: "net/core/dev.c: __dev_kfree_skb_any (v5.10; dev_kfree_skb_any_reason since 6.3)",
    },
    Explanation {
        name: "__netif_receive_skb_core",
        phrase: "no handler for its protocol, or a tc filter dropped it",
        meaning: "Here each received frame is given to whoever handles its protocol. It is dropped when there is nobody \
            (an EtherType without a handler, or 802.3 with LLC, which is what spanning tree and CDP are, while the llc module \
            is not loaded), when a tc or nftables filter at the interface's ingress refuses it, or when memory is so short \
            that only swapping may receive. On a bond's inactive interface everything that is not for the bond itself ends \
            here.",
        verdict: Harmless,
        check: "Look at what the frame is. For a protocol that nobody handles: `modprobe stp` (with llc) for spanning tree \
            and other 802.3 frames; or stop the sender. A protocol printed as 0400 without \
            ntohs is 0x0004: `droprec explain 0x0400`. For a filter: `tc -s filter show dev DEV ingress`.",
        counters: &[
            "ip -s link: rx dropped",
            "/sys/class/net/DEV/statistics: rx_nohandler (on a bond's inactive interface)",
        ],
        kernels: ("5.10", "7.2"),
        source: "net/core/dev.c: __netif_receive_skb_core, sch_handle_ingress (v6.1)",
    },
    Explanation {
        name: "br_stp_rcv",
        phrase: "a spanning tree frame that its bridge cannot use",
        meaning: "The bridge module got a spanning tree frame on an interface that is no port of a bridge, or of a version \
            that the kernel leaves to a program (RSTP and MSTP are mstpd's).",
        verdict: Harmless,
        check: "Nothing, unless the bridge should take part: `ip -d link show BRIDGE` (stp_state), `bridge link`.",
        counters: &[],
        kernels: ("5.10", "7.2"),
        source: "net/bridge/br_stp_bpdu.c: br_stp_rcv (v6.1)",
    },
    Explanation {
        name: "can_rcv",
        phrase: "it is no proper CAN frame",
        meaning: "It came as a CAN frame, from a device that is none, or with a wrong length.",
        verdict: Trouble,
        check: "Find the program or driver that sends it; dmesg says \"dropped non conform CAN skbuff\" once.",
        counters: &[],
        kernels: ("5.10", "7.2"),
        source: "net/can/af_can.c: can_rcv (v5.10)",
    },
    Explanation {
        name: "dev_kfree_skb_any_reason",
        phrase: "its interface's driver dropped it",
        meaning: "A driver threw the packet away: it could not be prepared for the hardware, or the interface is going down.",
        verdict: Depends,
        check: "`ip -s link show DEV`, `ethtool -S DEV`, dmesg; `--stack` shows the driver.",
        counters: &["ip -s link: tx dropped"],
        kernels: ("6.12", "7.2"),
        source: "net/core/dev.c: dev_kfree_skb_any_reason (v6.12)",
    },
    Explanation {
        name: "do_xdp_generic",
        phrase: "an XDP program dropped it",
        meaning: "A program attached to the interface in generic mode said drop, or could not send it on where it wanted.",
        verdict: Depends,
        check: "`ip link show DEV` and `bpftool net show` name the program.",
        counters: &[],
        kernels: ("5.10", "7.2"),
        source: "net/core/dev.c: do_xdp_generic, netif_receive_generic_xdp (v6.1)",
    },
    Explanation {
        name: "enqueue_to_backlog",
        phrase: "the processor's backlog is full, or the interface down",
        meaning: "Packets for this processor (by RPS, from veth, lo or a tunnel) come faster than it works them off, or \
            their interface is just being taken down.",
        verdict: Trouble,
        check: "`cat /proc/net/softnet_stat`: a line a processor, column 2 is this drop. Raise `sysctl \
            net.core.netdev_max_backlog`, spread the load (rps_cpus), or find the flood.",
        counters: &[
            "/proc/net/softnet_stat: dropped (column 2)",
            "ip -s link: rx dropped",
        ],
        kernels: ("5.10", "7.2"),
        source: "net/core/dev.c: enqueue_to_backlog (v6.1)",
    },
    Explanation {
        name: "flush_backlog",
        phrase: "its interface was just being removed",
        meaning: "It waited in a processor's backlog when the interface that it came in by was taken away.",
        verdict: Harmless,
        check: "Nothing.",
        counters: &[],
        kernels: ("5.10", "7.2"),
        source: "net/core/dev.c: flush_backlog (v5.10)",
    },
    Explanation {
        name: "ieee80211_rx_handlers_result",
        phrase: "the Wi-Fi stack has no use for it",
        meaning: "The Wi-Fi stack worked on the frame and refused it: it could not be decrypted, is a copy, or its station \
            is not connected.",
        verdict: Depends,
        check: "`iw dev DEV station dump` (rx drop misc), `iw event -t`.",
        counters: &["iw dev DEV station dump: rx drop misc"],
        kernels: ("5.10", "6.12"),
        source: "net/mac80211/rx.c: ieee80211_rx_handlers_result (v6.1)",
    },
    Explanation {
        name: "ieee80211_rx_list",
        phrase: "the Wi-Fi stack has no use for it",
        meaning: "The Wi-Fi stack got a frame that is damaged, from a stranger, or for a mode that the interface is not \
            in.",
        verdict: Depends,
        check: "`iw dev DEV station dump` (rx drop misc), dmesg.",
        counters: &["iw dev DEV station dump: rx drop misc"],
        kernels: ("5.10", "7.2"),
        source: "net/mac80211/rx.c: ieee80211_rx_list (v6.1)",
    },
    Explanation {
        name: "ipvlan_multicast_enqueue",
        phrase: "too many multicasts wait for the ipvlan interfaces",
        meaning: "An ipvlan device gives multicasts and broadcasts to all its interfaces a little later, and more came \
            than may wait (1000).",
        verdict: Depends,
        check: "Find who sends so many multicasts or broadcasts.",
        counters: &["ip -s link: rx dropped"],
        kernels: ("5.10", "7.2"),
        source: "drivers/net/ipvlan/ipvlan_core.c: ipvlan_multicast_enqueue (v6.1)",
    },
    Explanation {
        name: "llc_rcv",
        phrase: "an 802.2 (LLC) frame that nothing here handles",
        meaning: "An 802.3 frame with an LLC header came for a SAP that no protocol of this host has, or for another host. \
            A type/length field below 0x0600 is a length, not an EtherType: the \"0x0400\" of old tables is such a frame, or \
            0x0004 (802.2) read in the wrong byte order. It is not counted in rx_dropped.",
        verdict: Harmless,
        check: "See the SAPs in the frame, and find the sender by its MAC address. Nothing on this host needs it.",
        counters: &[],
        kernels: ("5.10", "7.2"),
        source: "net/llc/llc_input.c: llc_rcv (v6.1)",
    },
    Explanation {
        name: "macvlan_handle_frame",
        phrase: "its macvlan interface is down, or broadcasts pile up",
        meaning: "The frame is for the MAC address of a macvlan interface that is not up, or it is one of more \
            broadcasts than may wait for all interfaces. In source mode with `nodst` what is dropped here was \
            given to the interface as a copy before.",
        verdict: Depends,
        check: "`ip -d link show type macvlan`; `ip link set DEV type macvlan bcqueuelen N` (1000) lets more wait. \
            What a macvlan that is down misses is not counted.",
        counters: &["ip -s link: rx dropped (of the interface below, of broadcasts)"],
        kernels: ("5.10", "7.2"),
        source: "drivers/net/macvlan.c: macvlan_handle_frame, macvlan_broadcast_enqueue, macvlan_forward_source \
            (v6.1)",
    },
    Explanation {
        name: "packet_rcv",
        phrase: "a capturing program's buffer is full",
        meaning: "A packet socket (tcpdump, a DHCP client, an IDS) had no room for its copy. The network stack has its \
            own: the traffic itself is not disturbed, only what the capturing program sees. Copies of packets that \
            others still hold are freed without the tracepoint, so that more may be lost than is recorded.",
        verdict: Depends,
        check: "The program tells all its losses (tcpdump: \"packets dropped by kernel\"). Give it a larger buffer (`tcpdump \
            -B 65536`) or a tighter filter.",
        counters: &[],
        kernels: ("5.10", "7.2"),
        source: "net/packet/af_packet.c: packet_rcv; net/core/skbuff.c: kfree_skb_reason (v6.1)",
    },
    Explanation {
        name: "pppoe_rcv",
        phrase: "no PPPoE session is open for it",
        meaning: "A PPPoE data frame for a session that this host does not have, or that is malformed.",
        verdict: Depends,
        check: "`ip link show type ppp` and the log of pppd; the other end may not have noticed that the session ended.",
        counters: &[],
        kernels: ("5.10", "7.2"),
        source: "drivers/net/ppp/pppoe.c: pppoe_rcv (v6.1)",
    },
    Explanation {
        name: "skb_vlan_untag",
        phrase: "its VLAN tag is cut short",
        meaning: "The frame says that it has a VLAN tag, and ends within it; or there was no memory to take the tag out.",
        verdict: Trouble,
        check: "See the frame, and who sends it.",
        counters: &[],
        kernels: ("5.10", "7.2"),
        source: "net/core/skbuff.c: skb_vlan_untag (v6.1)",
    },
    Explanation {
        name: "snap_rcv",
        phrase: "a SNAP frame (CDP, PVST+ …) that nothing here handles",
        meaning: "An 802.3 frame with a SNAP header, for an organisation and protocol that nothing on this host handles: \
            Cisco's CDP, VTP, DTP and PVST+ come like this. It is not counted in rx_dropped.",
        verdict: Harmless,
        check: "Turn the protocol off on the switch port (`no cdp enable`, `spanning-tree bpdufilter`), or let it be.",
        counters: &[],
        kernels: ("5.10", "7.2"),
        source: "net/802/psnap.c: snap_rcv (v6.1)",
    },
    Explanation {
        name: "stp_pdu_rcv",
        phrase: "a spanning tree frame, and no bridge here wants it",
        meaning: "The kernel knows spanning tree (the modules stp and llc are loaded or built in), but no bridge of this \
            host has asked for these frames. Traffic of the host is not touched. Such a drop is not counted in rx_dropped; \
            where the modules are not loaded, the same frame is dropped in __netif_receive_skb_core, and is.",
        verdict: Harmless,
        check: "Nothing. If it should end, turn off spanning tree on the switch port towards this host (`spanning-tree \
            bpdufilter enable` there).",
        counters: &[],
        kernels: ("5.10", "7.2"),
        source: "net/802/stp.c: stp_pdu_rcv (v6.1)",
    },
    Explanation {
        name: "tpacket_rcv",
        phrase: "a capturing program's ring is full",
        meaning: "A packet socket with a ring (tcpdump and all that uses libpcap, an IDS) had no room for its copy. The \
            network stack has its own: the traffic itself is not disturbed, only what the capturing program sees. \
            Copies of packets that others still hold are freed without the tracepoint, so that more may be lost than \
            is recorded.",
        verdict: Depends,
        check: "The program tells all its losses (tcpdump: \"packets dropped by kernel\"). Give it a larger buffer (`tcpdump \
            -B 65536`) or a tighter filter.",
        counters: &[],
        kernels: ("5.10", "7.2"),
        source: "net/packet/af_packet.c: tpacket_rcv; net/core/skbuff.c: kfree_skb_reason (v6.1)",
    },
    Explanation {
        name: "veth_xdp_rcv_skb",
        phrase: "an XDP program of the veth interface dropped it",
        meaning: "A program attached to this end of a veth pair said drop, or the packet could not be prepared for it.",
        verdict: Depends,
        check: "`ip link show DEV` and `bpftool net show` name the program; `ethtool -S DEV` counts its drops.",
        counters: &["ethtool -S: rx_queue_…_xdp_drops"],
        kernels: ("5.10", "7.2"),
        source: "drivers/net/veth.c: veth_xdp_rcv_skb (v5.10)",
    },
    Explanation {
        name: "vlan_do_receive",
        phrase: "its VLAN's interface is down",
        meaning: "An interface of this host has the frame's VLAN, and it is not up.",
        verdict: Depends,
        check: "`ip link set DEV.VLAN up`, if it should be.",
        counters: &[],
        kernels: ("5.10", "7.2"),
        source: "net/8021q/vlan_core.c: vlan_do_receive (v5.10)",
    },
];
