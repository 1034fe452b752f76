//! What the hardware drops as a bridge does: the group `l2_drops`.

use crate::explain::{
    Explanation,
    Verdict::{Depends, Harmless, Trouble},
};

pub(super) const ALL: &[Explanation] = &[
    Explanation {
        name: "dmac_filter",
        phrase: "no station that it is for is behind the interface",
        meaning: "The destination address is not in the device's table, and the interface is not in promiscuous mode.",
        verdict: Harmless,
        check: "`ip link show dev PORT` for its address and PROMISC; who else sends to that address.",
        counters: &["devlink -s trap show: packets"],
        kernels: ("6.1", "7.2"),
        source: "Documentation/networking/devlink/devlink-trap.rst (v7.2)",
    },
    Explanation {
        name: "ingress_spanning_tree_filter",
        phrase: "spanning tree keeps the port closed",
        meaning: "The port that it came in by is not forwarding: the other way around the loop is the open one, or \
            the port has just come up.",
        verdict: Harmless,
        check: "`bridge link show dev PORT` for the state; a port that stays blocked where it should not, and the \
            bridge's root: `ip -d link show BRIDGE`.",
        counters: &["devlink -s trap show: packets"],
        kernels: ("5.10", "7.2"),
        source: "Documentation/networking/devlink/devlink-trap.rst (v7.2)",
    },
    Explanation {
        name: "ingress_vlan_filter",
        phrase: "the port is not in its VLAN",
        meaning: "It has the tag of a VLAN that the bridge port it came in by is no member of.",
        verdict: Depends,
        check: "`bridge vlan show dev PORT`; if the VLAN belongs there, `bridge vlan add dev PORT vid N`.",
        counters: &["devlink -s trap show: packets"],
        kernels: ("5.10", "7.2"),
        source: "Documentation/networking/devlink/devlink-trap.rst (v7.2)",
    },
    Explanation {
        name: "locked_port",
        phrase: "the port is locked, and its sender has not signed on",
        meaning: "The bridge port takes frames only from stations that 802.1X, or the administrator, has let in.",
        verdict: Depends,
        check: "`bridge -d link show dev PORT` (locked on), `bridge fdb show dev PORT` for the stations that are let \
            in.",
        counters: &["devlink -s trap show: packets"],
        kernels: ("6.12", "7.2"),
        source: "Documentation/networking/devlink/devlink-trap.rst (v7.2)",
    },
    Explanation {
        name: "port_list_is_empty",
        phrase: "no port is there that it could be flooded to",
        meaning: "Nobody is known at its destination, and flooding it leads to no port: the only members are the one \
            it came in by, or those that are not to be flooded to.",
        verdict: Harmless,
        check: "`bridge link`, `bridge vlan show` for the other members; `bridge -d link show` for flood and \
            mcast_flood.",
        counters: &["devlink -s trap show: packets"],
        kernels: ("5.10", "7.2"),
        source: "Documentation/networking/devlink/devlink-trap.rst (v7.2)",
    },
    Explanation {
        name: "port_loopback_filter",
        phrase: "it would go out where it came in",
        meaning: "The only port that leads to its destination is the one that it came in by. A station behind that \
            port has already had it.",
        verdict: Harmless,
        check: "Many of them: a loop or a hub behind the port, or an address that moves; `bridge fdb show | grep MAC`.",
        counters: &["devlink -s trap show: packets"],
        kernels: ("5.10", "7.2"),
        source: "Documentation/networking/devlink/devlink-trap.rst (v7.2)",
    },
    Explanation {
        name: "source_mac_is_multicast",
        phrase: "its sender's address is a group's",
        meaning: "No station may send with a multicast address for its own (IEEE 802.3).",
        verdict: Trouble,
        check: "The frame's source address, and the port: a broken device or software that makes up frames.",
        counters: &["devlink -s trap show: packets"],
        kernels: ("5.10", "7.2"),
        source: "Documentation/networking/devlink/devlink-trap.rst (v7.2)",
    },
    Explanation {
        name: "vlan_tag_mismatch",
        phrase: "it has no tag, and the port has no VLAN for such",
        meaning: "The bridge port has no PVID, and the frame has no tag, or one with a priority alone.",
        verdict: Depends,
        check: "`bridge vlan show dev PORT`: one of its VLANs would be the PVID; or the sender ought to tag.",
        counters: &["devlink -s trap show: packets"],
        kernels: ("5.10", "7.2"),
        source: "Documentation/networking/devlink/devlink-trap.rst (v7.2)",
    },
];
