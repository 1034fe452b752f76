//! What `--no-noise` leaves out, and why.

use super::card::{Card, Kind};
use crate::filter::noise::members;

const MEANING: &str = "What --no-noise leaves out, and counts as filtered: drops that are normal life on a healthy machine and \
tell of no loss. Where a kernel gives no reasons, those that are told by one are not left out. More is harmless for most, and \
may be trouble for others: --not-reason and --not-location leave that out.";

/// What it is, and each kind of it.
pub(super) fn cards() -> Vec<Card> {
    let each = members()
        .iter()
        .map(|member| Card::of(Kind::Noise, member.name(), member.why));
    [Card::of(Kind::Noise, "noise", MEANING)]
        .into_iter()
        .chain(each)
        .collect()
}

/// What is to be told of it with a reason, or with a place. `name`: of an explanation.
pub(super) fn told(name: &str) -> Option<String> {
    let member = members()
        .iter()
        .find(|member| member.reason == Some(name) || member.functions.contains(&name))?;
    Some(format!(
        "--no-noise leaves out {}. {}",
        member.name(),
        member.why
    ))
}
