//! The kernel's and the interfaces' own counters, read when a recording begins and when it ends, and what rose between.
//!
//! The first reading is made before the recording is armed and the last one after it has ended, so that a drop in between is
//! counted and not recorded: a counter may rise by more than was recorded, never by less. Two more readings, just after it is
//! armed and just before it ends, bound how much that may be. What cannot be read is absent.

mod ethtool;
mod guarded;
mod link;
mod namespaces;
pub mod pairs;
mod protocols;
mod qdisc;
mod reading;
mod readings;
mod rises;
mod softnet;
pub mod watch;

use std::fmt::{self, Debug, Display, Formatter};

/// What counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Source {
    /// An interface, as `ip -s link` shows it: `struct rtnl_link_stats64`, by its names.
    Link,
    /// An interface's driver, as `ethtool -S` shows it, by the driver's names.
    Ethtool,
    /// A queueing discipline of an interface, as `tc -s qdisc` shows it.
    Qdisc,
    /// IPv4 and the transports of a namespace: `/proc/net/snmp`, by the names of `nstat`.
    Snmp,
    /// IPv6 of a namespace: `/proc/net/snmp6`, by its names.
    Snmp6,
    /// More of both: `/proc/net/netstat`, by the names of `nstat`.
    Netstat,
    /// The processors' backlogs, which all namespaces share: `/proc/net/softnet_stat`.
    Softnet,
}

/// Each by its name in a file.
const SOURCES: [(Source, &str); 7] = [
    (Source::Link, "link"),
    (Source::Ethtool, "ethtool"),
    (Source::Qdisc, "qdisc"),
    (Source::Snmp, "snmp"),
    (Source::Snmp6, "snmp6"),
    (Source::Netstat, "netstat"),
    (Source::Softnet, "softnet"),
];

impl Source {
    /// The one of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        SOURCES
            .iter()
            .find_map(|(source, of)| (*of == name).then_some(*source))
    }
}

impl Display for Source {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        let name = SOURCES
            .iter()
            .find_map(|(source, name)| (source == self).then_some(*name));
        out.write_str(name.unwrap_or_default())
    }
}

/// A counter that rose. All texts in it are fit to print.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rise {
    /// Inode number of the namespace; 0: the counter is the host's.
    pub netns: u32,
    /// Index of the interface; 0: the counter is the whole namespace's, or the host's.
    pub ifindex: u32,
    /// What a person calls the interface, or else the namespace; empty: the host, or droprec's own namespace.
    pub label: String,
    /// What counts.
    pub source: Source,
    /// Which part of it: a queueing discipline as `pfifo 8001: root`, a processor as `cpu 3`; else empty.
    pub part: String,
    /// The counter's name.
    pub name: String,
    /// When it was read first.
    pub before: u64,
    /// When it was read last.
    pub after: u64,
    /// When it was read first, in nanoseconds since 1970 UTC, where that was only after the recording began: the counter may
    /// have risen before too.
    pub since: Option<u64>,
    /// How much of the rise came between the two readings around the recording's beginning, and around its end: what of that
    /// was dropped while nothing was recorded yet, or any more, is not known.
    pub margin: u64,
    /// The interface was not in its namespace all the time, and what it dropped in others is left out by a filter.
    pub was_away: bool,
    /// The interface's driver, or kind; empty: not known.
    pub driver: String,
    /// The ring that the interface receives with, now and at most, in packets, as `ethtool -g` shows it.
    pub ring: Option<(u32, u32)>,
}

impl Rise {
    /// By how much it rose.
    #[must_use]
    pub fn by(&self) -> u64 {
        self.after.saturating_sub(self.before)
    }

    /// What tells the counter from others.
    #[must_use]
    pub fn key(&self) -> impl Debug + PartialEq {
        let names = (&self.label, &self.part, &self.name);
        (self.netns, self.ifindex, self.source, names)
    }
}
