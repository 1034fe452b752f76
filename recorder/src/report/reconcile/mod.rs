//! Reconciles counters with drops: which rises the drops explain, how many and which, and which not.
//!
//! It takes what a file keeps as well: the rows of the table, the rises and the books. Counters are read before a recording is
//! armed and after it has ended, so what is not explained may have been dropped then; nothing else is claimed of it than what
//! `rest` and [`blind`] know.

pub mod blind;
mod comments;
pub(super) mod lines;
mod matching;
pub mod object;
pub(super) mod rest;
pub(crate) mod rules;
#[cfg(test)]
mod tests;

use std::{collections::HashSet, sync::LazyLock};

use self::{
    matching::{Drops, Raisable, is_counter},
    rules::rules,
};
use crate::{
    counters::{Rise, Source},
    enrich::rows::{Place, Row, Rows},
};

pub use comments::comments;
pub(crate) use matching::is_like;

pub use lines::{text, verdicts};

/// Places that are told of a counter; what is dropped at further ones is told together.
const MAX_PLACES: usize = 256;
/// Stands for these.
static OTHERS: LazyLock<Place> = LazyLock::new(|| Place {
    location: "(others)".to_owned(),
    ..Place::default()
});

/// A counter that tells of losses and rose, and what explains it.
#[derive(Debug)]
pub struct Finding<'a> {
    /// The counter.
    pub rise: Rise,
    /// The drops that raised it, the surest and most frequent first.
    pub parts: Vec<Part<'a>>,
    /// How much of the rise no drop explains.
    pub rest: u64,
    /// Drops beyond the rise that should have raised it.
    pub surplus: u64,
    /// Drops that raised it, if their interface is the same one, which was in another namespace at the time.
    pub astray: Option<Astray<'a>>,
}

/// Drops of interfaces whose own counters could not be read both times.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Astray<'a> {
    /// What the one that dropped most is called.
    pub interface: &'a str,
    /// There is no other one.
    pub is_one: bool,
    /// How many there are.
    pub drops: u64,
}

/// Drops of a row that raised a counter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part<'a> {
    /// Where and why they were dropped.
    pub place: &'a Place,
    /// How many of them the counter tells of, at most where they are not certain.
    pub explains: u64,
    /// How many there are of them.
    pub drops: u64,
    /// Each of them raises the counter. False: some do, or the kernel does not say why it dropped them.
    pub is_certain: bool,
}

/// What the drops explain of the rises. A counter that tells of no loss is left out.
#[must_use]
pub fn reconcile<'a>(rows: &'a Rows, rises: &[Rise]) -> Vec<Finding<'a>> {
    let counters = rises.iter().map(Raisable::of);
    let instead: Vec<Raisable> = counters.filter(Raisable::may_be_instead).collect();
    let rows = rows.by_count().into_iter();
    let drops: Vec<Drops> = rows.map(|row| Drops::of(row, &instead)).collect();
    let with_counters: HashSet<(u32, u32)> =
        rises.iter().map(|of| (of.netns, of.ifindex)).collect();
    let mut findings: Vec<Finding> = whole(rises)
        .into_iter()
        .filter(|rise| is_loss(rise) && !is_told_by_another(rise, rises))
        .map(|rise| explain(rise, &drops, &with_counters))
        .collect();
    // An interface's come before its namespace's, the host's last.
    findings.sort_by(|a, b| order(&a.rise).cmp(&order(&b.rise)));
    findings
}

fn order(rise: &Rise) -> (bool, u32, bool, u32, Source, &str, &str) {
    let Rise { netns, ifindex, .. } = *rise;
    (
        netns == 0,
        netns,
        ifindex == 0,
        ifindex,
        rise.source,
        &rise.part,
        &rise.name,
    )
}

/// The rises, those of the processors as one: a drop does not tell which one's backlog it was to go to.
fn whole(rises: &[Rise]) -> Vec<Rise> {
    let mut whole: Vec<Rise> = Vec::new();
    for rise in rises {
        let same = |other: &&mut Rise| other.source == Source::Softnet && other.name == rise.name;
        match whole.iter_mut().find(same) {
            Some(other) if rise.source == Source::Softnet => {
                other.before = other.before.saturating_add(rise.before);
                other.after = other.after.saturating_add(rise.after);
                other.margin = other.margin.saturating_add(rise.margin);
                other.part.push_str(", ");
                other.part.push_str(&rise.part);
            }
            _ => whole.push(rise.clone()),
        }
    }
    whole
}

