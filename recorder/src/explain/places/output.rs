//! Output, qdiscs, firewalls.

use crate::explain::{
    Explanation,
    Verdict::{Depends, Harmless, Trouble},
};

pub(super) const ALL: &[Explanation] = &[
    Explanation {
        name: "__dev_queue_xmit",
        phrase: "its qdisc or a tc filter refused it, or no device took it",
        meaning: "The queueing discipline's queue is full, a tc filter on the way out said drop, or the device is down or \
            part of a circle. On kernels before 6.3 what a qdisc refuses is seen at kfree_skb_list.",
        verdict: Depends,
        check: "`tc -s qdisc show dev DEV`, `tc -s filter show dev DEV egress`, `ip -s link show DEV`; dmesg for \"Dead \
            loop on virtual device\".",
        counters: &["tc -s qdisc: dropped", "ip -s link: tx dropped"],
        kernels: ("5.10", "7.2"),
        source: "net/core/dev.c: __dev_queue_xmit, __dev_xmit_skb, sch_handle_egress (v6.1)",
    },
    Explanation {
        name: "__rtnl_unlock",
        phrase: "the qdisc that it waited in was emptied",
        meaning: "It waited in a queueing discipline that was replaced, removed or given a smaller limit, or whose \
            interface was taken down or removed. What was taken out of the queue meanwhile is freed here, when \
            the change is done.",
        verdict: Harmless,
        check: "Nothing if something was just changed; else `tc monitor` and `ip monitor link` show what changes.",
        counters: &["tc -s qdisc: dropped (of a smaller limit)"],
        kernels: ("5.10", "7.2"),
        source: "net/core/rtnetlink.c: __rtnl_unlock, rtnl_kfree_skbs; include/net/sch_generic.h: \
            __qdisc_reset_queue, rtnl_qdisc_drop (v6.1)",
    },
    Explanation {
        name: "bond_start_xmit",
        phrase: "the bond has no working interface to send it by",
        meaning: "None of the bond's interfaces is up and active.",
        verdict: Trouble,
        check: "`cat /proc/net/bonding/BOND`.",
        counters: &["ip -s link: tx dropped"],
        kernels: ("5.10", "7.2"),
        source: "drivers/net/bonding/bond_main.c: bond_start_xmit (v6.1)",
    },
    Explanation {
        name: "bpf_prog_test_run_skb",
        phrase: "a test run of a BPF program ended",
        meaning: "Somebody tried a BPF program on a made-up packet (bpf(2), BPF_PROG_TEST_RUN), and this was that packet.",
        verdict: Harmless,
        check: "Nothing.",
        counters: &[],
        kernels: ("5.10", "7.2"),
        source: "net/bpf/test_run.c: bpf_prog_test_run_skb (v5.10)",
    },
    Explanation {
        name: "cake_dequeue",
        phrase: "CAKE dropped it to keep delays short",
        meaning: "It waited too long in a CAKE qdisc, which drops so that its sender slows down. That is how it is meant \
            to work.",
        verdict: Harmless,
        check: "`tc -s qdisc show dev DEV`.",
        counters: &["tc -s qdisc: dropped"],
        kernels: ("5.10", "7.2"),
        source: "net/sched/sch_cake.c: cake_dequeue (v6.1)",
    },
    Explanation {
        name: "codel_qdisc_dequeue",
        phrase: "CoDel dropped it to keep delays short",
        meaning: "It waited too long in a codel qdisc, which drops so that its sender slows down. That is how it is meant \
            to work.",
        verdict: Harmless,
        check: "`tc -s qdisc show dev DEV`.",
        counters: &["tc -s qdisc: dropped"],
        kernels: ("5.10", "7.2"),
        source: "net/sched/sch_codel.c: codel_qdisc_dequeue, drop_func (v6.1)",
    },
    Explanation {
        name: "fq_codel_dequeue",
        phrase: "CoDel dropped it to keep delays short",
        meaning: "It waited too long in an fq_codel qdisc, which drops so that its sender slows down. That is how it is \
            meant to work.",
        verdict: Harmless,
        check: "`tc -s qdisc show dev DEV`.",
        counters: &["tc -s qdisc: dropped"],
        kernels: ("5.10", "7.2"),
        source: "net/sched/sch_fq_codel.c: fq_codel_dequeue, drop_func (v6.1)",
    },
    Explanation {
        name: "fq_codel_enqueue",
        phrase: "the fq_codel qdisc is full",
        meaning: "More packets wait than its limit (10240) or its memory allows, so it drops from the longest queue. What \
            it refuses is freed by its caller, so that the location is mostly another.",
        verdict: Depends,
        check: "`tc -s qdisc show dev DEV`: \"drop_overlimit\", \"drop_overmemory\".",
        counters: &["tc -s qdisc: dropped"],
        kernels: ("5.10", "7.2"),
        source: "net/sched/sch_fq_codel.c: fq_codel_enqueue (v6.1)",
    },
    Explanation {
        name: "dst_discard_out",
        phrase: "its route discards it, or an IPv6 packet carries nothing",
        meaning: "Its route is an IPv6 blackhole, belongs to an interface that is going away, or waits for IPsec's keys. An \
            IPv6 packet whose next header is 59 (none) ends here as well, as is right.",
        verdict: Depends,
        check: "See the frame; `ip route get DESTINATION`, `ip -6 route show type blackhole`, `ip xfrm policy`.",
        counters: &[],
        kernels: ("5.10", "7.2"),
        source: "net/core/dst.c: dst_discard_out, dst_dev_put; net/ipv6/route.c: ip6_rt_init_dst_reject; net/ipv6/exthdrs.c: \
            nodata_protocol; net/ipv4/route.c: ipv4_blackhole_route (v6.18)",
    },
    Explanation {
        name: "kfree_skb_list",
        phrase: "mostly what a qdisc refused: its queue is full",
        meaning: "Up to 6.2 what a queueing discipline refuses (its queue is full, or it drops early) is freed here; \
            so are the parts of a packet that was put together of several (IP fragments, or what GRO has joined) \
            and was itself freed, be it dropped, read or sent.",
        verdict: Depends,
        check: "`tc -s qdisc show dev DEV`: \"dropped\".",
        counters: &["tc -s qdisc: dropped"],
        kernels: ("5.10", "6.1"),
        source: "net/core/skbuff.c: kfree_skb_list, skb_release_data; net/core/dev.c: __dev_xmit_skb (v5.10)",
    },
    Explanation {
        name: "net_tx_action",
        phrase: "by a driver, or with interrupts off",
        meaning: "What is dropped in a hard interrupt, or with interrupts off, waits for this function, which frees it; \
            the true place is lost.",
        verdict: Depends,
        check: "`ip -s link show DEV` and `ethtool -S DEV` of the interface: its driver has dropped it, mostly.",
        counters: &[],
        kernels: ("5.10", "7.2"),
        source: "net/core/dev.c: net_tx_action (v5.10)",
    },
    Explanation {
        name: "netem_enqueue",
        phrase: "the netem qdisc drops it: loss, or its queue is full",
        meaning: "Somebody emulates a bad network: netem drops by chance as it was told, or its limit is too small for the \
            delay. What it refuses is freed by its caller, so that the location is mostly another.",
        verdict: Harmless,
        check: "`tc -s qdisc show dev DEV`: \"loss\", \"limit\". `tc qdisc del dev DEV root` ends it.",
        counters: &["tc -s qdisc: dropped"],
        kernels: ("5.10", "7.2"),
        source: "net/sched/sch_netem.c: netem_enqueue (v6.1)",
    },
    Explanation {
        name: "nf_hook_slow",
        phrase: "a firewall rule dropped it",
        meaning: "A rule of nftables, iptables, ebtables or IPVS, or a chain's policy, said drop.",
        verdict: Depends,
        check: "`nft list ruleset` (or `iptables-save -c`); `nft monitor trace` follows a packet through the rules.",
        counters: &[],
        kernels: ("5.10", "7.2"),
        source: "net/netfilter/core.c: nf_hook_slow (v5.10)",
    },
    Explanation {
        name: "nf_queue",
        phrase: "no program takes it from the firewall's queue",
        meaning: "A rule sends it to a queue (NFQUEUE), and no program listens there, or the queue is full.",
        verdict: Trouble,
        check: "`cat /proc/net/netfilter/nfnetlink_queue`; `queue … bypass` in the rule lets packets pass while no program \
            is there.",
        counters: &["/proc/net/netfilter/nfnetlink_queue: queue dropped, user dropped"],
        kernels: ("5.10", "7.2"),
        source: "net/netfilter/nf_queue.c: nf_queue (v5.10)",
    },
    Explanation {
        name: "nf_reinject",
        phrase: "the program behind the firewall's queue dropped it",
        meaning: "A rule sent it to a queue (NFQUEUE), and the program there (an IPS) said drop.",
        verdict: Depends,
        check: "The program's own log.",
        counters: &[],
        kernels: ("5.10", "6.1"),
        source: "net/netfilter/nf_queue.c: nf_reinject (v5.10)",
    },
    Explanation {
        name: "nft_do_chain",
        phrase: "an nftables rule dropped it",
        meaning: "A rule of nftables, or a chain's policy, said drop. On newer kernels (6.12) it is freed here; on older ones in \
            nf_hook_slow.",
        verdict: Depends,
        check: "`nft list ruleset`; `nft monitor trace` follows a packet through the rules.",
        counters: &["nft list ruleset: counter packets"],
        kernels: ("5.10", "7.2"),
        source: "net/netfilter/nf_tables_core.c: nft_do_chain (v6.12)",
    },
    Explanation {
        name: "pfifo_fast_enqueue",
        phrase: "its band of the pfifo_fast qdisc is full",
        meaning: "The band holds as many packets as the interface's transmit queue length says. What it refuses is freed \
            by its caller, so that the location is mostly another.",
        verdict: Trouble,
        check: "`tc -s qdisc show dev DEV`; `ip link set DEV txqueuelen N` when the qdisc is made anew.",
        counters: &["tc -s qdisc: dropped"],
        kernels: ("5.10", "7.2"),
        source: "net/sched/sch_generic.c: pfifo_fast_enqueue (v6.1)",
    },
    Explanation {
        name: "sfq_enqueue",
        phrase: "the sfq qdisc is full, or its flow is",
        meaning: "The queue of its flow, or all of them together, have no room. What it refuses is freed by its caller, so \
            that the location is mostly another.",
        verdict: Depends,
        check: "`tc -s qdisc show dev DEV`.",
        counters: &["tc -s qdisc: dropped"],
        kernels: ("5.10", "7.2"),
        source: "net/sched/sch_sfq.c: sfq_enqueue (v6.1)",
    },
    Explanation {
        name: "skb_queue_purge",
        phrase: "the queue that it waited in was emptied",
        meaning: "A socket was closed, a device went down, a qdisc was changed: all that waited there was thrown away.",
        verdict: Harmless,
        check: "Nothing if something was just closed or changed.",
        counters: &[],
        kernels: ("5.10", "6.1"),
        source: "net/core/skbuff.c: skb_queue_purge (v6.1)",
    },
    Explanation {
        name: "skb_queue_purge_reason",
        phrase: "the queue that it waited in was emptied",
        meaning: "A socket was closed, a device went down, a qdisc was changed: all that waited there was thrown away.",
        verdict: Harmless,
        check: "Nothing if something was just closed or changed.",
        counters: &[],
        kernels: ("6.12", "7.2"),
        source: "net/core/skbuff.c: skb_queue_purge_reason (v6.12)",
    },
    Explanation {
        name: "skb_release_data",
        phrase: "a part of another packet that was freed, lost or not",
        meaning: "A packet that was put together of several (IP fragments, or what GRO has joined) was freed, and its \
            other parts are freed with it, here. If the packet itself was dropped, it is recorded by itself, \
            with its reason and place. If it was read, answered or sent, its parts are told of as dropped all \
            the same.",
        verdict: Harmless,
        check: "Look for the packet among the other drops: same addresses, same time. If there is none, it was not \
            lost.",
        counters: &[],
        kernels: ("5.10", "7.2"),
        source: "net/core/skbuff.c: skb_release_data, __kfree_skb (v6.12)",
    },
    Explanation {
        name: "tbf_enqueue",
        phrase: "the tbf qdisc is full, or it is longer than its burst",
        meaning: "The rate that the token bucket allows is used up and its queue is full, or the packet is longer than the \
            bucket. What it refuses is freed by its caller, so that the location is mostly another.",
        verdict: Depends,
        check: "`tc -s qdisc show dev DEV`: raise `limit` or `latency`, or `burst` where packets are longer than it.",
        counters: &["tc -s qdisc: dropped"],
        kernels: ("5.10", "7.2"),
        source: "net/sched/sch_tbf.c: tbf_enqueue (v6.1)",
    },
    Explanation {
        name: "validate_xmit_skb",
        phrase: "it could not be made ready for the device",
        meaning: "Its checksum could not be worked out, or it could not be cut into segments, or a tag or encryption could \
            not be put on.",
        verdict: Trouble,
        check: "`ethtool -k DEV`: try without the offloads.",
        counters: &["ip -s link: tx dropped"],
        kernels: ("5.10", "7.2"),
        source: "net/core/dev.c: validate_xmit_skb (v5.10)",
    },
    Explanation {
        name: "veth_xmit",
        phrase: "its veth peer is gone or cannot take it",
        meaning: "The other end of the pair was removed, is down, or its ring is full.",
        verdict: Depends,
        check: "`ip -s link show DEV`, and that of the peer in its namespace (`ip -n NAME link`).",
        counters: &["ip -s link: tx dropped"],
        kernels: ("5.10", "7.2"),
        source: "drivers/net/veth.c: veth_xmit (v6.1)",
    },
];
