//! From the kernel half's counts, which only grow, to what is new since the last table.

use std::{collections::HashMap, ops::AddAssign};

use anyhow::Result;
use droprec_ebpf::record::{Counters, Kind, Tally};

use super::Line;
use crate::enrich::{Finding, Spot, devices::Devices, rows::Rows};

/// Drops since the last table, and since the beginning.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// Since the last table.
    pub now: u64,
    /// Since the beginning.
    pub total: u64,
}

impl Count {
    fn add(&mut self, drops: u64) {
        self.now += drops;
        self.total += drops;
    }

    fn rise_to(&mut self, total: u64) {
        self.add(total.saturating_sub(self.total));
    }
}

impl AddAssign for Count {
    fn add_assign(&mut self, other: Self) {
        self.now += other.now;
        self.total += other.total;
    }
}

/// What was read so far.
#[derive(Debug, Default)]
pub struct Counts {
    /// What the kernel half had counted of each kind.
    read: HashMap<Kind, Tally>,
    /// By the row, and the fingerprint of the call stack.
    lines: HashMap<(usize, u64), Counted>,
    /// Drops that no program of the kernel half has seen.
    pub nested: Count,
    /// Drops that it had too many kinds for.
    pub uncounted: Count,
}

/// Drops of a line.
#[derive(Debug, Default)]
struct Counted {
    spot: Spot,
    address: u64,
    drops: Count,
    lost: Count,
}

impl Counts {
    /// Takes what the kernel half has counted by now. `spot`: where a kind is counted that has so much more.
    pub fn take(
        &mut self,
        tallies: impl IntoIterator<Item = (Kind, Tally)>,
        counters: &Counters,
        mut spot: impl FnMut(&Kind, Tally) -> Result<Spot>,
    ) -> Result<()> {
        for (kind, tally) in tallies {
            let before = self.read.insert(kind, tally).unwrap_or_default();
            let new = Tally {
                drops: tally.drops.saturating_sub(before.drops),
                lost: tally.lost.saturating_sub(before.lost),
                // They are among the drops.
                limited: 0,
            };
            if new != Tally::default() {
                let spot = spot(&kind, new)?;
                let line = self.line(spot, kind.stack, kind.location);
                line.drops.add(new.drops);
                line.lost.add(new.lost);
            }
        }
        // One that is about to be seen by the spare program is not missed. It came into the midst of one that is busy.
        let missed = counters.nested.saturating_sub(counters.busy);
        self.nested.rise_to(missed);
        self.uncounted.rise_to(counters.uncounted);
        Ok(())
    }

    /// Counts a drop that the kernel half does not.
    pub fn add(&mut self, finding: &Finding<'_>) {
        let record = &finding.event.record;
        let spot = Spot {
            row: finding.kind.row,
            device: finding.kind.device,
            stack: finding.stack.map(str::to_owned),
        };
        self.add_one(spot, record.stack, record.location);
    }

    /// Counts a drop at a spot. `stack`: the fingerprint of its call stack; `address`: its location.
    pub fn add_one(&mut self, spot: Spot, stack: u64, address: u64) {
        self.line(spot, stack, address).drops.add(1);
    }

    /// The line of a spot. `stack`: the fingerprint of its call stack; `address`: its location.
    fn line(&mut self, spot: Spot, stack: u64, address: u64) -> &mut Counted {
        let line = self.lines.entry((spot.row, stack)).or_default();
        // What is once known of a stack may be forgotten later.
        let stack = spot.stack.or_else(|| line.spot.stack.take());
        line.spot = Spot { stack, ..spot };
        line.address = address;
        line
    }

    /// Drops of all lines, since the beginning, that were not lost.
    #[must_use]
    pub fn kept(&self) -> u64 {
        let kept = |line: &Counted| line.drops.total.saturating_sub(line.lost.total);
        self.lines.values().map(kept).sum()
    }

    /// Nothing is new since the last table.
    #[must_use]
    pub fn is_still(&self) -> bool {
        let is_still = |count: &Count| count.now == 0;
        let mut lines = self.lines.values();
        is_still(&self.nested)
            && is_still(&self.uncounted)
            && lines.all(|line| is_still(&line.drops) && is_still(&line.lost))
    }

    /// All lines of a table, in no order.
    #[must_use]
    pub fn lines<'a>(&'a self, rows: &'a Rows, devices: &'a Devices) -> Vec<Line<'a>> {
        let line = |counted: &'a Counted| {
            let device = devices.get(counted.spot.device);
            Line {
                place: rows.place(counted.spot.row),
                device: (device.ifindex != 0).then_some(&device.name),
                address: counted.address,
                stack: counted.spot.stack.as_deref(),
                drops: counted.drops,
                lost: counted.lost,
            }
        };
        self.lines.values().map(line).collect()
    }

    /// From here on is the next table.
    pub fn next(&mut self) {
        self.nested.now = 0;
        self.uncounted.now = 0;
        for line in self.lines.values_mut() {
            line.drops.now = 0;
            line.lost.now = 0;
        }
    }
}
