//! A reconciled counter as a JSON object, for programs.

use serde::Serialize;

use super::{Finding, Part, rest::why};
use crate::report::accounting::Accounting;

/// A counter that tells of losses and rose.
#[derive(Debug, Serialize)]
pub struct Counter<'a> {
    name: String,
    source: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    part: String,
    /// The interface's name, or the namespace's; left out of the host's, and of droprec's own namespace.
    #[serde(skip_serializing_if = "String::is_empty")]
    of: String,
    netns: u32,
    ifindex: u32,
    rise: u64,
    from: u64,
    to: u64,
    /// In nanoseconds since 1970 UTC, where it was read first only after the recording began.
    #[serde(skip_serializing_if = "Option::is_none")]
    since: Option<u64>,
    /// Of the rise, how much came while the recording began or ended.
    margin: u64,
    /// Of the rise, in drops.
    explained: u64,
    unexplained: u64,
    /// Drops beyond the rise that should have raised it.
    surplus: u64,
    by: Vec<Drops<'a>>,
    /// Why the rest was not recorded.
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<String>,
}

/// Drops of a place that explain a rise.
#[derive(Debug, Serialize)]
struct Drops<'a> {
    explains: u64,
    of: u64,
    is_certain: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'a str>,
    loc: &'a str,
    interface: &'a str,
}

impl<'a> Counter<'a> {
    /// The object of a finding.
    #[must_use]
    pub fn of(finding: Finding<'a>, books: Option<Accounting>) -> Self {
        let why = why(&finding, books);
        let Finding {
            rise,
            parts,
            rest,
            surplus,
            astray: _,
        } = finding;
        Self {
            why,
            rise: rise.by(),
            explained: rise.by() - rest,
            unexplained: rest,
            surplus,
            by: parts.into_iter().map(Drops::of).collect(),
            source: rise.source.to_string(),
            netns: rise.netns,
            ifindex: rise.ifindex,
            from: rise.before,
            to: rise.after,
            since: rise.since,
            margin: rise.margin,
            name: rise.name,
            part: rise.part,
            of: rise.label,
        }
    }
}

impl<'a> Drops<'a> {
    fn of(part: Part<'a>) -> Self {
        Self {
            explains: part.explains,
            of: part.drops,
            is_certain: part.is_certain,
            reason: part.place.reason.as_deref(),
            loc: &part.place.location,
            interface: &part.place.interface,
        }
    }
}
