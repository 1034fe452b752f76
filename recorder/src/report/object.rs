//! The summary as a JSON object, for programs.

use serde::Serialize;

use super::{
    accounting::Accounting,
    changes,
    counted::Counted,
    left_out::LeftOut,
    reconcile::{object::Counter, reconcile, verdicts},
    summary::Summary,
    table::meaning,
};
use crate::{
    enrich::{frames::Frame, rows::Row},
    explain::unhandled,
};

/// What a recording comes to.
#[derive(Debug, Serialize)]
pub struct Object<'a> {
    /// The lines of the table, those with most drops first.
    kinds: Vec<Kind<'a>>,
    /// The kernel's modules that were loaded meanwhile.
    modules: &'a [String],
    /// Frames that one of them took over.
    changes: Vec<changes::Object<'a>>,
    /// Those that tell of losses and rose, with what explains them.
    counters: Vec<Counter<'a>>,
    /// Whose the losses of each interface are, in words.
    verdicts: Vec<String>,
    /// Where every drop went; null where the file does not say.
    books: Option<Books>,
    /// What the statistics blocks say, where there are no books.
    #[serde(skip_serializing_if = "Option::is_none")]
    statistics: Option<Counted>,
    /// What filters left out as the file was read, where there were any.
    #[serde(skip_serializing_if = "Option::is_none")]
    left_out: Option<LeftOut>,
    /// The line of the drop that `--until` waited for, and that the reading ended with.
    #[serde(skip_serializing_if = "Option::is_none")]
    ended_by: Option<&'a str>,
}

/// A line of the table.
#[derive(Debug, Serialize)]
struct Kind<'a> {
    drops: u64,
    /// Of these.
    lost: u64,
    /// Of these.
    rate_limited: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    meaning: Option<&'static str>,
    loc: &'a str,
    interface: &'a str,
    #[serde(skip_serializing_if = "is_nothing")]
    netns: u32,
    #[serde(skip_serializing_if = "is_nothing")]
    ifindex: u32,
    /// The most frequent ones.
    frames: Vec<Told<'a>>,
}

/// A frame of a line.
#[derive(Debug, Serialize)]
struct Told<'a> {
    what: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    proto: Option<String>,
    /// What that is where it is no `EtherType`.
    #[serde(skip_serializing_if = "Option::is_none")]
    proto_is: Option<&'static str>,
    /// So often at least.
    drops: u64,
    /// And no more often.
    is_exact: bool,
}

/// The books, in drops.
#[derive(Debug, Serialize)]
struct Books {
    seen: u64,
    written: u64,
    filtered: u64,
    /// Of the filtered.
    noise: u64,
    suppressed: u64,
    rate_limited: u64,
    /// Of a flight recorder's.
    #[serde(skip_serializing_if = "Option::is_none")]
    overwritten: Option<u64>,
    lost: u64,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
fn is_nothing(number: &u32) -> bool {
    *number == 0
}

impl<'a> Object<'a> {
    /// The object of a summary. `counted`: what the file's statistics blocks say; `left_out`: what filters left out of it.
    #[must_use]
    pub fn of(summary: &Summary<'a>, counted: Counted, left_out: Option<LeftOut>) -> Self {
        let rows = summary.rows.by_count();
        let findings = reconcile(summary.rows, summary.rises);
        let counter = |finding| Counter::of(finding, summary.accounting);
        let changes = changes::changes(&rows, summary.modules);
        Self {
            changes: changes.iter().map(changes::Object::of).collect(),
            kinds: rows.into_iter().map(Kind::of).collect(),
            modules: summary.modules,
            verdicts: verdicts(&findings),
            counters: findings.into_iter().map(counter).collect(),
            books: summary.accounting.as_ref().map(Books::of),
            statistics: Some(counted)
                .filter(|counted| summary.accounting.is_none() && *counted != Counted::default()),
            left_out,
            ended_by: summary.ended_by,
        }
    }
}

impl<'a> Kind<'a> {
    fn of(row: &'a Row) -> Self {
        let place = &row.place;
        let reason = place.reason.as_deref();
        Self {
            drops: row.drops(),
            lost: row.absent.lost,
            rate_limited: row.absent.limited,
            reason,
            meaning: meaning(row),
            loc: &place.location,
            interface: &place.interface,
            netns: place.netns,
            ifindex: place.ifindex,
            frames: row.frames.by_count().into_iter().map(Told::of).collect(),
        }
    }
}

impl<'a> Told<'a> {
    fn of(frame: &'a Frame) -> Self {
        Self {
            what: &frame.what,
            proto: frame.protocol.map(|protocol| format!("{protocol:#06x}")),
            proto_is: frame.protocol.and_then(unhandled::mark),
            drops: frame.at_least(),
            is_exact: frame.is_exact(),
        }
    }
}

impl Books {
    fn of(accounting: &Accounting) -> Self {
        Self {
            seen: accounting.seen,
            written: accounting.written,
            filtered: accounting.filtered,
            noise: accounting.noise,
            suppressed: accounting.suppressed,
            rate_limited: accounting.limited,
            overwritten: accounting.overwritten,
            lost: accounting.lost(),
        }
    }
}
