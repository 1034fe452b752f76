//! What a recording comes to: the table, and the books. The end of a live one and `-r --summary` show the same.

use std::fmt::Write as _;

use super::{accounting::Accounting, answers::answers, changes, reconcile, table::table, width};
use crate::{
    counters::Rise,
    enrich::{
        absent::Absent,
        rows::{Place, Row, Rows},
    },
    text::logfmt,
};

/// Rows of drops without a packet that the file tells of. The others are told together.
pub const MAX_ABSENT: usize = 256;

/// All that is known at the end.
#[derive(Debug)]
pub struct Summary<'a> {
    /// What was dropped where and why.
    pub rows: &'a Rows,
    /// The kernel's modules that were loaded meanwhile: what they handle was dropped before.
    pub modules: &'a [String],
    /// Counters that rose meanwhile.
    pub rises: &'a [Rise],
    /// Where every drop went. None: the file does not say.
    pub accounting: Option<Accounting>,
    /// The line of the drop that `--until` waited for.
    pub ended_by: Option<&'a str>,
}

impl Summary<'_> {
    /// It as lines for a terminal of so many columns, or for elsewhere; without a line break at the end, empty if there is
    /// nothing to say.
    #[must_use]
    pub fn text(&self, terminal: Option<usize>) -> String {
        let rows = self.rows.by_count();
        let width = width::of(terminal);
        let parts = [
            table(self.rows, terminal),
            answers(&rows, width),
            changes::text(&rows, self.modules, width),
            reconcile::text(self.rows, self.rises, self.accounting, width),
            self.accounting.map(|accounting| accounting.to_string()),
            self.ended_by
                .map(|line| format!("--until ended it: {line}")),
        ];
        let parts: Vec<String> = parts.into_iter().flatten().collect();
        parts.join("\n")
    }

    /// That its books are not those of what was read, where that is so: several files may be one behind the other.
    #[must_use]
    pub fn other_books(&self) -> Option<String> {
        let written = self.accounting?.written;
        let read = self.rows.by_count().iter().map(|row| row.read).sum::<u64>();
        (written != read).then(|| {
            format!(
                "The books tell of {written} packets that were written, but {read} were read: they are not this file's alone, or not of all of it."
            )
        })
    }

    /// What of it is in no packet of the file, in logfmt.
    #[must_use]
    pub fn comments(&self) -> Vec<String> {
        let books = self.accounting.map(|accounting| accounting.logfmt());
        let modules = (!self.modules.is_empty()).then(|| {
            let mut text = "droprec v=1 modules=".to_owned();
            logfmt(&mut text, &self.modules.join(","));
            text
        });
        books
            .into_iter()
            .chain(modules)
            .chain(self.absent())
            .collect()
    }

    /// Rows of drops that were not recorded and that no file tells of yet: `droprec v=1 lost=3 limited=9 reason=… loc=… dev=…`,
    /// of the two numbers only those that are not zero. `dev` is the interface as the file names it.
    fn absent(&self) -> impl Iterator<Item = String> {
        let untold = |row: &Row| row.absent - row.told;
        let rows = self.rows.by_count().into_iter();
        let mut rows: Vec<&Row> = rows.filter(|row| untold(row).total() > 0).collect();
        let rest: Absent = rows
            .split_off(rows.len().min(MAX_ABSENT))
            .into_iter()
            .map(untold)
            .sum();
        let rows = rows
            .into_iter()
            .map(move |row| absent(untold(row), &row.place));
        rows.chain((rest.total() > 0).then(|| absent(rest, &Place::rest())))
    }
}

/// Drops of a place that were not recorded.
fn absent(counts: Absent, place: &Place) -> String {
    let mut text = "droprec v=1".to_owned();
    for (key, count) in [("lost", counts.lost), ("limited", counts.limited)] {
        if count > 0 {
            // Writing to a String cannot fail.
            let _ = write!(text, " {key}={count}");
        }
    }
    for (key, value) in [
        ("reason", place.reason.as_deref()),
        ("loc", Some(place.location.as_str())),
        ("dev", Some(place.interface.as_str())),
    ] {
        if let Some(value) = value {
            let _ = write!(text, " {key}=");
            logfmt(&mut text, value);
        }
    }
    let _ = write!(text, " netns={} ifindex={}", place.netns, place.ifindex);
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::logfmt::pairs;

    #[test]
    fn of_more_rows_than_are_told_the_rest_is_told_together_and_none_is_missing() {
        let mut rows = Rows::default();
        for number in 0..MAX_ABSENT as u32 + 50 {
            let index = rows.of(Place {
                location: "ip_rcv+0x1".to_owned(),
                ifindex: number,
                ..Place::default()
            });
            rows.count_absent(
                index,
                Absent {
                    lost: 1,
                    limited: 2,
                },
            );
        }
        let summary = Summary {
            rows: &rows,
            modules: &[],
            rises: &[],
            accounting: None,
            ended_by: None,
        };
        let comments = summary.comments();
        assert_eq!(comments.len(), MAX_ABSENT + 1);
        let sum = |key| -> u64 {
            let numbers = comments
                .iter()
                .map(|comment| pairs(comment)?.number::<u64>(key));
            numbers.map(Option::unwrap).sum()
        };
        let all = MAX_ABSENT as u64 + 50;
        assert_eq!((sum("lost"), sum("limited")), (all, 2 * all));
        let last = &comments[MAX_ABSENT];
        assert!(last.contains("lost=50 limited=100 loc=(others) "), "{last}");
    }
}
