//! The kernel's functions in which packets are dropped, by their beginnings: compilers put some into others and add suffixes,
//! so that kernels differ.

/// A rule of `nf_tables`: where the rule is found, and on older kernels where the hook is.
pub(crate) const FIREWALL: &[&str] = &["nft_do_chain", "nf_hook_slow"];

/// The same on the hook of a device.
pub(crate) const FIREWALL_AT_DEVICE: &[&str] =
    &["nft_do_chain", "nf_hook_slow", "__netif_receive_skb_core"];

/// No socket for UDP.
pub(crate) const UDP4: &[&str] = &["__udp4_lib_rcv", "udp_rcv"];
pub(crate) const UDP6: &[&str] = &["__udp6_lib_rcv", "udpv6_rcv"];

/// A qdisc without room.
pub(crate) const QUEUE: &[&str] = &[
    "__dev_queue_xmit",
    "__dev_xmit_skb",
    "kfree_skb_list",
    "__tcf_kfree_skb_list",
];

/// A classifier on the way out.
pub(crate) const CLASSIFIER: &[&str] = &["__dev_queue_xmit", "sch_handle_egress", "tc_run"];