/// Whether a counter tells of losses.
fn is_loss(rise: &Rise) -> bool {
    let is_raised = rules()
        .flat_map(|rule| rule.raises)
        .any(|counter| is_counter(rise, counter));
    is_raised || blind::culprit(rise).is_some()
}

/// Sums, whose parts tell all of it, and queueing disciplines below one that counts their drops too.
fn is_told_by_another(rise: &Rise, rises: &[Rise]) -> bool {
    let of_same = |other: &&Rise| {
        (other.netns, other.ifindex, other.source) == (rise.netns, rise.ifindex, rise.source)
    };
    let others = rises.iter().filter(of_same);
    match (rise.source, rise.name.as_str()) {
        (Source::Link, "rx_errors" | "tx_errors") => {
            let parts = others.filter(|other| {
                other.name.ends_with("_errors")
                    && other.name != rise.name
                    && other.name.get(..3) == rise.name.get(..3)
            });
            parts.map(Rise::by).fold(0, u64::saturating_add) >= rise.by()
        }
        (Source::Qdisc, "drops") if rise.part.contains(" parent ") => {
            let mut roots = others.filter(|other| other.part.ends_with(" root"));
            roots.any(|root| root.name == "drops" && root.by() >= rise.by())
        }
        _ => false,
    }
}

/// `with_counters`: the namespaces and indices of the interfaces of which a counter rose.
fn explain<'a>(
    rise: Rise,
    drops: &[Drops<'a, '_>],
    with_counters: &HashSet<(u32, u32)>,
) -> Finding<'a> {
    let counter = Raisable::of(&rise);
    let has_counters = |place: &Place| with_counters.contains(&(place.netns, place.ifindex));
    let moved = drops
        .iter()
        .filter(|drops| drops.raise_if_moved(&counter) && !has_counters(&drops.row.place));
    let astray = together(moved.map(|drops| drops.row));
    let raising = drops.iter().filter_map(|drops| {
        let is_raised_by_all = drops.raise(&counter)?;
        Some((
            drops.row,
            is_raised_by_all && is_after(drops.row, rise.since),
        ))
    });
    let (certain, perhaps): (Vec<_>, Vec<_>) = raising.partition(|(_, is_certain)| *is_certain);
    let (mut rest, mut surplus) = (rise.by(), 0);
    let mut parts = Vec::new();
    for (row, is_certain) in certain.into_iter().chain(perhaps) {
        let explains = rest.min(row.drops());
        rest -= explains;
        // Without a reason some of them may have been dropped for another one.
        if is_certain && row.place.reason.is_some() {
            surplus += row.drops() - explains;
        }
        if explains == 0 {
            continue;
        }
        let part = Part {
            place: &row.place,
            explains,
            drops: row.drops(),
            is_certain,
        };
        if parts.len() < MAX_PLACES {
            parts.push(part);
        } else if let Some(last) = parts.last_mut() {
            last.add(&part);
        }
    }
    Finding {
        rise,
        parts,
        rest,
        surplus,
        astray,
    }
}

/// All of them as one. The most frequent come first.
fn together<'a>(drops: impl Iterator<Item = &'a Row>) -> Option<Astray<'a>> {
    let mut all: Option<Astray> = None;
    for row in drops {
        let place = &row.place;
        let all = all.get_or_insert(Astray {
            interface: &place.interface,
            is_one: true,
            drops: 0,
        });
        all.is_one &= all.interface == place.interface;
        all.drops = all.drops.saturating_add(row.drops());
    }
    all
}

impl Part<'_> {
    /// Takes another one's drops, of which no place is told any more.
    fn add(&mut self, other: &Part<'_>) {
        self.place = &OTHERS;
        self.explains += other.explains;
        self.drops += other.drops;
        self.is_certain &= other.is_certain;
    }
}

/// Whether all drops of a row came after a counter was read first.
fn is_after(row: &Row, since: Option<u64>) -> bool {
    // Of those that were not recorded the time is not known.
    let of = |since| row.absent.total() == 0 && row.period.is_some_and(|(first, _)| first > since);
    since.is_none_or(of)
}
