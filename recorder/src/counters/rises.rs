//! What rose between two readings of a namespace.

use std::collections::HashSet;

use super::{
    Rise, Source,
    reading::{Key, Reading},
};

/// The counters that rose, without their namespace's names. `None`: the readings are of two namespaces.
pub(super) fn between(before: &Reading, after: &Reading, netns: u32) -> Option<Vec<(Key, Rise)>> {
    if before.cookie != after.cookie {
        return None;
    }
    // Kernels that give no cookie may have given the inode number again. Nothing sets a protocol's counters back.
    let is_protocol =
        |key: &&Key| matches!(key.source, Source::Snmp | Source::Snmp6 | Source::Netstat);
    let mut protocols = before.counters.keys().filter(is_protocol);
    if protocols.any(|key| began_anew(before, after, key)) {
        return None;
    }
    let reset = reset(before, after);
    let rises = after.counters.iter().filter_map(|(key, value)| {
        let (label, driver, ring) = if key.ifindex == 0 {
            Default::default()
        } else {
            let (then, now) = (
                before.links.get(&key.ifindex)?,
                after.links.get(&key.ifindex)?,
            );
            // Where there was no time to ask a driver, its name is not known.
            let drivers = [&now.driver, &then.driver];
            let known = drivers.into_iter().find(|name| !name.is_empty());
            let driver = known.cloned().unwrap_or_default();
            let is_another = drivers
                .into_iter()
                .any(|name| !name.is_empty() && *name != driver);
            if is_another || reset.contains(&key.ifindex) {
                return None;
            }
            (now.name.clone(), driver, now.ring.or(then.ring))
        };
        let before = match before.counters.get(key).copied() {
            Some(was) => was,
            // One that was put there meanwhile began with nothing.
            None if key.source == Source::Qdisc => 0,
            None => return None,
        };
        let after = widened(before, *value)?;
        let rise = (after > before).then(|| Rise {
            netns,
            ifindex: key.ifindex,
            label,
            source: key.source,
            part: key.part.clone(),
            name: key.name.clone(),
            before,
            after,
            since: None,
            margin: 0,
            was_away: false,
            driver,
            ring,
        })?;
        Some((key.clone(), rise))
    });
    Some(rises.collect())
}

/// What a counter has come to. One that has 32 bits begins with nothing when they are full. `None`: it began anew before that.
fn widened(before: u64, after: u64) -> Option<u64> {
    const FULL: u64 = 1 << 32;
    // The last and the first eighth: of one that was reset, little is known to be above or below.
    const NEAR: u64 = FULL / 8;
    match after {
        _ if after >= before => Some(after),
        _ if (FULL - NEAR..FULL).contains(&before) && after < NEAR => Some(after + FULL),
        _ => None,
    }
}

fn began_anew(before: &Reading, after: &Reading, key: &Key) -> bool {
    let of = |reading: &Reading| reading.counters.get(key).copied();
    of(before).is_some_and(|was| of(after).is_none_or(|is| widened(was, is).is_none()))
}

