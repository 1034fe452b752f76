//! Functions that only free what others dropped: a location in one of them is not the culprit.

/// What such a function does, in half a sentence that goes on where the location ends. `None`: the packet was dropped where its location says.
///
/// `location`: `function+offset`. The compiler's copies of a function count as the function: `….constprop.0`, `….part.0`.
#[must_use]
pub fn of(location: &str) -> Option<&'static str> {
    let end = location.find(['.', '+']).unwrap_or(location.len());
    Some(match &location[..end] {
        // What is dropped in a hard interrupt or with interrupts off waits for the softirq, which gives its own address as
        // the location (net/core/dev.c, v5.8 to v7.2).
        "net_tx_action" => "which only frees what was dropped elsewhere before",
        // Drivers free through it wherever they are; with a reason since v6.4 (net/core/dev.c). Where the compiler made its last
        // call a jump, the location is the driver's.
        "__dev_kfree_skb_any" | "dev_kfree_skb_any_reason" => {
            "which only frees for its caller, mostly a driver"
        }
        // The location is its caller's since v6.3; before, what a qdisc dropped, and the parts of a packet that was itself
        // freed, had it (net/core/skbuff.c).
        "kfree_skb_list" | "kfree_skb_list_reason" => "which only frees a list for its caller",
        // What a qdisc dropped while it was locked (include/net/sch_generic.h, v6.8; a function of its own in v7.2).
        "tcf_kfree_skb_list" | "__tcf_kfree_skb_list" => "which only frees what a qdisc dropped",
        // What waited in a queue that goes: of a socket, a neighbour, a device (net/core/skbuff.c; include/linux/skbuff.h
        // where a driver has a copy; include/linux/skb_array.h).
        "skb_queue_purge"
        | "skb_queue_purge_reason"
        | "__skb_queue_purge"
        | "__skb_queue_purge_reason"
        | "skb_errqueue_purge"
        | "skb_rbtree_purge"
        | "__skb_array_destroy_skb" => "which only empties a queue for its caller",
        // What a qdisc held when it was changed or removed, handed over by `rtnl_kfree_skbs` (net/core/rtnetlink.c, v4.8).
        "__rtnl_unlock" | "rtnl_unlock" | "netdev_run_todo" => {
            "which only frees what a qdisc held that was changed"
        }
        // Fragments whose packet did not become whole in time, or was refused (net/ipv4/inet_fragment.c; a compiler may
        // have put the first into the others).
        "inet_frag_rbtree_purge" | "inet_frag_queue_flush" | "inet_frag_destroy" => {
            "which only frees the fragments of a packet that never was whole"
        }
        // The parts of a packet that is itself being dropped (net/core/skbuff.c, from v6.3 on).
        "skb_release_data" => "which only frees a part of another packet",
        // Where TCP drops whatever it refuses (net/ipv4/tcp_input.c; with a reason since v5.18).
        "tcp_drop" | "tcp_drop_reason" => "through which TCP drops all that it refuses",
        // The same for MPTCP (net/mptcp/protocol.c).
        "mptcp_drop" => "through which MPTCP drops all that it refuses",
        // What a BPF program held (net/sched/bpf_qdisc.c, v6.16).
        "bpf_kfree_skb" | "bpf_kfree_skb_dtor" => "which only frees for a BPF program",
        // Its return address is the location, unless a compiler or a tracer puts one of these in between.
        "kfree_skb" | "kfree_skb_reason" | "sk_skb_reason_drop" => {
            "which only frees for its caller"
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_function_that_frees_for_others_is_not_the_culprit() {
        assert!(of("net_tx_action+0x0").is_some());
        assert!(of("skb_queue_purge_reason+0xd2").is_some());
        assert!(of("kfree_skb_list+0x1d").is_some());
    }

    #[test]
    fn a_compilers_copy_of_it_is_not_the_culprit_either() {
        let original = of("dev_kfree_skb_any_reason+0x2c");
        assert!(original.is_some());
        for copy in ["constprop.0", "part.0", "isra.0", "cold"] {
            let location = format!("dev_kfree_skb_any_reason.{copy}+0x2c");
            assert_eq!(of(&location), original, "{location}");
        }
        assert!(of("__skb_queue_purge_reason.constprop.0+0x35 [mac80211]").is_some());
    }

    #[test]
    fn any_other_function_dropped_the_packet_itself() {
        assert_eq!(of("__netif_receive_skb_core.constprop.0+0x144"), None);
        assert_eq!(of("net_tx_action_of_mine+0x1 [mine]"), None);
        assert_eq!(of("_stext+0x123"), None);
        assert_eq!(of(""), None);
    }

    #[test]
    fn the_words_go_on_where_the_location_ends() {
        for location in ["net_tx_action+0x0", "tcp_drop_reason+0x3b", "kfree_skb+0x1"] {
            let words = of(location).unwrap();
            assert!(
                words.starts_with("which ") || words.starts_with("through which "),
                "{words}"
            );
        }
    }
}
