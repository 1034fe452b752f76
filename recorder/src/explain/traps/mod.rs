//! What the traps mean by which a device's hardware drops: those that devlink names for all drivers.
//!
//! A trap has a packet given to its driver, and so to devlink, where the hardware would else have dropped it unseen. Those of the
//! type control are for packets that are the processor's own business, and no drops.

mod bridge;
mod exception;
mod parsing;
mod route;
mod rule;

use super::{Explanation, Group, Verdict::Depends};

/// What stands in place of a location where hardware has dropped a packet.
pub static HARDWARE: [Explanation; 1] = [Explanation {
    name: "hardware",
    phrase: "the hardware of a switch or a network card did it",
    meaning: "The device forwards packets by itself, and has dropped this one, or left it to the kernel, without the kernel's \
        doing. Its driver tells of it by a trap. As a rule a trap drops unseen: only one with the action trap (or mirror) gives \
        the packet to the driver, and so to droprec. Of the type exception, a trap gives the packet to the kernel to go on with; \
        if that drops it in its turn, it is recorded twice.",
    verdict: Depends,
    check: "`devlink trap show` for the traps and their actions, `devlink -s trap show` for their counts; \
        `devlink trap set DEV trap NAME action trap` has one report what it drops. Devices limit how many they report: \
        `devlink -s trap policer show`.",
    counters: &["devlink -s trap show: packets"],
    kernels: ("5.10", "7.2"),
    source: "Documentation/networking/devlink/devlink-trap.rst; net/devlink/trap.c: devlink_trap_report (v7.2)",
}];

/// All of them, by what they belong to.
pub const GROUPS: &[Group] = &[
    Group {
        title: "in general",
        members: &HARDWARE,
    },
    Group {
        title: "as a bridge (l2_drops)",
        members: bridge::ALL,
    },
    Group {
        title: "as a router (l3_drops)",
        members: route::ALL,
    },
    Group {
        title: "not forwarded, and given to the kernel (exception)",
        members: exception::ALL,
    },
    Group {
        title: "rules, full queues, tunnels",
        members: rule::ALL,
    },
    Group {
        title: "headers that it does not understand (parser_error_drops)",
        members: parsing::ALL,
    },
];

/// All of them, ungrouped.
pub fn all() -> impl Iterator<Item = &'static Explanation> {
    GROUPS.iter().flat_map(|group| group.members)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::explain::{of, phrase};

    #[test]
    fn a_trap_is_explained_by_its_name_and_one_of_a_driver_by_nothing() {
        let place = Some("hardware (l3_drops)");
        let known = of(Some("blackhole_route"), place).map(|known| known.name);
        assert_eq!(known, Some("blackhole_route"));
        assert_eq!(phrase(Some("fid_miss"), place, false), None);
        assert_eq!(of(None, place), Some(&HARDWARE[0]));
    }
}
