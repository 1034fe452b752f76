//! The counters that explanations name, besides those that a recording reads: `nstat: TcpExtTCPMD5NotFound`.

use super::{
    card::{Card, Cause, Kind},
    counter::is,
};
use crate::explain::{Explanation, places, reasons};

/// What shows the counters that a network namespace has.
pub(super) const NSTAT: &str = "nstat";

fn all() -> impl Iterator<Item = &'static Explanation> {
    reasons::all().chain(places::all())
}

/// What shows them, and their names: of `ip -s link: rx errors, rx dropped`. What is in parentheses is no name.
fn parts(counters: &'static str) -> Option<(&'static str, impl Iterator<Item = &'static str>)> {
    let (tool, names) = counters.split_once(": ")?;
    Some((tool, bare(names).split(", ")))
}

fn bare(names: &str) -> &str {
    names.split(" (").next().unwrap_or_default()
}

/// The explanations that name this counter of that tool.
pub(super) fn explanations(
    tool: &'static str,
    name: &str,
) -> impl Iterator<Item = &'static Explanation> {
    all().filter(move |of| {
        of.counters.iter().any(|counters| {
            parts(counters).is_some_and(|(by, mut names)| by == tool && names.any(|of| of == name))
        })
    })
}

/// Without what shows it, where that stands before a name.
pub(super) fn without_tool(text: &str) -> &str {
    let Some((tool, name)) = text.split_once(": ") else {
        return text;
    };
    let mut counters = all().flat_map(|of| of.counters);
    let is_tool = counters.any(|counters| parts(counters).is_some_and(|(by, _)| by == tool));
    if is_tool { bare(name) } else { text }
}

/// What is known of the counters of that name.
pub(super) fn cards(name: &str) -> Vec<Card> {
    let named = all().flat_map(|of| of.counters).filter_map(|counters| {
        let (tool, mut names) = parts(counters)?;
        Some((tool, names.find(|of| is(of, name))?))
    });
    let mut found: Vec<(&str, &str)> = named.collect();
    found.sort_unstable();
    found.dedup();
    found.into_iter().map(card).collect()
}

fn card((tool, name): (&'static str, &'static str)) -> Card {
    let shown = match tool {
        NSTAT => format!("A counter of a network namespace: `nstat -az {name}`."),
        file if file.starts_with('/') => format!("A counter in {file}."),
        command => format!("A counter that `{command}` shows."),
    };
    let mut card = Card::of(Kind::Counter, name, shown);
    card.meaning.push_str(" These drops raise it:");
    let causes = explanations(tool, name).map(|of| Cause {
        name: of.name,
        phrase: of.phrase,
        is_certain: false,
    });
    card.raised_by = causes.collect();
    card
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::explain::verb::counter;

    #[test]
    fn each_counter_that_an_explanation_names_is_known_and_nstats_lead_back_to_it() {
        for of in all() {
            for counters in of.counters {
                let (tool, names) = parts(counters).unwrap_or_else(|| panic!("{counters}"));
                for asked in names.chain([*counters]) {
                    let cards = counter::cards(asked);
                    let mut causes = cards.iter().flat_map(|card| &card.raised_by);
                    let is_there = causes.any(|cause| cause.name == of.name);
                    assert!(!cards.is_empty(), "{asked}");
                    assert!(is_there || tool != NSTAT, "{asked}: {}", of.name);
                }
            }
        }
    }
}
