//! Where bridges and Open vSwitch drop.

use crate::explain::{
    Explanation,
    Verdict::{Depends, Harmless, Trouble},
};

pub(super) const ALL: &[Explanation] = &[
    Explanation {
        name: "br_allowed_ingress",
        phrase: "its VLAN is not allowed at its bridge port",
        meaning: "The bridge filters VLANs, and the port it came in by is not a member of the frame's VLAN (or takes no \
            frames without a tag).",
        verdict: Depends,
        check: "`bridge vlan show dev DEV`; `bridge vlan add dev DEV vid N` lets it in.",
        counters: &[],
        kernels: ("5.10", "7.2"),
        source: "net/bridge/br_vlan.c: br_allowed_ingress, __allowed_ingress (v6.1)",
    },
    Explanation {
        name: "br_dev_queue_push_xmit",
        phrase: "its bridge port is down, or it is longer than the MTU",
        meaning: "The bridge was to send it by a port that is not up, or whose MTU is less than the frame. A bridge cannot \
            fragment, nor tell the sender.",
        verdict: Trouble,
        check: "`ip link` for the MTUs of all ports: they should be the same.",
        counters: &[],
        kernels: ("5.10", "7.2"),
        source: "net/bridge/br_forward.c: br_dev_queue_push_xmit (v6.1)",
    },
    Explanation {
        name: "br_flood",
        phrase: "the bridge has no port to send it to",
        meaning: "The destination is unknown or everyone, and no other port of the bridge may have it. A bridge with one \
            port does this all the time.",
        verdict: Harmless,
        check: "`bridge -d link show`: flood, mcast_flood, bcast_flood of the ports.",
        counters: &[],
        kernels: ("5.10", "7.2"),
        source: "net/bridge/br_forward.c: br_flood (v6.1)",
    },
    Explanation {
        name: "br_forward",
        phrase: "the bridge does not send it to that port",
        meaning: "The port may not have it: it is not forwarding, it is the port that the frame came from, it is not \
            in the frame's VLAN, or both ports are isolated.",
        verdict: Depends,
        check: "`bridge -d link show`: state, hairpin, isolated; `bridge vlan show`.",
        counters: &[],
        kernels: ("5.10", "7.2"),
        source: "net/bridge/br_forward.c: br_forward, should_deliver (v6.1)",
    },
    Explanation {
        name: "br_handle_frame",
        phrase: "its bridge port or a bridge's firewall refuses it",
        meaning: "The bridge port is not forwarding (spanning tree, or disabled), the source address is no valid one, it \
            is a pause frame, which bridges keep to themselves, or a firewall rule for bridges dropped it.",
        verdict: Depends,
        check: "`bridge -d link show` for the port's state; `nft list ruleset` (families bridge, and with br_netfilter ip \
            and ip6), `ebtables-save`.",
        counters: &[],
        kernels: ("5.10", "7.2"),
        source: "net/bridge/br_input.c: br_handle_frame, nf_hook_bridge_pre (v6.1)",
    },
    Explanation {
        name: "br_handle_frame_finish",
        phrase: "its bridge port does not let it in, or no port may have it",
        meaning: "The port is still learning (spanning tree), is disabled or locked, or the multicast could not be \
            read. What br_forward and br_flood refuse may show up here as well: the destination is behind the \
            port that the frame came from (and that is no hairpin), behind one that is isolated as that port is, \
            that is not forwarding or not in the frame's VLAN, or there is no other port.",
        verdict: Depends,
        check: "`bridge -d link show`: state, learning, locked, hairpin, isolated; `bridge fdb show` says which port \
            the destination is behind; `bridge vlan show`.",
        counters: &[],
        kernels: ("5.10", "7.2"),
        source: "net/bridge/br_input.c: br_handle_frame_finish; net/bridge/br_forward.c: br_forward, should_deliver \
            (v6.1)",
    },
    Explanation {
        name: "br_handle_vlan",
        phrase: "its VLAN is not allowed where the bridge would send it",
        meaning: "The bridge filters VLANs, and the port it was to leave by is not a member of the frame's VLAN.",
        verdict: Depends,
        check: "`bridge vlan show`; the port or the bridge itself (`bridge vlan add dev BRIDGE vid N self`) must be a \
            member.",
        counters: &[],
        kernels: ("5.10", "7.2"),
        source: "net/bridge/br_vlan.c: br_handle_vlan (v6.1)",
    },
    Explanation {
        name: "br_multicast_flood",
        phrase: "no port of the bridge wants this multicast",
        meaning: "The bridge snoops on IGMP and MLD, and nobody behind another port has asked for the group.",
        verdict: Harmless,
        check: "`bridge mdb show`. If receivers are missing, the network has no querier: `ip link set BRIDGE type bridge \
            mcast_querier 1`.",
        counters: &[],
        kernels: ("5.10", "7.2"),
        source: "net/bridge/br_forward.c: br_multicast_flood (v6.1)",
    },
    Explanation {
        name: "br_pass_frame_up",
        phrase: "its VLAN is not allowed at the bridge itself",
        meaning: "The frame is for this host, and the bridge's own interface is not a member of the frame's VLAN.",
        verdict: Depends,
        check: "`bridge vlan show dev BRIDGE`; `bridge vlan add dev BRIDGE vid N self` lets it in.",
        counters: &[],
        kernels: ("5.10", "7.2"),
        source: "net/bridge/br_input.c: br_pass_frame_up (v6.1)",
    },
    Explanation {
        name: "do_execute_actions",
        phrase: "the actions of its Open vSwitch flow drop it",
        meaning: "The flow's actions end without sending it anywhere, or one of them failed.",
        verdict: Depends,
        check: "`ovs-appctl dpctl/dump-flows -m`, `ovs-appctl ofproto/trace BRIDGE FLOW`.",
        counters: &[],
        kernels: ("5.10", "7.2"),
        source: "net/openvswitch/actions.c: do_execute_actions (v6.1)",
    },
    Explanation {
        name: "ovs_dp_process_packet",
        phrase: "Open vSwitch has no flow for it and could not ask",
        meaning: "No flow in the kernel matches, and the packet could not be handed to ovs-vswitchd: it does not run, or \
            reads too slowly.",
        verdict: Trouble,
        check: "`ovs-appctl dpctl/show` (lost), `systemctl status openvswitch-switch`, the log of ovs-vswitchd.",
        counters: &["ovs-appctl dpctl/show: lost"],
        kernels: ("5.10", "7.2"),
        source: "net/openvswitch/datapath.c: ovs_dp_process_packet (v6.1)",
    },
    Explanation {
        name: "ovs_vport_receive",
        phrase: "Open vSwitch could not read its headers",
        meaning: "Its headers are malformed or cut short.",
        verdict: Trouble,
        check: "See the frame, and who sends it.",
        counters: &[],
        kernels: ("5.10", "7.2"),
        source: "net/openvswitch/vport.c: ovs_vport_receive (v6.1)",
    },
    Explanation {
        name: "ovs_vport_send",
        phrase: "its Open vSwitch port is down, or it is too long for it",
        meaning: "The port that it was to be sent by is not up, or its MTU is less than the packet.",
        verdict: Trouble,
        check: "`ip link` for the port's state and MTU; dmesg says \"dropped over-mtu packet\".",
        counters: &[],
        kernels: ("5.10", "7.2"),
        source: "net/openvswitch/vport.c: ovs_vport_send (v6.1)",
    },
];
