//! Whose turn it is: drops that come by the ring and by lanes are read in the order that they happened.
//!
//! Each of them has its own in that order, or very nearly (a drop has its time before it is written). It is looked how far all
//! were written; of what is there by then, the earliest comes first. What was dropped after the look began may come after one that
//! was not there yet where it was looked first: so it is left for the next time. And what stands in the ring behind an item that
//! is being written still may be before anything else: so that is waited for.

use std::{cmp::Reverse, collections::BinaryHeap};

/// Whose item it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Whose {
    /// The ring's.
    Ring,
    /// That of the lane of a processor.
    Lane(usize),
}

/// What the kernel half writes.
pub(super) trait Written {
    /// Nanoseconds of `CLOCK_BOOTTIME` now.
    fn now(&self) -> u64;
    /// Looks how far the ring was written, and then each lane. How many lanes there are.
    fn look(&mut self) -> usize;
    /// When the next item was that was there by then.
    fn time(&mut self, whose: Whose) -> Option<u64>;
    /// Whether the next item of the ring is being written still.
    fn is_busy(&mut self) -> bool;
}

/// The turns, since it was looked last.
#[derive(Debug, Default)]
pub(super) struct Turns {
    current: Option<Whose>,
    /// Up to here in time it is the turn of the current one, in nanoseconds of `CLOCK_BOOTTIME`.
    until: u64,
    /// Up to here it is clear what came when.
    horizon: u64,
    /// When the next item of each of the others was.
    others: BinaryHeap<Reverse<(u64, Whose)>>,
}

impl Turns {
    /// Whose item comes next. `None`: there is none, or it is being written still.
    pub(super) fn next(&mut self, written: &mut impl Written) -> Option<Whose> {
        if let Some(current) = self.current
            && let Some(time) = written.time(current)
        {
            if time <= self.until {
                return Some(current);
            }
            self.others.push(Reverse((time, current)));
        }
        self.current = None;
        if written.is_busy() || !self.is_clear() {
            self.look(written);
        }
        if !written.is_busy() && !self.is_clear() && !self.others.is_empty() {
            // What is there by now came after the first look; what came before it is seen at the second.
            self.look(written);
        }
        if written.is_busy() {
            // Whatever it will be is to be seen at the next look.
            self.others.clear();
            return None;
        }
        if !self.is_clear() {
            // This process's clock need not be the kernel's.
            self.horizon = u64::MAX;
        }
        let Reverse((_, next)) = self.others.pop()?;
        let until = self.others.peek().map_or(u64::MAX, |other| other.0.0);
        self.until = until.min(self.horizon);
        self.current = Some(next);
        self.current
    }

    /// Whether it is clear what comes next.
    fn is_clear(&self) -> bool {
        let next = self.others.peek();
        next.is_some_and(|next| next.0.0 <= self.horizon)
    }

    /// Looks how far all were written.
    fn look(&mut self, written: &mut impl Written) {
        self.horizon = written.now();
        let lanes = (0..written.look()).map(Whose::Lane);
        self.others.clear();
        for whose in lanes.chain([Whose::Ring]) {
            if let Some(time) = written.time(whose) {
                self.others.push(Reverse((time, whose)));
            }
        }
    }
}

#[cfg(test)]
mod tests;
