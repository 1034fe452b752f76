//! Whether drops at a place raise a counter, by the rules.
//!
//! A hostile file has very many of both. What patterns say is found out once of each place and once of each counter, so that
//! little is left to do for each pair of them.

use super::rules::{Counter, Raised, Rule, UNTOLD, rules};
use crate::{
    counters::{Rise, Source},
    enrich::rows::{Place, Row},
    explain,
};

/// A counter that rose, and the rules that tell of it, by their order.
pub(super) struct Raisable<'a> {
    rise: &'a Rise,
    rules: Vec<(usize, Raised)>,
}

impl<'a> Raisable<'a> {
    pub(super) fn of(rise: &'a Rise) -> Self {
        let is_its = |rule: &Rule| rule.raises.iter().any(|counter| is_counter(rise, counter));
        let rules = rules().enumerate().filter(|(_, rule)| is_its(rule));
        Self {
            rise,
            rules: rules.map(|(order, rule)| (order, rule.raised)).collect(),
        }
    }

    /// Whether drops may raise it in place of another one.
    pub(super) fn may_be_instead(&self) -> bool {
        self.rules
            .iter()
            .any(|(_, raised)| *raised == Raised::Instead)
    }
}

/// The drops of a row.
pub(super) struct Drops<'rows, 'rises> {
    pub(super) row: &'rows Row,
    /// How they raise what a rule says, in the order of the rules. `None`: it tells of others.
    said: Vec<Option<Raised>>,
    /// Of the counters that some of them may have raised in place of others, the first two: one of them is another than
    /// whichever is asked of.
    instead: Vec<&'rises Rise>,
}

impl<'rows, 'rises> Drops<'rows, 'rises> {
    /// `instead`: counters that drops may raise in place of others.
    pub(super) fn of(row: &'rows Row, instead: &[Raisable<'rises>]) -> Self {
        let mut drops = Self {
            row,
            said: rules().map(|rule| said(rule, &row.place)).collect(),
            instead: Vec::new(),
        };
        let raised = instead
            .iter()
            .filter(|counter| drops.how(counter) == Some(Raised::Instead));
        drops.instead = raised.map(|counter| counter.rise).take(2).collect();
        drops
    }

    /// Whether they raise a counter: `Some(true)` all of them, `Some(false)` perhaps some, `None` none.
    pub(super) fn raise(&self, counter: &Raisable<'_>) -> Option<bool> {
        let how = self.how(counter)?;
        let is_home_known = self.row.place.netns != 0 || counter.rise.netns == 0;
        Some(how == Raised::ByAll && is_home_known && !self.raised_another(counter.rise))
    }

    /// Whether some of them may have raised another counter that rose, in place of this one.
    fn raised_another(&self, rise: &Rise) -> bool {
        self.instead.iter().any(|other| other.key() != rise.key())
    }

    /// How they raise a counter; the surest of what the rules say.
    fn how(&self, counter: &Raisable<'_>) -> Option<Raised> {
        let (place, rise) = (&self.row.place, counter.rise);
        let is_at_home = match (rise.netns, rise.ifindex) {
            (0, _) => true,
            // What is dropped without an interface may be any namespace's.
            (netns, 0) => [netns, 0].contains(&place.netns),
            (netns, ifindex) => (place.netns, place.ifindex) == (netns, ifindex),
        };
        let is_near = |raised: Raised| match raised {
            Raised::Elsewhere => !is_at_home && hands_over(rise),
            _ => is_at_home,
        };
        let near = counter.rules.iter().filter(|(_, raised)| is_near(*raised));
        near.filter_map(|(order, _)| self.said[*order]).min()
    }
}

/// How drops at a place raise what a rule says. `None`: it tells of others.
fn said(rule: &Rule, place: &Place) -> Option<Raised> {
    let function = explain::function(&place.location);
    let is_there =
        rule.functions.is_empty() || rule.functions.iter().any(|of| is_like(of, function));
    if !is_there {
        return None;
    }
    // That one says that there is no reason, too.
    let reason = place.reason.as_deref();
    let reason = reason.filter(|reason| *reason != "NOT_SPECIFIED");
    let is_because = |reason| rule.reasons.iter().any(|of| is_like(of, reason));
    if rule.reasons.is_empty() || is_because(reason.unwrap_or(UNTOLD)) {
        return Some(rule.raised);
    }
    // Where only the reason would tell.
    (reason.is_none() && !rule.functions.is_empty()).then_some(Raised::BySome)
}

/// Whether it is an interface that takes packets from another one, or gives them to it.
fn hands_over(rise: &Rise) -> bool {
    let kinds = [
        "veth", "macvlan", "macvtap", "ipvlan", "ipvtap", "netkit", "vxcan",
    ];
    kinds.contains(&rise.driver.as_str())
}

pub(super) fn is_counter(rise: &Rise, (source, name): &Counter) -> bool {
    if *source != rise.source {
        return false;
    }
    if *source == Source::Qdisc {
        let is_in = ["ingress ", "clsact "]
            .iter()
            .any(|kind| rise.part.starts_with(kind));
        return rise.name == "drops" && *name == if is_in { "drops in" } else { "drops out" };
    }
    is_like(name, &rise.name)
}

/// Whether a text is as a pattern says, in which one `*` may stand for anything.
pub(crate) fn is_like(pattern: &str, text: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == text,
        Some((head, tail)) => {
            text.len() >= head.len() + tail.len() && text.starts_with(head) && text.ends_with(tail)
        }
    }
}