/// The interfaces whose own counters began anew: each is another one with the same index, or its driver has been reset.
fn reset(before: &Reading, after: &Reading) -> HashSet<u32> {
    let own = before
        .counters
        .keys()
        .filter(|key| key.source == Source::Link);
    own.filter(|key| began_anew(before, after, key))
        .map(|key| key.ifindex)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::counters::reading::Link;

    fn reading(counters: &[(Source, &str, &str, u64)]) -> Reading {
        let mut reading = Reading::default();
        let link = Link {
            name: "eth0".to_owned(),
            ..Link::default()
        };
        reading.links.insert(2, link);
        for (source, part, name, value) in counters {
            let ifindex = match source {
                Source::Link | Source::Ethtool | Source::Qdisc => 2,
                _ => 0,
            };
            reading.count(*source, ifindex, part, name, *value);
        }
        reading
    }

    fn found(before: &Reading, after: &Reading) -> Option<Vec<(String, u64)>> {
        let rises = between(before, after, 7)?;
        Some(
            rises
                .into_iter()
                .map(|(_, rise)| (rise.name.clone(), rise.by()))
                .collect(),
        )
    }

    #[test]
    fn only_what_rose_is_told() {
        let before = reading(&[
            (Source::Link, "", "rx_dropped", 5),
            (Source::Snmp, "", "UdpNoPorts", 1),
        ]);
        let after = reading(&[
            (Source::Link, "", "rx_dropped", 8),
            (Source::Snmp, "", "UdpNoPorts", 1),
        ]);
        assert_eq!(
            found(&before, &after),
            Some(vec![("rx_dropped".to_owned(), 3)])
        );
    }

    #[test]
    fn an_interface_whose_counters_began_anew_tells_nothing() {
        let before = reading(&[
            (Source::Link, "", "rx_packets", 9),
            (Source::Link, "", "rx_dropped", 1),
        ]);
        let after = reading(&[
            (Source::Link, "", "rx_packets", 2),
            (Source::Link, "", "rx_dropped", 2),
        ]);
        assert_eq!(found(&before, &after), Some(vec![]));
    }

    #[test]
    fn an_interface_that_came_or_went_tells_nothing() {
        let with = reading(&[(Source::Link, "", "rx_dropped", 1)]);
        assert_eq!(found(&Reading::default(), &with), Some(vec![]));
        assert_eq!(found(&with, &Reading::default()), Some(vec![]));
    }

    #[test]
    fn a_namespace_that_has_another_ones_number_is_another_one() {
        let before = reading(&[
            (Source::Snmp, "", "UdpNoPorts", 5),
            (Source::Snmp, "", "UdpInErrors", 1),
        ]);
        let after = reading(&[
            (Source::Snmp, "", "UdpNoPorts", 4),
            (Source::Snmp, "", "UdpInErrors", 3),
        ]);
        assert_eq!(found(&before, &after), None);
        let (mut before, mut after) = (Reading::default(), Reading::default());
        (before.cookie, after.cookie) = (1, 2);
        assert_eq!(found(&before, &after), None);
    }

    #[test]
    fn a_qdisc_that_was_put_there_meanwhile_began_with_nothing() {
        let after = reading(&[(Source::Qdisc, "pfifo 8001: root", "drops", 4)]);
        assert_eq!(
            found(&reading(&[]), &after),
            Some(vec![("drops".to_owned(), 4)])
        );
    }

    #[test]
    fn a_counter_of_32_bits_rises_on_when_they_are_full() {
        let full = u64::from(u32::MAX);
        let before = reading(&[
            (Source::Link, "", "rx_bytes", full - 9),
            (Source::Qdisc, "pfifo 8001: root", "drops", full),
        ]);
        let after = reading(&[
            (Source::Link, "", "rx_bytes", 10),
            (Source::Qdisc, "pfifo 8001: root", "drops", 3),
        ]);
        let expected = [("rx_bytes", 20), ("drops", 4)].map(|(name, by)| (name.to_owned(), by));
        assert_eq!(found(&before, &after), Some(expected.to_vec()));
    }

    #[test]
    fn a_qdisc_that_was_replaced_by_another_one_of_its_name_tells_nothing() {
        let before = reading(&[(Source::Qdisc, "pfifo 8001: root", "drops", 70_000)]);
        let after = reading(&[(Source::Qdisc, "pfifo 8001: root", "drops", 3)]);
        assert_eq!(found(&before, &after), Some(vec![]));
    }

    #[test]
    fn a_drivers_gauge_that_fell_is_left_out_alone() {
        let before = reading(&[
            (Source::Ethtool, "", "depth", 9),
            (Source::Ethtool, "", "rx_no_buffer", 1),
        ]);
        let after = reading(&[
            (Source::Ethtool, "", "depth", 2),
            (Source::Ethtool, "", "rx_no_buffer", 2),
        ]);
        assert_eq!(
            found(&before, &after),
            Some(vec![("rx_no_buffer".to_owned(), 1)])
        );
    }
}
