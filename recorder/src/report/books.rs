//! The books of a recording as they stand at a moment, and what came to them between two: the books of a file.

use super::accounting::Accounting;
use crate::{encode::Statistics, enrich::devices::Device};

/// The books up to a moment.
#[derive(Clone, Debug, Default)]
pub struct Books {
    total: Accounting,
    /// By the index of the interface.
    by_device: Vec<Statistics>,
    /// When, in nanoseconds since 1970 UTC.
    pub at: u64,
}

impl Books {
    /// They begin with nothing at this time, in nanoseconds since 1970 UTC.
    #[must_use]
    pub fn begin(at: u64) -> Self {
        Self {
            at,
            ..Self::default()
        }
    }

    /// As they stand at this time, in nanoseconds since 1970 UTC. What is on its way to the disk counts as written.
    #[must_use]
    pub fn of(total: Accounting, devices: &[Device], at: u64) -> Self {
        Self {
            by_device: total.by_device(devices),
            total,
            at,
        }
    }

    /// A packet that counts as written was not written.
    pub fn take_back(&mut self, device: u32) {
        self.total.written -= 1;
        self.total.unwritten += 1;
        if let Some(statistics) = self.by_device.get_mut(device as usize) {
            statistics.delivered -= 1;
            statistics.dropped += 1;
        }
    }

    /// A packet that counts as written is in memory again, and so the next file's.
    pub fn put_back(&mut self, device: u32) {
        self.total.seen -= 1;
        self.total.written -= 1;
        if let Some(statistics) = self.by_device.get_mut(device as usize) {
            statistics.received -= 1;
            statistics.accepted -= 1;
            statistics.delivered -= 1;
        }
    }

    /// What has come to them since they stood so, together and by interface.
    #[must_use]
    pub fn since(&self, earlier: &Self) -> (Accounting, Vec<Statistics>) {
        let nothing = Statistics::default();
        let part = |(index, now): (usize, &Statistics)| {
            let before = earlier.by_device.get(index).unwrap_or(&nothing);
            Statistics {
                received: now.received.saturating_sub(before.received),
                accepted: now.accepted.saturating_sub(before.accepted),
                delivered: now.delivered.saturating_sub(before.delivered),
                dropped: now.dropped.saturating_sub(before.dropped),
                os_dropped: now.os_dropped.saturating_sub(before.os_dropped),
                comments: Vec::new(),
            }
        };
        let by_device = self.by_device.iter().enumerate().map(part).collect();
        (self.total.since(&earlier.total), by_device)
    }

    /// Drops that no program of the kernel half has seen.
    #[must_use]
    pub fn nested(&self) -> u64 {
        self.total.nested
    }

    /// All that they know of where it went.
    #[must_use]
    pub fn accounted_for(&self) -> u64 {
        self.total.accounted_for()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::enrich::absent::Absent;

    /// The books after so many rounds, in each of which the second interface had 10 drops: 3 were written, 5 overwritten, 2 lost.
    fn after(rounds: u64) -> Books {
        let devices = [
            Device::default(),
            Device {
                read: 8 * rounds,
                overwritten: 5 * rounds,
                absent: Absent {
                    lost: 2 * rounds,
                    limited: 0,
                },
                ..Device::default()
            },
        ];
        let total = Accounting {
            written: 3 * rounds,
            overwritten: Some(5 * rounds),
            ring_full: 2 * rounds,
            filtered: 7 * rounds,
            ..Accounting::default()
        };
        let total = Accounting {
            seen: total.accounted_for(),
            ..total
        };
        Books::of(total, &devices, rounds)
    }

    #[test]
    fn the_files_of_a_recording_have_its_books_together_and_each_adds_up() {
        let (begin, one, three) = (Books::begin(0), after(1), after(3));
        let (first, _) = one.since(&begin);
        let (second, by_device) = three.since(&one);
        assert_eq!(first.and(second), three.total);
        assert_eq!(second.seen, 2 * (3 + 5 + 2 + 7));
        assert_eq!(second.on_the_way(), 0);
        let expected = [(14, 0, 0, 0, 0), (20, 20, 6, 4, 4)];
        let found: Vec<_> = by_device
            .iter()
            .map(|of| {
                (
                    of.received,
                    of.accepted,
                    of.delivered,
                    of.dropped,
                    of.os_dropped,
                )
            })
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn what_could_not_be_written_is_lost_in_the_file_that_it_was_meant_for() {
        let mut books = after(1);
        books.take_back(1);
        let (file, by_device) = books.since(&Books::begin(0));
        assert_eq!((file.written, file.unwritten, file.seen), (2, 1, 17));
        assert_eq!((by_device[1].delivered, by_device[1].dropped), (2, 3));
        // The interface knows of it from then on.
        let mut later = after(2);
        later.take_back(1);
        let (next, by_device) = later.since(&books);
        assert_eq!((next.written, next.unwritten, next.seen), (3, 0, 17));
        assert_eq!((by_device[1].delivered, by_device[1].dropped), (3, 2));
    }

    #[test]
    fn what_is_put_back_is_as_if_it_had_come_after_the_file() {
        let mut books = after(1);
        books.put_back(1);
        let (file, by_device) = books.since(&Books::begin(0));
        assert_eq!((file.written, file.lost(), file.seen), (2, 2, 16));
        assert_eq!(file.on_the_way(), 0);
        assert_eq!((by_device[1].received, by_device[1].delivered), (9, 2));
        let (next, by_device) = after(2).since(&books);
        assert_eq!((next.written, next.lost(), next.seen), (4, 2, 18));
        assert_eq!((by_device[1].received, by_device[1].delivered), (11, 4));
        assert_eq!((by_device[1].accepted, by_device[1].dropped), (11, 2));
    }
}
