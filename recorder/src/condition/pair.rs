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
    /// As it was typed.
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
        // The names of reasons are in capital letters, with a prefix that nobody needs to type.
        let upper = value.to_ascii_uppercase();
        let value = match key {
            "reason" => upper.strip_prefix("SKB_DROP_REASON_").unwrap_or(&upper),
            _ => value,
        };
        Ok(Self {
            key,
            glob: WildMatch::new(value),
            number: number(value),
            value: value.to_owned(),
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
        let without_module = location.split(" [").next().unwrap_or_default();
        let copy = without_module.split('+').next().unwrap_or_default();
        let function = explain::function(location);
        [
            location,
            without_module,
            copy,
            function,
            explain::within(function),
        ]
        .iter()
        .any(|name| self.is(name))
    }
}

impl fmt::Display for Pair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}={}", self.key, printable(&self.value))
    }
}
