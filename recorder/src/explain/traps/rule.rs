//! What the hardware drops by rule, for want of room, or in a tunnel.

use crate::explain::{
    Explanation,
    Verdict::{Depends, Trouble},
};

pub(super) const ALL: &[Explanation] = &[
    Explanation {
        name: "early_drop",
        phrase: "its queue was getting full, and RED drops early",
        meaning: "A queue with random early detection drops some before it is full, so that senders slow down.",
        verdict: Depends,
        check: "`tc -s qdisc show dev PORT` for early drops; which traffic fills it.",
        counters: &["devlink -s trap show: packets"],
        kernels: ("5.10", "7.2"),
        source: "Documentation/networking/devlink/devlink-trap.rst (v7.2)",
    },
    Explanation {
        name: "egress_flow_action_drop",
        phrase: "a tc rule at its outgoing port drops it",
        meaning: "A filter with the action drop, which the hardware has taken over, is at the port that it was to \
            leave by.",
        verdict: Depends,
        check: "`tc -s filter show dev PORT egress`.",
        counters: &["devlink -s trap show: packets"],
        kernels: ("5.10", "7.2"),
        source: "Documentation/networking/devlink/devlink-trap.rst (v7.2)",
    },
    Explanation {
        name: "ingress_flow_action_drop",
        phrase: "a tc rule at its incoming port drops it",
        meaning: "A filter with the action drop, which the hardware has taken over, is at the port that it came in by.",
        verdict: Depends,
        check: "`tc -s filter show dev PORT ingress`.",
        counters: &["devlink -s trap show: packets"],
        kernels: ("5.10", "7.2"),
        source: "Documentation/networking/devlink/devlink-trap.rst (v7.2)",
    },
    Explanation {
        name: "overlay_smac_is_mc",
        phrase: "the sender's address within its tunnel is a group's",
        meaning: "No station may send with a multicast address for its own, within a tunnel either.",
        verdict: Trouble,
        check: "The frame in the tunnel: who makes such frames behind its other end.",
        counters: &["devlink -s trap show: packets"],
        kernels: ("5.10", "7.2"),
        source: "Documentation/networking/devlink/devlink-trap.rst (v7.2)",
    },
    Explanation {
        name: "tail_drop",
        phrase: "its queue was full",
        meaning: "More was to go out by a port than the port sends.",
        verdict: Trouble,
        check: "`tc -s qdisc show dev PORT`, `ethtool -S PORT`: bursts, or a port that is slower than what is sent to \
            it.",
        counters: &["devlink -s trap show: packets"],
        kernels: ("5.10", "7.2"),
        source: "Documentation/networking/devlink/devlink-trap.rst (v7.2)",
    },
];
