//! Which packet of a file `--until` waits for.

use super::entry::{Entry, Told};
use crate::{
    condition::{Condition, Verdict},
    logfmt, text,
};

/// What is waited for, and what was found of the last kind met: drops come in runs.
#[derive(Debug)]
pub struct Until<'c> {
    condition: &'c Condition,
    kind: String,
    verdict: Verdict,
}

impl<'c> Until<'c> {
    /// Nothing has come yet.
    #[must_use]
    pub fn new(condition: &'c Condition) -> Self {
        Self {
            condition,
            kind: String::new(),
            verdict: Verdict::Never,
        }
    }

    /// Whether this is it.
    pub fn is_met(&mut self, entry: &Entry<'_>) -> bool {
        if self.condition.is_empty() {
            return false;
        }
        match &entry.told {
            Some(told) => self.is_met_by(told),
            None => self.is_met_by_foreign(entry),
        }
    }

    fn is_met_by(&mut self, told: &Told<'_>) -> bool {
        let kind = told.kind();
        if self.kind != kind {
            let pairs = logfmt::pairs(kind).unwrap_or_default();
            self.verdict = self.condition.of_kind(&pairs);
            kind.clone_into(&mut self.kind);
        }
        self.condition.is_met(&self.verdict, &told.own())
    }

    /// By what is known of a packet that droprec did not record.
    fn is_met_by_foreign(&self, entry: &Entry<'_>) -> bool {
        let mut line = "droprec v=1".to_owned();
        for (key, value) in entry.pairs() {
            line.extend([" ", key, "="]);
            text::logfmt(&mut line, &value);
        }
        let pairs = logfmt::pairs(&line).unwrap_or_default();
        let verdict = self.condition.of_kind(&pairs);
        self.condition.is_met(&verdict, &pairs)
    }
}
