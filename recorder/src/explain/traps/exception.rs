//! What the hardware was to forward, and gives to the kernel in its place: traps of the type exception.

use crate::explain::{
    Explanation,
    Verdict::{Depends, Trouble},
};

pub(super) const ALL: &[Explanation] = &[
    Explanation {
        name: "decap_error",
        phrase: "it cannot be taken out of its tunnel",
        meaning: "It is too short, or its tunnel's header is not as it should be.",
        verdict: Trouble,
        check: "The other end of the tunnel, and the MTU between the two.",
        counters: &["devlink -s trap show: packets"],
        kernels: ("5.10", "7.2"),
        source: "Documentation/networking/devlink/devlink-trap.rst (v7.2)",
    },
    Explanation {
        name: "ipv4_lpm_miss",
        phrase: "no route leads to its destination",
        meaning: "The hardware has no route for the address; the kernel, which gets the packet, has none either, or \
            has not told the hardware.",
        verdict: Depends,
        check: "`ip route get ADDRESS`; if there is a route, `ip route show` for those without the flag offload.",
        counters: &["devlink -s trap show: packets"],
        kernels: ("5.10", "7.2"),
        source: "Documentation/networking/devlink/devlink-trap.rst (v7.2)",
    },
    Explanation {
        name: "ipv6_lpm_miss",
        phrase: "no route leads to its destination",
        meaning: "The hardware has no route for the address; the kernel, which gets the packet, has none either, or \
            has not told the hardware.",
        verdict: Depends,
        check: "`ip -6 route get ADDRESS`; if there is a route, `ip -6 route show` for those without the flag offload.",
        counters: &["devlink -s trap show: packets"],
        kernels: ("5.10", "7.2"),
        source: "Documentation/networking/devlink/devlink-trap.rst (v7.2)",
    },
    Explanation {
        name: "mc_reverse_path_forwarding",
        phrase: "it came not from where its sender is",
        meaning: "A multicast packet is forwarded only if it came in by the interface that leads back to its source.",
        verdict: Depends,
        check: "`ip mroute show` for the group's incoming interface; `ip route get SOURCE`.",
        counters: &["devlink -s trap show: packets"],
        kernels: ("5.10", "7.2"),
        source: "Documentation/networking/devlink/devlink-trap.rst (v7.2)",
    },
    Explanation {
        name: "mtu_value_is_too_small",
        phrase: "it is longer than where it is to go out takes",
        meaning: "It is longer than the outgoing interface's MTU. The kernel, which gets the packet, cuts it up or \
            tells the sender.",
        verdict: Depends,
        check: "`ip link` for the MTU of the outgoing interface; whether the sender gets ICMP's word of it.",
        counters: &["devlink -s trap show: packets"],
        kernels: ("5.10", "7.2"),
        source: "Documentation/networking/devlink/devlink-trap.rst (v7.2)",
    },
    Explanation {
        name: "reject_route",
        phrase: "its route says to refuse it",
        meaning: "A route of the type unreachable or prohibit is the most specific; the kernel, which gets the \
            packet, tells the sender.",
        verdict: Depends,
        check: "`ip route show type unreachable`, `ip route show type prohibit`.",
        counters: &["devlink -s trap show: packets"],
        kernels: ("5.10", "7.2"),
        source: "Documentation/networking/devlink/devlink-trap.rst (v7.2)",
    },
    Explanation {
        name: "ttl_value_is_too_small",
        phrase: "it has been forwarded as often as it may",
        meaning: "Its TTL is used up. The kernel, which gets the packet, tells the sender; traceroute lives on that.",
        verdict: Depends,
        check: "Many of them that are no traceroute's: a loop of routes; `traceroute ADDRESS`.",
        counters: &["devlink -s trap show: packets"],
        kernels: ("5.10", "7.2"),
        source: "Documentation/networking/devlink/devlink-trap.rst (v7.2)",
    },
    Explanation {
        name: "unresolved_neigh",
        phrase: "its next hop's address is not known yet",
        meaning: "The hardware does not know the neighbour; the kernel, which gets the packet, asks for it by ARP or \
            NDP.",
        verdict: Depends,
        check: "`ip neigh show nud failed`: a neighbour that never answers is down or in another network.",
        counters: &["devlink -s trap show: packets"],
        kernels: ("5.10", "7.2"),
        source: "Documentation/networking/devlink/devlink-trap.rst (v7.2)",
    },
];
