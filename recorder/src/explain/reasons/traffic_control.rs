//! What queues and traffic control refuse.

use crate::explain::{
    Explanation,
    Verdict::{Depends, Harmless, Trouble},
};

pub(super) const ALL: &[Explanation] = &[
    Explanation {
        name: "CAKE_FLOOD",
        phrase: "CAKE drops a flow that does not slow down",
        meaning: "CAKE drops at random from flows that do not react to its signals (its BLUE part).",
        verdict: Depends,
        check: "`tc -s qdisc show dev DEV`: \"blue\" of the tin. Find the sender that floods.",
        counters: &["tc -s qdisc: dropped"],
        kernels: ("6.18", "6.18"),
        source: "net/sched/sch_cake.c: cobalt_should_drop (v6.18)",
    },
    Explanation {
        name: "DUALPI2_STEP_DROP",
        phrase: "it waited too long and cannot be marked (DualPI2)",
        meaning: "In the low-latency queue of DualPI2 what waits beyond the threshold is marked with ECN; this packet does \
            not take marks, so it was dropped.",
        verdict: Depends,
        check: "`tc -s qdisc show dev DEV`. The flow should not be in that queue: it needs ECN, or its classification is \
            wrong.",
        counters: &["tc -s qdisc: dropped"],
        kernels: ("6.18", "6.18"),
        source: "net/sched/sch_dualpi2.c: dualpi2_qdisc_dequeue (v6.18)",
    },
    Explanation {
        name: "FQ_BAND_LIMIT",
        phrase: "its priority band in the fq qdisc is full",
        meaning: "The fq qdisc has three bands by priority, and as many packets as it may hold wait in this one.",
        verdict: Depends,
        check: "`tc -s qdisc show dev DEV`: \"band…_drops\" and limit. Raise `limit`, or find what fills the band.",
        counters: &["tc -s qdisc: band_drops"],
        kernels: ("6.12", "6.18"),
        source: "net/sched/sch_fq.c: fq_enqueue (v6.18)",
    },
    Explanation {
        name: "FQ_FLOW_LIMIT",
        phrase: "its flow has too many packets in the fq qdisc",
        meaning: "A single flow may have only so many packets (100) waiting in the fq qdisc.",
        verdict: Depends,
        check: "`tc -s qdisc show dev DEV`: \"flows_plimit\". A UDP sender that does not pace is the usual cause; \
            `flow_limit N` allows more.",
        counters: &["tc -s qdisc: flows_plimit"],
        kernels: ("6.12", "6.18"),
        source: "net/sched/sch_fq.c: fq_enqueue (v6.18)",
    },
    Explanation {
        name: "FQ_HORIZON_LIMIT",
        phrase: "it is to be sent too far in the future",
        meaning: "Its sender gave it a time to be sent at (SO_TXTIME, or TCP pacing) that lies beyond the fq qdisc's \
            horizon of ten seconds.",
        verdict: Trouble,
        check: "`tc -s qdisc show dev DEV`: \"horizon_drops\". Mostly a wrong clock in the sender (CLOCK_TAI against \
            CLOCK_MONOTONIC), or a pacing rate that is far too low.",
        counters: &["tc -s qdisc: horizon_drops"],
        kernels: ("6.12", "6.18"),
        source: "net/sched/sch_fq.c: fq_enqueue (v6.18)",
    },
    Explanation {
        name: "QDISC_BURST_DROP",
        phrase: "too many processors hand the qdisc packets at once",
        meaning: "While one processor works on the qdisc, the others put their packets on a list for it, and that has \
            reached its limit (net.core.qdisc_max_burst).",
        verdict: Trouble,
        check: "`sysctl net.core.qdisc_max_burst` (1000). Use a qdisc with a queue for each processor (`mq` with \
            fq_codel), or spread the senders.",
        counters: &[],
        kernels: ("7.2", "7.2"),
        source: "net/core/dev.c: __dev_xmit_skb (v7.2)",
    },
    Explanation {
        name: "QDISC_CONGESTED",
        phrase: "the qdisc drops early to keep delays short",
        meaning: "The packet waited too long, and the qdisc (CoDel, PIE, RED, CAKE) dropped it so that its sender slows \
            down. That is how it is meant to work.",
        verdict: Harmless,
        check: "`tc -s qdisc show dev DEV`. Only if the link is not even busy: its rate or target is set wrongly.",
        counters: &["tc -s qdisc: dropped"],
        kernels: ("6.18", "6.18"),
        source: "net/sched/sch_codel.c, sch_fq_codel.c, sch_pie.c, sch_red.c, sch_cake.c (v6.18)",
    },
    Explanation {
        name: "QDISC_DROP",
        phrase: "the qdisc did not take it",
        meaning: "The queueing discipline of the interface it was to leave by dropped it: its queue is full, or it drops \
            early to keep delays short, or a filter within it said so; or the interface has no carrier, and its qdisc does not \
            work until it has. From 7.2 on the tracepoint qdisc:qdisc_drop tells which of these it was.",
        verdict: Depends,
        check: "`ip link show DEV`: with NO-CARRIER nothing goes out, and the qdisc counts nothing: look at the other end. \
            Else `tc -s qdisc show dev DEV`: \"dropped\" by qdisc, \"overlimits\", the limit. If it is the queue's length: \
            fewer senders, a faster link, or a larger limit (`tc qdisc change … limit N`; pfifo's is the interface's \
            txqueuelen).",
        counters: &["tc -s qdisc: dropped"],
        kernels: ("5.18", "7.2"),
        source: "net/core/dev.c: __dev_xmit_skb; net/sched/sch_generic.c: __tcf_kfree_skb_list, noop_enqueue (v7.2)",
    },
    Explanation {
        name: "QDISC_DROP_BAND_LIMIT",
        phrase: "its priority band in the fq qdisc is full",
        meaning: "The fq qdisc has three bands by priority, and as many packets as it may hold wait in this one.",
        verdict: Depends,
        check: "`tc -s qdisc show dev DEV`: \"band…_drops\" and limit. Raise `limit`, or find what fills the band.",
        counters: &["tc -s qdisc: band_drops"],
        kernels: ("7.2", "7.2"),
        source: "net/sched/sch_fq.c: fq_enqueue (v7.2)",
    },
    Explanation {
        name: "QDISC_DROP_CONGESTED",
        phrase: "the qdisc drops early to keep delays short",
        meaning: "The packet waited too long, and the qdisc (CoDel, PIE, RED, CAKE, DualPI2) dropped it so that its sender \
            slows down. That is how it is meant to work.",
        verdict: Harmless,
        check: "`tc -s qdisc show dev DEV`. Only if the link is not even busy: its rate or target is set wrongly.",
        counters: &["tc -s qdisc: dropped"],
        kernels: ("7.2", "7.2"),
        source: "net/sched/sch_codel.c, sch_fq_codel.c, sch_pie.c, sch_red.c, sch_gred.c, sch_sfb.c, sch_cake.c, \
            sch_dualpi2.c (v7.2)",
    },
    Explanation {
        name: "QDISC_DROP_FLOOD_PROTECTION",
        phrase: "the qdisc drops a flow that does not slow down",
        meaning: "CAKE drops at random from flows that do not react to its signals (its BLUE part).",
        verdict: Depends,
        check: "`tc -s qdisc show dev DEV`: \"blue\" of the tin. Find the sender that floods.",
        counters: &["tc -s qdisc: dropped"],
        kernels: ("7.2", "7.2"),
        source: "net/sched/sch_cake.c: cobalt_should_drop (v7.2)",
    },
    Explanation {
        name: "QDISC_DROP_FLOW_LIMIT",
        phrase: "its flow has too many packets in the qdisc",
        meaning: "A single flow may have only so many packets waiting in fq or SFQ.",
        verdict: Depends,
        check: "`tc -s qdisc show dev DEV`: \"flows_plimit\" of fq. A UDP sender that does not pace is the usual cause; \
            fq's `flow_limit N` and SFQ's `depth N` allow more.",
        counters: &["tc -s qdisc: flows_plimit", "tc -s qdisc: dropped"],
        kernels: ("7.2", "7.2"),
        source: "net/sched/sch_fq.c: fq_enqueue; net/sched/sch_sfq.c: sfq_enqueue (v7.2)",
    },
    Explanation {
        name: "QDISC_DROP_GENERIC",
        phrase: "the qdisc did not take it",
        meaning: "The qdisc dropped it and says no more.",
        verdict: Depends,
        check: "`tc -s qdisc show dev DEV`: which qdisc, and its limit.",
        counters: &["tc -s qdisc: dropped"],
        kernels: ("7.2", "7.2"),
        source: "net/core/dev.c: __dev_xmit_skb, as what is told when a qdisc sets no other (v7.2)",
    },
    Explanation {
        name: "QDISC_DROP_HORIZON_LIMIT",
        phrase: "it is to be sent too far in the future",
        meaning: "Its sender gave it a time to be sent at (SO_TXTIME, or TCP pacing) that lies beyond the fq qdisc's \
            horizon of ten seconds.",
        verdict: Trouble,
        check: "`tc -s qdisc show dev DEV`: \"horizon_drops\". Mostly a wrong clock in the sender (CLOCK_TAI against \
            CLOCK_MONOTONIC), or a pacing rate that is far too low.",
        counters: &["tc -s qdisc: horizon_drops"],
        kernels: ("7.2", "7.2"),
        source: "net/sched/sch_fq.c: fq_enqueue (v7.2)",
    },
    Explanation {
        name: "QDISC_DROP_L4S_STEP_NON_ECN",
        phrase: "it waited too long and cannot be marked (DualPI2)",
        meaning: "In the low-latency queue of DualPI2 what waits beyond the threshold is marked with ECN; this packet does \
            not take marks, so it was dropped.",
        verdict: Depends,
        check: "`tc -s qdisc show dev DEV`. The flow should not be in that queue: it needs ECN, or its classification is \
            wrong.",
        counters: &["tc -s qdisc: dropped"],
        kernels: ("7.2", "7.2"),
        source: "net/sched/sch_dualpi2.c: dualpi2_qdisc_dequeue (v7.2)",
    },
    Explanation {
        name: "QDISC_DROP_MAXFLOWS",
        phrase: "the qdisc has no room for another flow",
        meaning: "SFQ keeps a queue for each flow, and all that it has are taken.",
        verdict: Depends,
        check: "`tc -s qdisc show dev DEV`; `flows N` allows more. Very many flows at once may be a scan or a flood.",
        counters: &["tc -s qdisc: dropped"],
        kernels: ("7.2", "7.2"),
        source: "net/sched/sch_sfq.c: sfq_enqueue (v7.2)",
    },
    Explanation {
        name: "QDISC_DROP_OVERLIMIT",
        phrase: "the qdisc's queue is full",
        meaning: "As many packets as the qdisc may hold are waiting.",
        verdict: Depends,
        check: "`tc -s qdisc show dev DEV`: the limit and the drops. Send less, get a faster link, or raise the limit, \
            which lengthens the delay.",
        counters: &["tc -s qdisc: dropped"],
        kernels: ("7.2", "7.2"),
        source: "net/sched/sch_generic.c: pfifo_fast_enqueue; sch_codel.c, sch_fq_codel.c, sch_pie.c, sch_red.c, \
            sch_sfq.c, sch_cake.c (v7.2)",
    },
    Explanation {
        name: "QDISC_OVERLIMIT",
        phrase: "the qdisc's queue is full",
        meaning: "As many packets as the qdisc may hold are waiting.",
        verdict: Depends,
        check: "`tc -s qdisc show dev DEV`: the limit and the drops. Send less, get a faster link, or raise the limit, \
            which lengthens the delay.",
        counters: &["tc -s qdisc: dropped"],
        kernels: ("6.18", "6.18"),
        source: "include/net/sch_generic.h: qdisc_drop; net/sched/sch_fq.c, sch_codel.c, sch_fq_codel.c … (v6.18)",
    },
    Explanation {
        name: "TC_CHAIN_NOTFOUND",
        phrase: "a tc rule sent it to a chain that does not exist",
        meaning: "An action said \"goto chain N\", and there is no such chain.",
        verdict: Trouble,
        check: "`tc filter show dev DEV ingress`: add the chain, or correct the rule that names it.",
        counters: &[],
        kernels: ("6.12", "7.2"),
        source: "net/sched/cls_api.c: tcf_classify; net/sched/act_api.c: tcf_action_exec (v7.2)",
    },
    Explanation {
        name: "TC_COOKIE_ERROR",
        phrase: "the tc rule that the NIC had begun is gone",
        meaning: "The NIC had done a part of a tc rule in hardware and handed the packet over for the rest; meanwhile the \
            rule was changed or removed.",
        verdict: Depends,
        check: "Nothing if the rules were just changed. Otherwise see `tc -s filter show dev DEV ingress` and the NIC's \
            driver.",
        counters: &[],
        kernels: ("6.12", "7.2"),
        source: "net/sched/cls_api.c: __tcf_classify, tcf_classify (v7.2)",
    },
    Explanation {
        name: "TC_EGRESS",
        phrase: "a tc filter dropped it",
        meaning: "A filter or BPF program attached to the interface for what goes out said drop.",
        verdict: Depends,
        check: "`tc -s filter show dev DEV egress` and `bpftool net show dev DEV`. A filter's own counters show what \
            its actions drop, and none of what a BPF program (direct-action) does: that only its qdisc (clsact) \
            counts, and of a program that is attached without one (tcx) nothing does.",
        counters: &[
            "tc -s qdisc: dropped",
            "tc -s filter show dev DEV egress: dropped (of an action)",
            "nstat: IpOutDiscards (of what a UDP socket sends)",
            "nstat: Ip6OutDiscards (of what a UDP socket sends)",
            "nstat: UdpSndbufErrors",
            "nstat: Udp6SndbufErrors",
        ],
        kernels: ("5.18", "7.2"),
        source: "net/core/dev.c: sch_handle_egress (v7.2), tc_run, tcx_run (v6.12); net/ipv4/udp.c: udp_send_skb \
            (v5.10)",
    },
    Explanation {
        name: "TC_ERROR",
        phrase: "tc could not carry out its rules on it",
        meaning: "A tc rule led to a chain that does not exist, round in a circle, or went on with what a NIC had begun with \
            a rule that is gone. Newer kernels tell these apart: TC_CHAIN_NOTFOUND, TC_RECLASSIFY_LOOP, TC_COOKIE_ERROR.",
        verdict: Trouble,
        check: "`tc filter show dev DEV ingress`: look for \"goto chain\" and \"reclassify\".",
        counters: &[],
        kernels: ("6.7", "6.7"),
        source: "net/sched/cls_api.c: __tcf_classify, tcf_classify (v6.7)",
    },
    Explanation {
        name: "TC_INGRESS",
        phrase: "a tc filter dropped it",
        meaning: "A filter or BPF program attached to the interface for what comes in said drop, or it could not take the \
            packet.",
        verdict: Depends,
        check: "`tc -s filter show dev DEV ingress` and `bpftool net show dev DEV`. A filter's own counters show \
            what its actions drop, and none of what a BPF program (direct-action) does: that only its qdisc \
            (clsact, ingress) counts, and of a program that is attached without one (tcx) nothing does.",
        counters: &[
            "tc -s filter show dev DEV ingress: dropped (of an action)",
            "tc -s qdisc: dropped",
        ],
        kernels: ("5.18", "7.2"),
        source: "net/core/dev.c: sch_handle_ingress (v7.2), tc_run, tcx_run (v6.12)",
    },
    Explanation {
        name: "TC_RECLASSIFY_LOOP",
        phrase: "tc rules sent it round in a circle",
        meaning: "The rules sent the packet from one to the next without an end (more than 16 times).",
        verdict: Trouble,
        check: "`tc filter show dev DEV ingress`: look for \"reclassify\" and \"goto chain\" that lead back. dmesg says \
            \"reclassify loop\".",
        counters: &[],
        kernels: ("6.12", "7.2"),
        source: "net/sched/cls_api.c: __tcf_classify (v7.2)",
    },
];
