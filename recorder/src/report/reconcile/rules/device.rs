//! Drops where packets enter and leave: interfaces, backlogs, queueing disciplines, and those who send through them.

use super::{Counter, Rule, UNTOLD, above, all, elsewhere, instead, sent, some};
use crate::counters::Source::{Ethtool, Link, Qdisc, Snmp, Snmp6, Softnet};

const XMIT: &[&str] = &[
    "__dev_queue_xmit",
    "__dev_xmit_skb",
    "__dev_direct_xmit",
    "kfree_skb_list*",
    // From v7.2 on it frees what qdiscs drop.
    "__tcf_kfree_skb_list",
];
/// Where one interface hands a packet to another one.
const FORWARD: &[&str] = &["__dev_forward_skb*", "dev_forward_skb*"];
/// Where queueing disciplines drop what they have taken.
const SCHEDULERS: &[&str] = &[
    "drop_func",
    "codel_*",
    "fq_codel_*",
    "fq_pie_*",
    "pie_*",
    "cake_*",
    "netem_*",
    "tfifo_*",
    "tbf_*",
    "sfq_*",
    "fq_*",
];
/// What a local sender counts once more that is told of the drop.
const SENT: &[Counter] = &[
    (Snmp, "UdpSndbufErrors"),
    (Snmp6, "Udp6SndbufErrors"),
    (Snmp, "IpOutDiscards"),
    (Snmp6, "Ip6OutDiscards"),
];

