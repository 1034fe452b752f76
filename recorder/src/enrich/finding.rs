//! What is found out of one drop, and its sentence.

use super::{Kind, roles::Role};
use crate::decode::Event;

/// A drop, in words.
#[derive(Debug)]
pub struct Finding<'a> {
    /// The drop.
    pub event: &'a Event<'a>,
    /// What the frame is: `STP BPDU`.
    pub what: &'a str,
    /// What it has in common with others.
    pub kind: &'a Kind,
    /// Whose its socket is, where it has one and that is known.
    pub role: Option<Role>,
    /// It is one that `--until` waits for.
    pub is_awaited: bool,
    /// The comment with its call stack, where that was asked for and could be had.
    pub stack: Option<&'a str>,
}

/// The sentence of a finding, in two pieces: `STP BPDU dropped, no handler for its protocol: UNHANDLED_PROTO at … (eth0 in)`.
#[must_use]
pub fn sentence<'a>(finding: &Finding<'a>) -> [&'a str; 2] {
    [finding.what, &finding.kind.sentence]
}
