//! What IPv6 alone refuses.

use crate::explain::{
    Explanation,
    Verdict::{Harmless, Trouble},
};

pub(super) const ALL: &[Explanation] = &[
    Explanation {
        name: "IPV6DISABLED",
        phrase: "IPv6 is disabled on the interface",
        meaning: "An IPv6 packet came to, or was to leave by, an interface that has IPv6 turned off. A segment routing \
            header where that is not enabled has the same reason.",
        verdict: Harmless,
        check: "If IPv6 is wanted: `sysctl net.ipv6.conf.DEV.disable_ipv6=0`. Otherwise nothing: neighbours announce \
            themselves by multicast all the time.",
        counters: &["nstat: Ip6InDiscards", "nstat: Ip6OutDiscards"],
        kernels: ("5.18", "7.2"),
        source: "net/ipv6/ip6_input.c: ip6_rcv_core; net/ipv6/ip6_output.c: ip6_output; net/ipv6/exthdrs.c: \
            ipv6_rpl_srh_rcv (v7.2)",
    },
    Explanation {
        name: "IPV6_BAD_EXTHDR",
        phrase: "its extension headers are malformed",
        meaning: "The extension headers of an ICMPv6 error's packet could not be followed to their end.",
        verdict: Trouble,
        check: "See the frame, and who made it.",
        counters: &["nstat: Icmp6InErrors"],
        kernels: ("6.12", "7.2"),
        source: "net/ipv6/icmp.c: icmpv6_notify (v7.2)",
    },
    Explanation {
        name: "IPV6_NDISC_BAD_CODE",
        phrase: "a neighbour discovery message with a wrong code",
        meaning: "The ICMPv6 code of neighbour discovery must be 0.",
        verdict: Trouble,
        check: "Find the sender: its software is broken, or it probes.",
        counters: &[],
        kernels: ("6.12", "7.2"),
        source: "net/ipv6/ndisc.c: ndisc_rcv (v7.2)",
    },
    Explanation {
        name: "IPV6_NDISC_BAD_OPTIONS",
        phrase: "its neighbour discovery options are malformed",
        meaning: "An option of the message (such as the sender's Ethernet address) has a wrong length, or one is missing \
            that must be there.",
        verdict: Trouble,
        check: "See the options in Wireshark, and update the sender.",
        counters: &[],
        kernels: ("6.12", "7.2"),
        source: "net/ipv6/ndisc.c: ndisc_recv_ns, ndisc_recv_na, ndisc_router_discovery, ndisc_redirect_rcv (v7.2)",
    },
    Explanation {
        name: "IPV6_NDISC_FRAG",
        phrase: "a neighbour discovery message in fragments",
        meaning: "Neighbour discovery must not be fragmented (RFC 6980): fragments get round the switch's guards against \
            forged announcements.",
        verdict: Trouble,
        check: "Find the sender; it attacks, or its MTU or option list is absurd. `sysctl \
            net.ipv6.conf.DEV.suppress_frag_ndisc`.",
        counters: &[],
        kernels: ("6.12", "7.2"),
        source: "net/ipv6/ndisc.c: ndisc_rcv (v7.2)",
    },
    Explanation {
        name: "IPV6_NDISC_HOP_LIMIT",
        phrase: "a neighbour discovery message from beyond the link",
        meaning: "Its hop limit is not 255, so that a router has forwarded it. Neighbours are asked on one link only; such \
            a message is forged or misrouted.",
        verdict: Trouble,
        check: "Find where it comes from; the border router should not let it in.",
        counters: &[],
        kernels: ("6.12", "7.2"),
        source: "net/ipv6/ndisc.c: ndisc_rcv (v7.2)",
    },
    Explanation {
        name: "IPV6_NDISC_NS_OTHERHOST",
        phrase: "a neighbour was asked for, and it is not this host",
        meaning: "A neighbour solicitation for an address that is not this host's: those are sent to groups, and several \
            hosts share a group.",
        verdict: Harmless,
        check: "Nothing.",
        counters: &[],
        kernels: ("6.12", "7.2"),
        source: "net/ipv6/ndisc.c: ndisc_recv_ns (v7.2)",
    },
    Explanation {
        name: "IPV6_TOO_MANY_EXTHDRS",
        phrase: "it has more extension headers than are allowed",
        meaning: "The kernel follows only so many extension headers of a packet, since each costs time. Normal traffic has \
            one or two.",
        verdict: Trouble,
        check: "See who sends it: such packets are made to keep a host busy.",
        counters: &[],
        kernels: ("7.2", "7.2"),
        source: "net/ipv6/ip6_input.c: ip6_protocol_deliver_rcu (v7.2)",
    },
];
