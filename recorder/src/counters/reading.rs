//! One reading of all counters of a namespace.

use std::{
    collections::BTreeMap,
    time::{Instant, SystemTime, UNIX_EPOCH},
};

use super::{Source, ethtool, link, protocols, qdisc, softnet};
use crate::kernel::namespaces::Inside;

/// A counter within a namespace.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key {
    pub(super) ifindex: u32,
    pub(super) source: Source,
    pub(super) part: String,
    pub(super) name: String,
}

/// What is known of an interface besides.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Link {
    /// As the kernel has it.
    pub(super) name: String,
    /// The driver of the hardware, else the kind of a virtual one.
    pub(super) driver: String,
    pub(super) ring: Option<(u32, u32)>,
}

/// All counters of a namespace at a time.
#[derive(Debug, Default)]
pub(super) struct Reading {
    /// Nanoseconds since 1970 UTC, before the first counter was read.
    pub(super) taken: u64,
    /// The namespace's cookie; 0: the kernel gives none.
    pub(super) cookie: u64,
    pub(super) links: BTreeMap<u32, Link>,
    pub(super) counters: BTreeMap<Key, u64>,
    /// Interfaces that came later, and when they were read, in the same nanoseconds.
    pub(super) later: BTreeMap<u32, u64>,
    /// What could not be read, and why.
    pub(super) lacks: Vec<String>,
}

impl Reading {
    /// Reads those that all namespaces share.
    pub(super) fn host() -> Self {
        let mut reading = Self::begin(0);
        reading.note(softnet::read);
        reading
    }

    /// Reads those of a namespace; drivers' only until then.
    pub(super) fn of(inside: &Inside, until: Instant) -> Self {
        let mut reading = Self::begin(inside.cookie().unwrap_or(0));
        // What takes no lock comes first, what asks a driver last.
        reading.note(|reading| protocols::read(reading, inside));
        reading.note(|reading| link::read(reading, inside.route()));
        reading.note(|reading| qdisc::read(reading, inside.route()));
        reading.note(|reading| ethtool::read(reading, inside.device(), until));
        reading
    }

    /// Takes the interfaces that a later reading has besides, if it is of the same namespace.
    pub(super) fn add(&mut self, other: Self) {
        let Self {
            taken,
            cookie,
            links,
            counters,
            ..
        } = other;
        if cookie != self.cookie {
            return;
        }
        let is_new = |ifindex: &u32| !self.links.contains_key(ifindex);
        let new: BTreeMap<u32, Link> = links.into_iter().filter(|(of, _)| is_new(of)).collect();
        let counters = counters.into_iter();
        self.counters
            .extend(counters.filter(|(key, _)| new.contains_key(&key.ifindex)));
        self.later.extend(new.keys().map(|of| (*of, taken)));
        self.links.extend(new);
    }

    /// When a counter was read.
    pub(super) fn read_at(&self, key: &Key) -> u64 {
        self.later.get(&key.ifindex).copied().unwrap_or(self.taken)
    }

    fn begin(cookie: u64) -> Self {
        Self {
            taken: now(),
            cookie,
            ..Self::default()
        }
    }

    fn note(&mut self, read: impl FnOnce(&mut Self) -> anyhow::Result<()>) {
        if let Err(error) = read(self) {
            self.lacks.push(format!("{error:#}"));
        }
    }

    /// Takes a counter.
    pub(super) fn count(
        &mut self,
        source: Source,
        ifindex: u32,
        part: &str,
        name: &str,
        value: u64,
    ) {
        let key = Key {
            ifindex,
            source,
            part: part.to_owned(),
            name: name.to_owned(),
        };
        self.counters.insert(key, value);
    }
}

fn now() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_nanos() as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A reading of interfaces that have dropped so many.
    fn reading(taken: u64, cookie: u64, dropped: &[(u32, u64)]) -> Reading {
        let mut reading = Reading {
            taken,
            cookie,
            ..Reading::default()
        };
        for (ifindex, value) in dropped {
            reading.links.insert(*ifindex, Link::default());
            reading.count(Source::Link, *ifindex, "", "rx_dropped", *value);
        }
        reading
    }

    #[test]
    fn an_interface_that_came_later_is_read_as_it_was_then_and_the_others_as_they_were() {
        let mut first = reading(10, 1, &[(2, 5)]);
        first.add(reading(20, 1, &[(2, 7), (3, 9)]));
        first.add(reading(30, 2, &[(4, 1)]));
        let read = first.counters.iter();
        let read = read.map(|(key, value)| (key.ifindex, *value, first.read_at(key)));
        assert_eq!(read.collect::<Vec<_>>(), [(2, 5, 10), (3, 9, 20)]);
    }
}
