//! What came most often, in bounded memory.
//!
//! A flood of ever new things must not push out one that comes again and again, nor take memory: this is the space-saving
//! algorithm (Metwally, Agrawal, El Abbadi: "Efficient Computation of Frequent and Top-k Elements in Data Streams", 2005).
//! What is new takes the place of the rarest one, and its count; how much of a count may be others' is kept with it.

use std::{cmp::Reverse, ops::Deref};

/// Something, and how often it came.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counted<T> {
    of: T,
    /// How often it came, at most.
    count: u64,
    /// How much of the count may be others'.
    others: u64,
}

impl<T> Counted<T> {
    /// How often it came, at least.
    #[must_use]
    pub fn at_least(&self) -> u64 {
        self.count - self.others
    }

    /// Whether it came exactly that often.
    #[must_use]
    pub fn is_exact(&self) -> bool {
        self.others == 0
    }
}

impl<T> Deref for Counted<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.of
    }
}

/// The most frequent ones of at most `MAX` that are kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Frequent<T, const MAX: usize>(Vec<Counted<T>>);

impl<T: Default, const MAX: usize> Frequent<T, MAX> {
    /// Counts the one at `index` once more.
    pub fn count(&mut self, index: usize) {
        self.0[index].count += 1;
    }

    /// A place for a new one, which may be the rarest one's: it is there still, for [`Frequent::set`] to replace.
    pub fn place(&mut self) -> usize {
        if self.0.len() < MAX {
            self.0.push(Counted::default());
            return self.0.len() - 1;
        }
        let counts = self.0.iter().map(|kept| kept.count).enumerate();
        let rarest = counts.min_by_key(|(_, count)| *count);
        let index = rarest.map_or(0, |(index, _)| index);
        self.0[index].others = self.0[index].count;
        index
    }

    /// What is counted at a place.
    pub fn set(&mut self, index: usize) -> &mut T {
        &mut self.0[index].of
    }

    /// Those that are kept, by their places.
    #[must_use]
    pub fn kept(&self) -> &[Counted<T>] {
        &self.0
    }

    /// They, the most frequent first.
    #[must_use]
    pub fn by_count(&self) -> Vec<&Counted<T>> {
        let mut kept: Vec<&Counted<T>> = self.0.iter().collect();
        kept.sort_by_key(|kept| Reverse(kept.at_least()));
        kept
    }
}
