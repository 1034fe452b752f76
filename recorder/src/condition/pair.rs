//! One pair of what `--until` waits for: a key, and which of its values are meant.

use std::fmt;

use wildmatch::WildMatch;

use super::values;
use crate::{
    explain::{self, verb::near},
    logfmt::Pairs,
    text::printable,
};

/// Keys whose values drops of a kind have in common, as [`crate::enrich::words`] writes them.
pub(super) const OF_KIND: [&str; 17] = [
    "reason",
    "loc",
    "hw",
    "trap_group",
    "deferred",
    "dev",
    "ifindex",
    "indev",
    "iif",
    "netns",
    "netns_name",
    "dir",
    "pkt_type",
    "csum",
    "proto",
    "proto_is",
    "l2",
];
/// Keys of each drop, as [`crate::enrich::pairs`] writes them.
pub(super) const OF_DROP: [&str; 14] = [
    "len",
    "caplen",
    "gso",
    "mark",
    "prio",
    "hash",
    "queue",
    "cpu",
    "uid",
    "sock",
    "sock_role",
    "pid",
    "comm",
    "what",
];

/// A pair.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Pair {
    pub(super) key: &'static str,
    /// As it was typed; of a reason and a place, as drops have it.
    pub(super) value: String,
    /// `*` stands for any characters, `?` for one.
    glob: WildMatch,
    /// It is one, decimal or hexadecimal.
    pub(super) number: Option<u64>,
}

pub(super) fn number(text: &str) -> Option<u64> {
    match text.strip_prefix("0x") {
        Some(hex) => u64::from_str_radix(hex, 16).ok(),
        None => text.parse().ok(),
    }
}

impl Pair {
    pub(super) fn new(key: &str, value: &str) -> Result<Self, String> {
        let mut keys = OF_KIND.iter().chain(&OF_DROP).copied();
        let Some(key) = keys.clone().find(|known| *known == key) else {
            let near = near::among(key, keys.clone());
            let known = match near[..] {
                [] => keys.by_ref().collect::<Vec<_>>().join(", "),
                _ => format!("{} perhaps?", near.join(" or ")),
            };
            return Err(format!("{} is no key of a drop: {known}", printable(key)));
        };
        if value.is_empty() {
            return Err(format!("{key}= needs a value; {key}=* takes any"));
        }
        if let Some(has) = values::other_than(key, value) {
            return Err(format!(
                "no drop has {key}={}: {key} is {has}",
                printable(value)
            ));
        }
        let value = match key {
            "reason" => values::reason(value),
            "loc" => values::location(value),
            _ => value.to_owned(),
        };
        Ok(Self {
            key,
            glob: WildMatch::new(&value),
            number: number(&value),
            value,
        })
    }

    pub(super) fn is_met(&self, pairs: &Pairs<'_>) -> bool {
        let is_told = || pairs.get(self.key).is_some_and(|value| self.takes(&value));
        match self.key {
            "dev" | "indev" => is_told() || self.takes_label(pairs),
            // Who knows a namespace by its name need not know that there is a key of its own for it.
            "netns" => is_told() || pairs.get("netns_name").is_some_and(|name| self.is(&name)),
            _ => is_told(),
        }
    }

    /// An interface as lines and `-i` name it: with its namespace's name, or that one's number.
    fn takes_label(&self, pairs: &Pairs<'_>) -> bool {
        self.value.contains('@') && pairs.labels(self.key).any(|label| self.is(&label))
    }

    pub(super) fn takes(&self, value: &str) -> bool {
        if self.key == "loc" {
            return self.takes_location(value);
        }
        if self.key == "reason" {
            // Those of hardware are in small letters.
            return self.is(&value.to_ascii_uppercase());
        }
        self.is(value) || (self.number.is_some() && self.number == number(value))
    }

    /// Whether a text is meant as it stands.
    pub(super) fn is(&self, text: &str) -> bool {
        self.glob.matches(text)
    }

    /// As it is, without the module, the offset or the suffix of a compiler's copy, or as what it drops for.
    fn takes_location(&self, location: &str) -> bool {
        let (place, module) = match location.split_once(" [") {
            Some((place, module)) => (place, Some(module)),
            None => (location, None),
        };
        let copy = place.split('+').next().unwrap_or_default();
        let function = explain::function(location);
        let at_offset = place.replacen(copy, function, 1);
        let names = [place, copy, function, explain::within(function), &at_offset];
        let of_module = |name: &str| module.is_some_and(|of| self.is(&format!("{name} [{of}")));
        self.is(location) || names.iter().any(|name| self.is(name) || of_module(name))
    }

    /// What all ways to tell the same interface or place have in common: neither a namespace nor an offset.
    fn name(&self) -> &str {
        match self.key {
            "dev" | "indev" => self.value.split('@').next().unwrap_or_default(),
            "loc" => explain::within(explain::function(&self.value)),
            _ => &self.value,
        }
    }

    /// Whether a drop may have both, as far as two values tell. What has wildcards may be anything.
    pub(super) fn goes_with(&self, other: &Self) -> bool {
        let is_open = |pair: &Self| pair.value.contains(['*', '?']);
        if self.key != other.key || is_open(self) || is_open(other) {
            return true;
        }
        let is_at_offset = |pair: &Self| pair.key == "loc" && pair.value.contains('+');
        match (self.number, other.number) {
            (Some(one), Some(two)) => one == two,
            // It may be the number of what has that name.
            (Some(_), None) | (None, Some(_)) => true,
            (None, None) if is_at_offset(self) && is_at_offset(other) => {
                self.takes(&other.value) || other.takes(&self.value)
            }
            (None, None) => self.name() == other.name(),
        }
    }
}

impl fmt::Display for Pair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}={}", self.key, printable(&self.value))
    }
}
