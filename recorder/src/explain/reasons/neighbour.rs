//! What has no next hop.

use crate::explain::{
    Explanation,
    Verdict::{Depends, Harmless, Trouble},
};

pub(super) const ALL: &[Explanation] = &[
    Explanation {
        name: "NEIGH_CREATEFAIL",
        phrase: "no entry could be made for its next hop",
        meaning: "The table of neighbours (ARP, or neighbour discovery) took no new entry: it is full, or there is no \
            memory.",
        verdict: Trouble,
        check: "`ip neigh | wc -l` (`ip -6 neigh`) against `sysctl net.ipv4.neigh.default.gc_thresh3` (and \
            net.ipv6); dmesg says \"neighbour table overflow\". Raise gc_thresh1 to 3, or find who scans the \
            network.",
        counters: &[
            "ip -s ntable: table_fulls",
            "/proc/net/stat/arp_cache: table_fulls",
            "/proc/net/stat/ndisc_cache: table_fulls",
            "nstat: Ip6OutNoRoutes",
        ],
        kernels: ("5.18", "7.2"),
        source: "net/ipv4/ip_output.c: ip_finish_output2; net/ipv6/ip6_output.c: ip6_finish_output2 (v7.2)",
    },
    Explanation {
        name: "NEIGH_DEAD",
        phrase: "its next hop's entry was just taken away",
        meaning: "The entry of the next hop was removed (the interface went down, someone flushed the table) while the \
            packet was on its way.",
        verdict: Harmless,
        check: "Nothing if it happened once; else see who flushes: `ip monitor neigh`.",
        counters: &[],
        kernels: ("5.18", "7.2"),
        source: "net/core/neighbour.c: __neigh_event_send (v7.2)",
    },
    Explanation {
        name: "NEIGH_FAILED",
        phrase: "its next hop did not answer",
        meaning: "The host asked for the next hop's Ethernet address (ARP, or neighbour discovery) and got no answer: it \
            is down, at another port or VLAN, or it does not exist.",
        verdict: Trouble,
        check: "`ip neigh`, `ip -6 neigh` show it as FAILED or INCOMPLETE; `arping -I DEV ADDRESS`, for IPv6 `ndisc6 \
            ADDRESS DEV` or `ping -6 ADDRESS%DEV`; `ip route get DESTINATION` says which next hop it is, and \
            whether that is the right one.",
        counters: &[
            "/proc/net/stat/arp_cache: res_failed",
            "/proc/net/stat/ndisc_cache: res_failed",
        ],
        kernels: ("5.18", "7.2"),
        source: "net/core/neighbour.c: __neigh_event_send; net/ipv4/arp.c: arp_error_report (v7.2)",
    },
    Explanation {
        name: "NEIGH_HH_FILLFAIL",
        phrase: "its link header could not be written",
        meaning: "The next hop is known, and still the packet's Ethernet header could not be built: the device would not, \
            or the packet has no room.",
        verdict: Trouble,
        check: "`ip -s link show DEV`; look at what kind of device it is, and whether it was just changed.",
        counters: &[],
        kernels: ("6.18", "7.2"),
        source: "net/core/neighbour.c: neigh_resolve_output, neigh_connected_output (v7.2)",
    },
    Explanation {
        name: "NEIGH_QUEUEFULL",
        phrase: "too many packets wait for the next hop's address",
        meaning: "The next hop's Ethernet address is being asked for, and more packets are waiting for it than may. The \
            oldest is dropped. A burst to a host that has not been talked to is enough.",
        verdict: Depends,
        check: "If it goes on, the next hop does not answer: `ip neigh`, `ip -6 neigh`. If only the first packets \
            are lost: `sysctl net.ipv4.neigh.DEV.unres_qlen_bytes` (or net.ipv6).",
        counters: &[
            "/proc/net/stat/arp_cache: unresolved_discards",
            "/proc/net/stat/ndisc_cache: unresolved_discards",
        ],
        kernels: ("5.18", "7.2"),
        source: "net/core/neighbour.c: __neigh_event_send (v7.2)",
    },
];
