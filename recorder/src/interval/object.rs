//! The tables for programs: an object for each, on a line of its own.

use anyhow::Result;
use jiff::Timestamp;
use serde::Serialize;

use super::{Interval, Line, Sum, View};
use crate::{encode::json, stack};

/// Writes an object for each table.
#[derive(Debug, Default)]
pub struct Objects;

/// A table.
#[derive(Debug, Serialize)]
struct Table<'a> {
    time: String,
    /// Seconds.
    period: f64,
    /// Drops in the interval, and since the beginning.
    count: u64,
    total: u64,
    /// Of the former, those that the ring had no room for; absent where nothing goes into it.
    #[serde(skip_serializing_if = "Option::is_none")]
    lost: Option<u64>,
    /// Of the former, those that no line has: no program has seen them, or there were too many kinds.
    nested: u64,
    uncounted: u64,
    rows: Vec<Row<'a>>,
    /// Those that were not asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    more: Option<More>,
}

/// A line of it.
#[derive(Debug, Serialize)]
struct Row<'a> {
    count: u64,
    total: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    lost: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
    loc: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    dev: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ifindex: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    netns: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    netns_name: Option<&'a str>,
    /// The innermost frame first.
    #[serde(skip_serializing_if = "Option::is_none")]
    stack: Option<Vec<String>>,
}

/// Lines together.
#[derive(Debug, Serialize)]
struct More {
    kinds: usize,
    count: u64,
    total: u64,
}

impl View for Objects {
    fn show(&mut self, out: &mut Vec<u8>, interval: &Interval<'_>) -> Result<()> {
        let all = interval.all();
        let active = interval.active();
        let (shown, left_out) = active.split_at(active.len().min(interval.most));
        let more = Sum::of(left_out.iter().copied());
        let time = Timestamp::from_nanosecond(interval.time.into())?;
        let table = Table {
            time: format!("{time:.9}"),
            period: interval.seconds(),
            count: all.drops.now,
            total: all.drops.total,
            lost: interval.may_lose.then_some(all.lost.now),
            nested: interval.nested.now,
            uncounted: interval.uncounted.now,
            rows: shown.iter().map(|line| row(interval, line)).collect(),
            more: (more.kinds > 0).then_some(More {
                kinds: more.kinds,
                count: more.drops.now,
                total: more.drops.total,
            }),
        };
        json::value(out, &table)
    }
}

fn row<'a>(interval: &Interval<'_>, line: &Line<'a>) -> Row<'a> {
    let place = line.place;
    let known = |number: u32| (number != 0).then_some(number);
    Row {
        count: line.drops.now,
        total: line.drops.total,
        lost: interval.may_lose.then_some(line.lost.now),
        reason: place.reason.as_deref(),
        loc: &place.location,
        dev: line.device,
        ifindex: known(place.ifindex),
        netns: known(place.netns),
        netns_name: namespace(line),
        stack: line.stack.and_then(stack::frames),
    }
}

/// The namespace's name, which stands behind the interface's where it has one.
fn namespace<'a>(line: &Line<'a>) -> Option<&'a str> {
    let behind = line.place.interface.strip_prefix(line.device?)?;
    let name = behind.strip_prefix('@')?;
    (name != line.place.netns.to_string()).then_some(name)
}
