//! What is found out of one drop, and its sentence.

use super::{Kind, pairs::pairs, roles::Role};
use crate::{
    condition::{Condition, Verdict},
    decode::Event,
    logfmt,
};

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
    /// What `--until` waits for.
    pub until: &'a Condition,
    /// The comment with its call stack, where that was asked for and could be had.
    pub stack: Option<&'a str>,
}

impl Finding<'_> {
    /// It is one that `--until` waits for.
    #[must_use]
    pub fn is_awaited(&self) -> bool {
        let of_kind = &self.kind.awaited;
        if *of_kind == Verdict::Never {
            return false;
        }
        let mut text = String::new();
        pairs(&mut text, self);
        let own = logfmt::pairs(&text).unwrap_or_default().from_len();
        self.until.is_met(of_kind, &own)
    }
}

/// The sentence of a finding, in two pieces: `STP BPDU dropped, no handler for its protocol: UNHANDLED_PROTO at … (eth0 in)`.
#[must_use]
pub fn sentence<'a>(finding: &Finding<'a>) -> [&'a str; 2] {
    [finding.what, &finding.kind.sentence]
}
