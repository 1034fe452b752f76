//! Which lines of a table come first.

use std::cmp::{Ordering, Reverse};

use clap::ValueEnum;

use super::Line;

/// What `--sort` names.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Order {
    /// Those with most drops in the interval
    #[default]
    Count,
    /// Those with most drops since the beginning
    Total,
    /// By the location's name
    Location,
    /// By the reason's name
    Reason,
    /// By the interface's name
    Interface,
}

impl Order {
    /// Puts the lines in order. What is alike in it is ordered by count, so that the order of two tables is the same.
    pub fn sort(self, lines: &mut [Line<'_>]) {
        lines.sort_by(|one, other| self.first(one, other).then_with(|| then(one, other)));
    }

    fn first(self, one: &Line<'_>, other: &Line<'_>) -> Ordering {
        match self {
            Self::Count => Ordering::Equal,
            Self::Total => other.drops.total.cmp(&one.drops.total),
            Self::Location => one.place.location.cmp(&other.place.location),
            Self::Reason => one.place.reason.cmp(&other.place.reason),
            Self::Interface => one.place.interface.cmp(&other.place.interface),
        }
    }
}

fn then(one: &Line<'_>, other: &Line<'_>) -> Ordering {
    let drops = |line: &Line<'_>| Reverse((line.drops.now, line.drops.total));
    drops(one)
        .cmp(&drops(other))
        .then_with(|| names(one).cmp(&names(other)))
}

fn names<'a>(line: &Line<'a>) -> [&'a str; 3] {
    let place = line.place;
    let reason = place.reason.as_deref().unwrap_or_default();
    [&place.location, reason, &place.interface]
}