pub(super) const RULES: &[Rule] = &[
    // What comes in: the device layer.
    // net/core/dev.c, __netif_receive_skb_core
    all(
        &["__netif_receive_skb_core"],
        &["UNHANDLED_PROTO", UNTOLD],
        &[(Link, "rx_dropped")],
    ),
    // net/core/dev.c, __netif_receive_skb_core: of an inactive port of a bond
    instead(
        &["__netif_receive_skb_core"],
        &["UNHANDLED_PROTO", UNTOLD],
        &[(Link, "rx_nohandler")],
    ),
    // net/core/dev.c, sch_handle_ingress, which is within that function
    instead(
        &["__netif_receive_skb_core"],
        &[UNTOLD],
        &[(Qdisc, "drops in")],
    ),
    // net/core/dev.c, enqueue_to_backlog
    all(
        &["enqueue_to_backlog", "netif_rx*"],
        &["CPU_BACKLOG"],
        &[(Softnet, "dropped"), (Link, "rx_dropped")],
    ),
    // net/core/dev.c, skb_flow_limit
    some(
        &["enqueue_to_backlog", "netif_rx*"],
        &["CPU_BACKLOG"],
        &[(Softnet, "flow_limit_count")],
    ),
    // net/core/dev.c, enqueue_to_backlog
    all(&["enqueue_to_backlog"], &[], &[(Link, "rx_dropped")]),
    // drivers/net/macvlan.c, macvlan_broadcast_enqueue
    all(&["macvlan_broadcast_enqueue"], &[], &[(Link, "rx_dropped")]),
    // drivers/net/macvlan.c, macvlan_broadcast_enqueue, where it is within its caller
    some(&["macvlan_handle_frame"], &[], &[(Link, "rx_dropped")]),
    // drivers/net/tun.c, tun_get_user
    some(
        &["tun_get_user", "tun_build_skb", "tun_xdp_one"],
        &[],
        &[
            (Link, "rx_dropped"),
            (Link, "rx_frame_errors"),
            (Link, "rx_errors"),
        ],
    ),
    // drivers/net/veth.c, veth_xdp_rcv_skb
    some(
        &["veth_xdp_rcv_skb", "veth_xdp_rcv*", "veth_poll"],
        &[],
        &[
            (Ethtool, "rx_queue_*_xdp_drops"),
            (Ethtool, "rx_queue_*_drops"),
            (Link, "rx_dropped"),
        ],
    ),
    // drivers/net/vxlan/vxlan_core.c, vxlan_rcv; net/ipv4/ip_tunnel.c, ip_tunnel_rcv
    some(
        &[
            "vxlan_rcv",
            "geneve_udp_encap_recv",
            "gre_rcv",
            "ip_tunnel_rcv",
            "__ip6_tnl_rcv",
        ],
        &[],
        &[
            (Link, "rx_dropped"),
            (Link, "rx_errors"),
            (Link, "rx_crc_errors"),
            (Link, "rx_frame_errors"),
            (Link, "rx_fifo_errors"),
            (Link, "rx_length_errors"),
        ],
    ),
    // drivers/net/vxlan/vxlan_core.c, vxlan_rcv: flags that it does not serve
    above(
        &["vxlan_rcv"],
        &["VXLAN_INVALID_HDR", UNTOLD],
        &[(Link, "rx_errors"), (Link, "rx_frame_errors")],
    ),
    // drivers/net/wireguard/receive.c, wg_packet_consume_data_done
    some(
        &["wg_packet_*", "wg_receive*"],
        &[],
        &[
            (Link, "rx_dropped"),
            (Link, "rx_errors"),
            (Link, "rx_length_errors"),
            (Link, "rx_frame_errors"),
        ],
    ),
    // net/core/dev.c, sch_handle_ingress
    all(
        &["__netif_receive_skb_core", "sch_handle_ingress", "tc_run"],
        &["TC_INGRESS"],
        &[(Qdisc, "drops in")],
    ),
    // What goes out.
    // include/net/sch_generic.h, qdisc_drop; net/core/dev.c, __dev_xmit_skb
    all(&[], &["QDISC_*", "FQ_*", "CAKE_*"], &[(Qdisc, "drops out")]),
    // net/core/dev.c, __dev_xmit_skb
    some(
        &[
            "kfree_skb_list",
            "kfree_skb_list_reason",
            "__dev_queue_xmit",
            "__dev_xmit_skb",
            "net_tx_action",
        ],
        &[UNTOLD],
        &[(Qdisc, "drops out")],
    ),
    // net/sched/sch_codel.c, drop_func; net/sched/sch_fq_codel.c, drop_func
    some(SCHEDULERS, &[UNTOLD], &[(Qdisc, "drops out")]),
    // net/core/dev.c, sch_handle_egress
    all(
        &["__dev_queue_xmit", "sch_handle_egress", "tc_run"],
        &["TC_EGRESS"],
        &[(Qdisc, "drops in")],
    ),
    // net/core/dev.c, __dev_queue_xmit
    all(XMIT, &["DEV_READY"], &[(Link, "tx_dropped")]),
    // net/sched/sch_generic.c, noop_enqueue: what an interface without carrier has in place of its qdisc
    instead(XMIT, &["QDISC_DROP"], &[(Link, "tx_dropped")]),
    // net/core/dev.c, __dev_queue_xmit, __dev_direct_xmit
    some(
        &[
            "__dev_queue_xmit",
            "__dev_direct_xmit",
            "kfree_skb_list",
            "kfree_skb_list_reason",
        ],
        &[UNTOLD],
        &[(Link, "tx_dropped")],
    ),
    // net/core/dev.c, validate_xmit_skb
    some(&["validate_xmit_skb"], &[], &[(Link, "tx_dropped")]),
    // include/linux/netdevice.h, ____dev_forward_skb: the other one is down, or takes no packets as long as this
    elsewhere(FORWARD, &[], &[(Link, "rx_dropped")]),
    // drivers/net/veth.c, veth_xmit; drivers/net/macvlan.c, macvlan_start_xmit
    some(FORWARD, &[], &[(Link, "tx_dropped")]),
    // drivers/net/veth.c, veth_xmit: the other end's backlog is full, or its ring
    elsewhere(
        &[
            "veth_xmit",
            "enqueue_to_backlog",
            "netif_rx*",
            "dev_kfree_skb_any*",
            "__dev_kfree_skb_any",
        ],
        &[],
        &[(Link, "tx_dropped")],
    ),
    // drivers/net/tun.c, tun_net_xmit
    all(
        &["tun_net_xmit", "bond_tx_drop"],
        &[],
        &[(Link, "tx_dropped")],
    ),
    // drivers/net/veth.c, veth_xmit: there is no other end
    some(&["veth_xmit"], &[], &[(Link, "tx_dropped")]),
    // drivers/net/vxlan/vxlan_core.c, vxlan_xmit_one; net/ipv4/ip_tunnel.c, ip_tunnel_xmit
    some(
        &[
            "vxlan_xmit*",
            "geneve_xmit*",
            "ip_tunnel_xmit",
            "ip_md_tunnel_xmit",
            "ipgre_xmit",
            "erspan_xmit",
            "ip6_tnl_*",
            "ip6gre_*",
            "sit_tunnel_xmit",
            "wg_xmit",
            "bond_*",
            "macvlan_*",
            "vlan_*",
        ],
        &[],
        &[
            (Link, "tx_dropped"),
            (Link, "tx_errors"),
            (Link, "tx_carrier_errors"),
            (Link, "tx_aborted_errors"),
        ],
    ),
    // net/ipv4/udp.c, udp_send_skb; net/ipv4/ip_output.c, ip_send_skb
    sent(
        &[],
        &["QDISC_*", "FQ_*", "CAKE_*", "TC_EGRESS", "NETFILTER_DROP"],
        SENT,
    ),
    // net/ipv4/udp.c, udp_send_skb; net/ipv4/ip_output.c, ip_send_skb
    sent(&["kfree_skb_list", "__dev_queue_xmit"], &[UNTOLD], SENT),
    // net/ipv4/ip_output.c, ip_send_skb; net/ipv6/ip6_output.c, ip6_send_skb
    sent(&["nf_hook_slow", "nft_do_chain*"], &[UNTOLD], SENT),
    // drivers/net/veth.c, veth_xmit
    some(FORWARD, &[], SENT),
];
