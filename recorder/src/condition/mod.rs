//! What `--until` waits for: drops that have these pairs, in the words of a packet's second comment.
//!
//! What drops of a kind have in common is looked at once a kind, the rest at each drop.

mod here;
mod pair;
#[cfg(test)]
mod tests;
mod values;

use std::str::FromStr;

use self::pair::{OF_KIND, Pair};
use crate::{
    filter::names::Reason,
    logfmt::{self, Pairs},
    text::printable,
};

/// Pairs that a drop must all have.
#[derive(Clone, Debug, PartialEq)]
pub struct All {
    of_kind: Vec<Pair>,
    of_drop: Vec<Pair>,
}

/// Drops that have all pairs of any of these; of none: no drop.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Condition {
    any: Vec<All>,
}

/// What a condition comes to for drops of a kind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Verdict {
    /// None of them meets it.
    #[default]
    Never,
    /// Each of them does.
    Always,
    /// Those that have all other pairs of one of these.
    Perhaps(Vec<usize>),
}

impl FromStr for All {
    type Err = String;

    fn from_str(typed: &str) -> Result<Self, String> {
        let line = format!("droprec v=1 {}", spaced(typed));
        let mut pairs = logfmt::pairs(&line).unwrap_or_default();
        pairs.next();
        let mut all = Self {
            of_kind: Vec::new(),
            of_drop: Vec::new(),
        };
        loop {
            let rest = pairs.text();
            let Some((key, value)) = pairs.next() else {
                if rest.is_empty() {
                    break;
                }
                return Err(format!(
                    "it takes KEY=VALUE, several with a space between them, a value with spaces in quotes; this is none: {}",
                    printable(rest.trim())
                ));
            };
            // droprec itself quotes such a value.
            if value.contains('=') && !rest.contains('"') {
                return Err(format!(
                    "{} has a = in its value: put a space between two pairs, or the value in quotes",
                    printable(rest.trim())
                ));
            }
            let pair = Pair::new(key, &value)?;
            let mut before = all.of_kind.iter().chain(&all.of_drop);
            if let Some(other) = before.find(|other| !other.goes_with(&pair)) {
                return Err(format!(
                    "no drop has both {other} and {pair}: for drops that have either, give --until for each"
                ));
            }
            if OF_KIND.contains(&pair.key) {
                all.of_kind.push(pair);
            } else {
                all.of_drop.push(pair);
            }
        }
        if all.of_kind.is_empty() && all.of_drop.is_empty() {
            return Err("it takes KEY=VALUE, as in reason=NO_SOCKET".to_owned());
        }
        Ok(all)
    }
}

/// With one space between two pairs, whatever white space was typed there. In quotes it is a value's.
fn spaced(typed: &str) -> String {
    let mut line = String::new();
    let (mut is_quoted, mut is_escaped) = (false, false);
    for typed in typed.trim().chars() {
        if typed.is_ascii_whitespace() && !is_quoted {
            if !line.ends_with(' ') {
                line.push(' ');
            }
            continue;
        }
        if typed == '"' && !is_escaped && (is_quoted || line.ends_with('=')) {
            is_quoted = !is_quoted;
        }
        is_escaped = is_quoted && typed == '\\' && !is_escaped;
        line.push(typed);
    }
    line
}

impl Condition {
    /// Drops that meet any of these.
    #[must_use]
    pub fn any(any: Vec<All>) -> Self {
        Self { any }
    }

    /// No drop meets it, as nothing was asked for.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.any.is_empty()
    }

    /// As it was typed, fit to print.
    pub fn typed(&self) -> impl Iterator<Item = String> {
        let pairs = |all: &All| {
            let pairs = all.of_kind.iter().chain(&all.of_drop);
            pairs.map(Pair::to_string).collect::<Vec<_>>().join(" ")
        };
        self.any.iter().map(pairs)
    }

    /// The reasons that are waited for.
    pub fn reasons(&self) -> impl Iterator<Item = Reason> {
        let pairs = self.any.iter().flat_map(|all| &all.of_kind);
        let reasons = pairs.filter(|pair| pair.key == "reason");
        reasons.filter_map(|pair| pair.value.parse().ok())
    }

    /// It waits for a place, which takes the names of functions.
    #[must_use]
    pub fn needs_symbols(&self) -> bool {
        let mut pairs = self.any.iter().flat_map(|all| &all.of_kind);
        pairs.any(|pair| pair.key == "loc")
    }

    /// What it comes to for drops that have these pairs in common.
    #[must_use]
    pub fn of_kind(&self, pairs: &Pairs<'_>) -> Verdict {
        let mut perhaps = Vec::new();
        for (index, all) in self.any.iter().enumerate() {
            if all.of_kind.iter().all(|pair| pair.is_met(pairs)) {
                if all.of_drop.is_empty() {
                    return Verdict::Always;
                }
                perhaps.push(index);
            }
        }
        match perhaps[..] {
            [] => Verdict::Never,
            _ => Verdict::Perhaps(perhaps),
        }
    }

    /// Whether a drop meets it, by what it comes to for the kind, and by the drop's own pairs.
    #[must_use]
    pub fn is_met(&self, verdict: &Verdict, own: &Pairs<'_>) -> bool {
        let has_all = |index: &usize| {
            let mut pairs = self.any[*index].of_drop.iter();
            pairs.all(|pair| pair.is_met(own))
        };
        match verdict {
            Verdict::Never => false,
            Verdict::Always => true,
            Verdict::Perhaps(alternatives) => alternatives.iter().any(has_all),
        }
    }
}
