//! What a table's lines say, cell by cell, for all forms that have columns: first the numbers, then what they are of.

use super::{Interval, Line, Sum, counts::Count};
use crate::report::columns::more_kinds;

/// Cells behind the numbers.
pub const NAMES: usize = 3;

/// What the columns are called.
#[must_use]
pub fn header(interval: &Interval<'_>) -> Vec<String> {
    let lost = interval.may_lose.then_some("lost");
    let numbers = ["drops"].into_iter().chain(lost);
    let others = ["rate/s", "total", "reason", "location", "interface"];
    numbers.chain(others).map(str::to_owned).collect()
}

/// A line of the table.
#[must_use]
pub fn line(interval: &Interval<'_>, line: &Line<'_>) -> Vec<String> {
    let place = line.place;
    let reason = place.reason.as_deref().unwrap_or("-");
    let names = [reason, &place.location, &place.interface];
    cells(interval, line.drops, line.lost, names)
}

/// What stands behind the lines, where there is anything to tell. `left_out`: those that are not shown.
#[must_use]
pub fn rest(interval: &Interval<'_>, left_out: Sum) -> Vec<Vec<String>> {
    let more = more_kinds(left_out.kinds);
    let nothing = Count::default();
    let rest = [
        (left_out.drops, left_out.lost, more.as_str()),
        (interval.nested, nothing, "(missed)"),
        (interval.uncounted, nothing, "(of too many kinds)"),
    ];
    let rest = rest.into_iter().filter(|(drops, ..)| *drops != nothing);
    rest.map(|(drops, lost, what)| cells(interval, drops, lost, [what, "", ""]))
        .collect()
}

/// All drops together.
#[must_use]
pub fn all(interval: &Interval<'_>) -> Vec<String> {
    let all = interval.all();
    cells(interval, all.drops, all.lost, ["(all)", "", ""])
}

fn cells(interval: &Interval<'_>, drops: Count, lost: Count, names: [&str; NAMES]) -> Vec<String> {
    let lost = interval.may_lose.then(|| lost.now.to_string());
    let numbers = [drops.now.to_string()].into_iter().chain(lost);
    let rate = format!("{:.1}", interval.rate(drops.now));
    let others = [rate, drops.total.to_string()].into_iter();
    numbers
        .chain(others)
        .chain(names.map(str::to_owned))
        .collect()
}
