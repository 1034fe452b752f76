//! What bridges and tunnels refuse.

use crate::explain::{
    Explanation,
    Verdict::{Depends, Harmless, Trouble},
};

pub(super) const ALL: &[Explanation] = &[
    Explanation {
        name: "BRIDGE_INGRESS_STP_STATE",
        phrase: "its bridge port is not forwarding (spanning tree)",
        meaning: "The port is disabled, blocking, listening or learning. Blocking ports keep loops away; a port that just \
            came up learns for the forward delay first (2 times 15 seconds).",
        verdict: Depends,
        check: "`bridge -d link show` for the states. For a port towards hosts and without loops behind it: `ip link set \
            BRIDGE type bridge stp_state 0` or a shorter `forward_delay`.",
        counters: &[],
        kernels: ("6.18", "7.2"),
        source: "net/bridge/br_input.c: br_handle_frame, br_handle_frame_finish (v7.2)",
    },
    Explanation {
        name: "IP_TUNNEL_ECN",
        phrase: "its ECN marks inside and outside contradict",
        meaning: "The outer packet was marked for congestion, and the inner one says that it does not take marks: by RFC \
            6040 it must be dropped.",
        verdict: Trouble,
        check: "The sending end of the tunnel copies ECN wrongly: update it. `sysctl net.ipv4.tcp_ecn` does not matter \
            here.",
        counters: &["ip -s -s link: rx errors, frame"],
        kernels: ("6.12", "7.2"),
        source: "drivers/net/vxlan/vxlan_core.c: vxlan_rcv (v7.2)",
    },
    Explanation {
        name: "LOCAL_MAC",
        phrase: "its source address is the VXLAN device's own",
        meaning: "A frame that this device itself has sent came back through the tunnel: a loop, or the echo of its own \
            multicast.",
        verdict: Depends,
        check: "Nothing if few. Otherwise look for a loop between tunnel ends and bridges: `bridge fdb show dev DEV`.",
        counters: &[],
        kernels: ("6.12", "7.2"),
        source: "drivers/net/vxlan/vxlan_core.c: vxlan_set_mac (v7.2)",
    },
    Explanation {
        name: "MAC_IEEE_MAC_CONTROL",
        phrase: "a pause frame, which a bridge must not forward",
        meaning: "It was sent to 01:80:c2:00:00:01, as pause frames for the device at the other end of the wire are. A \
            bridge keeps them to itself, by the standard.",
        verdict: Harmless,
        check: "Nothing. If there are many, the device there asks for a pause because it cannot keep up: `ethtool -a DEV`, \
            `ethtool -S DEV`.",
        counters: &[],
        kernels: ("6.18", "7.2"),
        source: "net/bridge/br_input.c: br_handle_frame (v7.2)",
    },
    Explanation {
        name: "MAC_INVALID_SOURCE",
        phrase: "its source MAC address is not a valid one",
        meaning: "A frame came to a bridge port or a VXLAN tunnel whose source address is a group's, or all zeros. No \
            device can have that.",
        verdict: Trouble,
        check: "Find the sender behind that port; a program that builds frames by hand is likely.",
        counters: &[],
        kernels: ("6.12", "7.2"),
        source: "net/bridge/br_input.c: br_handle_frame; drivers/net/vxlan/vxlan_core.c: vxlan_snoop (v7.2)",
    },
    Explanation {
        name: "NO_TX_TARGET",
        phrase: "no port or tunnel end is there to send it to",
        meaning: "A bridge flooded it and no port may have it, or a VXLAN device knows no remote end for the destination \
            address and none for all others.",
        verdict: Depends,
        check: "`bridge fdb show dev DEV`; for VXLAN add the default end: `bridge fdb append 00:00:00:00:00:00 dev \
            DEV dst ADDRESS`. For a bridge with one port it is normal; with more, `bridge -d link show` tells \
            why the others may not have it: state, isolated, flood.",
        counters: &["ip -s link: tx dropped"],
        kernels: ("6.12", "7.2"),
        source: "drivers/net/vxlan/vxlan_core.c: vxlan_xmit; drivers/net/vxlan/vxlan_mdb.c; net/bridge/br_forward.c: \
            br_flood, br_multicast_flood (v7.2)",
    },
    Explanation {
        name: "TUNNEL_TXINFO",
        phrase: "nothing says where the tunnel is to send it",
        meaning: "A VXLAN device for outside control (\"external\") got a packet that no rule has given a tunnel end.",
        verdict: Trouble,
        check: "The program or rule that should set it (Open vSwitch, `tc … action tunnel_key set`, a route with `encap`) \
            did not match.",
        counters: &[],
        kernels: ("6.12", "7.2"),
        source: "drivers/net/vxlan/vxlan_core.c: vxlan_xmit (v7.2)",
    },
    Explanation {
        name: "VXLAN_ENTRY_EXISTS",
        phrase: "its address is fixed at another VXLAN end",
        meaning: "The frame's source address came from another end than the one that the forwarding table has for it as a \
            fixed entry.",
        verdict: Depends,
        check: "`bridge fdb show dev DEV`: the host has moved, or two have the same address. Correct the fixed entry.",
        counters: &[],
        kernels: ("6.12", "7.2"),
        source: "drivers/net/vxlan/vxlan_core.c: vxlan_snoop (v7.2)",
    },
    Explanation {
        name: "VXLAN_INVALID_HDR",
        phrase: "its VXLAN header is not valid",
        meaning: "The flag that says that a network number follows is not set, or bits are set that this device does not \
            serve.",
        verdict: Trouble,
        check: "See it in Wireshark (\"Decode as VXLAN\"). The other end uses an extension (GBP, GPE) that is not set \
            here, or something else uses the UDP port.",
        counters: &["ip -s -s link: rx errors, frame (for bits that are not served)"],
        kernels: ("6.12", "7.2"),
        source: "drivers/net/vxlan/vxlan_core.c: vxlan_rcv (v7.2)",
    },
    Explanation {
        name: "VXLAN_NO_REMOTE",
        phrase: "VXLAN knows no tunnel end for it",
        meaning: "A VXLAN device knows no remote end for the destination address and none for all others. Later kernels \
            call this NO_TX_TARGET.",
        verdict: Depends,
        check: "`bridge fdb show dev DEV`; add the default end: `bridge fdb append 00:00:00:00:00:00 dev DEV dst ADDRESS`.",
        counters: &["ip -s link: tx dropped"],
        kernels: ("6.13", "6.13"),
        source: "drivers/net/vxlan/vxlan_core.c: vxlan_xmit; drivers/net/vxlan/vxlan_mdb.c (v6.13)",
    },
    Explanation {
        name: "VXLAN_VNI_NOT_FOUND",
        phrase: "no VXLAN device has its network number",
        meaning: "It came in a VXLAN tunnel with a network number (VNI) that no device of this host has.",
        verdict: Depends,
        check: "`ip -d link show type vxlan` for the numbers (id); compare with the other end. `bridge vni show` where one \
            device serves many.",
        counters: &[],
        kernels: ("6.12", "7.2"),
        source: "drivers/net/vxlan/vxlan_core.c: vxlan_rcv, encap_bypass_if_local (v7.2)",
    },
];
