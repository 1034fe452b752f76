//! Drops of which nothing but the kind is known, as no packet was recorded of them.

use std::{
    iter::Sum,
    ops::{Add, Sub},
};

/// So many drops that filters want, by what kept them from being recorded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Absent {
    /// The ring had no room for them.
    pub lost: u64,
    /// There were more of their kind than `--rate` or `--sample` lets in.
    pub limited: u64,
}

/// A column of a table of drops: its title, and its number of a line.
pub type Column = (&'static str, fn(Absent) -> u64);

impl Absent {
    /// All of them.
    #[must_use]
    pub fn total(self) -> u64 {
        self.lost.saturating_add(self.limited)
    }

    /// Each number with the title of its column in a table of drops: only where this has any.
    pub fn columns(self) -> impl Iterator<Item = Column> {
        let columns: [Column; 2] = [
            ("of these lost", |of| of.lost),
            ("of these rate-limited", |of| of.limited),
        ];
        columns
            .into_iter()
            .filter(move |(_, count)| count(self) > 0)
    }

    /// Each number, as this has it.
    #[must_use]
    pub fn map(self, of: impl Fn(u64) -> u64) -> Self {
        Self {
            lost: of(self.lost),
            limited: of(self.limited),
        }
    }
}

impl Add for Absent {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            lost: self.lost.saturating_add(other.lost),
            limited: self.limited.saturating_add(other.limited),
        }
    }
}

impl Sum for Absent {
    fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
        all.fold(Self::default(), Self::add)
    }
}

/// No less than nothing: counts are read one after the other.
impl Sub for Absent {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self {
            lost: self.lost.saturating_sub(other.lost),
            limited: self.limited.saturating_sub(other.limited),
        }
    }
}
