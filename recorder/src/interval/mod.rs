//! The tables of `--interval`: what was dropped where and why since the one before, from the kernel half's own counts.
//!
//! [`counts`] tells what is new, [`order`] what comes first; [`lines`], [`screen`], [`dropwatch`] and [`object`] show it.

pub mod cells;
pub mod counts;
pub mod dropwatch;
pub mod lines;
pub mod object;
pub mod order;
pub mod screen;
#[cfg(test)]
mod tests;

use std::time::Duration;

use anyhow::Result;
use clap::ValueEnum;

use self::{counts::Count, order::Order};
use crate::enrich::rows::Place;

/// The form of the tables.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Style {
    /// A line for each location, reason and interface
    #[default]
    Table,
    /// dropwatch's: a line for each location, with its address
    Dropwatch,
    /// An object for each table.
    #[value(skip)]
    Json,
}

/// A table.
#[derive(Debug)]
pub struct Interval<'a> {
    /// When it ended, nanoseconds since 1970 UTC.
    pub time: u64,
    /// How long it was.
    pub period: Duration,
    /// All kinds so far, in the order that was asked for.
    pub lines: Vec<Line<'a>>,
    /// That order.
    pub order: Order,
    /// Most lines to show; the rest is one more.
    pub most: usize,
    /// Drops go through the ring, and so may be lost.
    pub may_lose: bool,
    /// Drops that no program of the kernel half has seen, as they were in the midst of others on the same processor.
    pub nested: Count,
    /// Drops that the kernel half could not count by kind, as there were too many kinds.
    pub uncounted: Count,
}

/// Drops of a kind.
#[derive(Clone, Copy, Debug)]
pub struct Line<'a> {
    /// Where and why.
    pub place: &'a Place,
    /// The interface's own name; none where there is no interface.
    pub device: Option<&'a str>,
    /// The location's address.
    pub address: u64,
    /// The comment that tells of the call stack.
    pub stack: Option<&'a str>,
    /// How many.
    pub drops: Count,
    /// Of these, those that the ring had no room for.
    pub lost: Count,
}

/// Many lines together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sum {
    /// How many lines.
    pub kinds: usize,
    /// Their drops.
    pub drops: Count,
    /// Of these, those that the ring had no room for.
    pub lost: Count,
}

impl Sum {
    /// Of these lines.
    pub fn of<'a, 'b: 'a>(lines: impl IntoIterator<Item = &'a Line<'b>>) -> Self {
        let mut sum = Self::default();
        for line in lines {
            sum.kinds += 1;
            sum.drops += line.drops;
            sum.lost += line.lost;
        }
        sum
    }
}

impl<'a> Interval<'a> {
    /// The kinds of which there were drops in it.
    #[must_use]
    pub fn active(&self) -> Vec<&Line<'a>> {
        let lines = self.lines.iter();
        lines.filter(|line| line.drops.now > 0).collect()
    }

    /// All drops of it, those that are in no line too.
    #[must_use]
    pub fn all(&self) -> Sum {
        let mut all = Sum::of(&self.lines);
        all.drops += self.nested;
        all.drops += self.uncounted;
        all
    }

    /// How long it was in seconds, to the nanosecond: the number that is nearest to nine decimals, and is printed with them.
    #[must_use]
    pub fn seconds(&self) -> f64 {
        // Beyond 2^53 nanoseconds, a hundred days, nobody asks for the last one.
        #[expect(clippy::cast_precision_loss, reason = "as said above")]
        let nanoseconds = self.period.as_nanos() as f64;
        nanoseconds / 1e9
    }

    /// So many drops, a second.
    #[must_use]
    pub fn rate(&self, drops: u64) -> f64 {
        // More than 2^53 drops in an interval there never are.
        #[expect(clippy::cast_precision_loss, reason = "as said above")]
        let drops = drops as f64;
        drops / self.seconds().max(f64::EPSILON)
    }
}

/// A form of the tables.
pub trait View {
    /// Appends a table.
    fn show(&mut self, out: &mut Vec<u8>, interval: &Interval<'_>) -> Result<()>;

    /// Something else was printed, which is not to be overwritten.
    fn disturbed(&mut self) {}
}
