//! The table of a recording: how many drops there were of each location, reason and interface, and of which frames. It is bounded:
//! interfaces may come and go for ever, and a file may have as many kinds of drops as it has packets.

use std::collections::HashMap;

use super::{absent::Absent, frames::Frames};
use crate::explain;

/// Lines at most, as many as the kernel half counts kinds. What is in none of them is in one more, of this location.
const MAX: usize = 16_384;
const REST: &str = "(others)";
/// What a location is called that has no name; a number follows where the address is known.
pub const UNNAMED: &str = "unnamed";

/// Drops of a line that were not recorded, at most, by each cause: no recording has as many, and what a file says cannot make
/// the sum of all lines overflow.
const MAX_ABSENT: u64 = 1 << 48;

/// Where and why a packet was dropped.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Place {
    /// The kernel's reason; none where it gives none.
    pub reason: Option<String>,
    /// `function+offset`, or `unnamed 1` for an address that the kernel does not name.
    pub location: String,
    /// What a person would call the interface: `eth0`, `eth0@namespace`.
    pub interface: String,
    /// The inode number of its namespace; 0: not known.
    pub netns: u32,
    /// Its index; 0: there is none.
    pub ifindex: u32,
}

impl Place {
    /// Neither is known: who recorded the packets does not tell.
    #[must_use]
    pub fn is_untold(&self) -> bool {
        self.reason.is_none() && self.location == "-"
    }

    /// Where drops are of whose place nothing is kept.
    #[must_use]
    pub fn rest() -> Self {
        Self {
            location: REST.to_owned(),
            ..Self::default()
        }
    }

    /// The kernel does not name the location.
    #[must_use]
    pub fn is_unnamed(&self) -> bool {
        let rest = self.location.strip_prefix(UNNAMED);
        rest.is_some_and(|number| number.is_empty() || number.starts_with(' '))
    }

    /// It is none: the line is that of all drops that have no line of their own.
    #[must_use]
    pub fn is_rest(&self) -> bool {
        self.location == REST
    }

    /// The reason; where it says nothing, the function.
    #[must_use]
    pub fn name(&self) -> &str {
        match self.reason.as_deref() {
            _ if self.is_untold() => "not told",
            None | Some("NOT_SPECIFIED") => explain::function(&self.location),
            Some(reason) => reason,
        }
    }
}

/// One line of the table.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Row {
    /// Of which drops.
    pub place: Place,
    /// Drops that were read, or of which nothing but the count was kept.
    pub read: u64,
    /// Drops that were not recorded.
    pub absent: Absent,
    /// Of these, those that an earlier file of the recording tells of.
    pub told: Absent,
    /// When the first and the last one were that were read, nanoseconds since 1970 UTC; none: none was.
    pub period: Option<(u64, u64)>,
    /// Not all that were read had come in, as far as is known.
    pub sent: bool,
    /// What was read most often.
    pub frames: Frames,
}

impl Row {
    /// All drops of it.
    #[must_use]
    pub fn drops(&self) -> u64 {
        self.read + self.absent.total()
    }
}

/// All lines, in the order that they came up.
#[derive(Debug, Default)]
pub struct Rows {
    all: Vec<Row>,
    indices: HashMap<Place, usize>,
    /// Numbers for addresses without a name.
    unnamed: HashMap<u64, usize>,
}

impl Rows {
    /// What an address is called that the kernel does not name.
    pub fn unnamed(&mut self, address: u64) -> String {
        let next = self.unnamed.len() + 1;
        format!("{UNNAMED} {}", self.unnamed.entry(address).or_insert(next))
    }

    fn find(&self, place: &Place) -> Option<usize> {
        self.indices.get(place).copied()
    }

    /// The index of a line; of the last one, where there are too many.
    pub fn of(&mut self, place: Place) -> usize {
        if let Some(index) = self.find(&place) {
            return index;
        }
        let rest = Place::rest();
        if self.all.len() >= MAX && place != rest {
            return self.of(rest);
        }
        let index = self.all.len();
        self.all.push(Row {
            place: place.clone(),
            ..Row::default()
        });
        self.indices.insert(place, index);
        index
    }

    /// What drops of a line are.
    #[must_use]
    pub fn place(&self, index: usize) -> &Place {
        &self.all[index].place
    }

    /// Takes note that some of a line's drops may have been on their way out.
    pub fn note_sent(&mut self, index: usize) {
        self.all[index].sent = true;
    }

    /// Counts a drop that was read: when it was, nanoseconds since 1970 UTC, of which frame, and its `skb->protocol`, where
    /// these are known.
    pub fn count(&mut self, index: usize, time: Option<u64>, what: &str, protocol: Option<u16>) {
        let row = &mut self.all[index];
        row.read += 1;
        if let Some(time) = time {
            // Those of several processors come in turn.
            let (first, last) = row.period.unwrap_or((time, time));
            row.period = Some((first.min(time), last.max(time)));
        }
        row.frames.count(what, protocol);
    }

    /// Counts drops of which nothing else is kept. They may have been on their way out.
    pub fn count_only(&mut self, index: usize, drops: u64) {
        let row = &mut self.all[index];
        row.read += drops;
        row.sent = true;
    }

    /// Counts drops that were not recorded.
    pub fn count_absent(&mut self, index: usize, absent: Absent) {
        let row = &mut self.all[index];
        row.absent = (row.absent + absent).map(|count| count.min(MAX_ABSENT));
    }

    /// Counts drops that were not recorded, and of whose kind nothing is known.
    pub fn count_rest(&mut self, absent: Absent) {
        if absent.total() > 0 {
            let index = self.of(Place::rest());
            self.count_absent(index, absent);
        }
    }

    /// A file has told of all that was not recorded so far.
    pub fn note_told(&mut self) {
        for row in &mut self.all {
            row.told = row.absent;
        }
    }

    /// How many lines there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.all.len()
    }

    /// There are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// All lines, in the order that they came up.
    #[must_use]
    pub fn all(&self) -> &[Row] {
        &self.all
    }

    /// All lines that have drops, those with most of them first.
    #[must_use]
    pub fn by_count(&self) -> Vec<&Row> {
        let mut rows: Vec<&Row> = self.all.iter().filter(|row| row.drops() > 0).collect();
        rows.sort_by_key(|row| std::cmp::Reverse(row.drops()));
        rows
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_beyond_the_most_are_one_line() {
        let mut rows = Rows::default();
        for ifindex in 0..MAX as u32 + 100 {
            let place = Place {
                ifindex,
                ..Place::default()
            };
            let index = rows.of(place);
            rows.count_only(index, 1);
        }
        assert_eq!(rows.len(), MAX + 1);
        let first = rows.of(Place::default());
        assert_eq!((first, rows.all[MAX].read), (0, 100));
        assert!(rows.all[MAX].place.is_rest());
    }

    #[test]
    fn no_file_can_tell_of_so_many_drops_that_their_sum_overflows() {
        let mut rows = Rows::default();
        for number in 0..100 {
            let index = rows.of(Place {
                ifindex: number,
                ..Place::default()
            });
            for _ in 0..2 {
                rows.count_absent(
                    index,
                    Absent {
                        lost: u64::MAX,
                        limited: u64::MAX,
                    },
                );
            }
        }
        let sum: u64 = rows.by_count().iter().map(|row| row.drops()).sum();
        assert_eq!(sum, 200 * MAX_ABSENT);
    }
}
