//! What a reason means, a place where the kernel drops packets, a trap of hardware: what to think of it, and what to do.
//!
//! Every entry was written with the kernel's source at hand; its `source` says where the kernel does what it tells of.

pub mod places;
pub mod reasons;
#[cfg(test)]
mod tests;
pub mod traps;
pub mod unhandled;
pub mod verb;

use std::fmt;

use serde::Serialize;

/// Reasons that say nothing, so that the place is asked.
const SAY_NOTHING: [&str; 2] = ["NOT_SPECIFIED", "SKB_NOT_DROPPED_YET"];

/// What is known of a reason, or of a place.
#[derive(Debug, PartialEq, Eq)]
pub struct Explanation {
    /// The reason's name without `SKB_DROP_REASON_`, the function, or the trap.
    pub name: &'static str,
    /// Half a sentence that follows "frame dropped, …": "no socket is open for it".
    pub phrase: &'static str,
    /// What it means, in plain words.
    pub meaning: &'static str,
    /// What to think of it.
    pub verdict: Verdict,
    /// What to look at or do next.
    pub check: &'static str,
    /// Counters that rise with it, as their own tools name them: `nstat: UdpNoPorts`. None are known of some.
    pub counters: &'static [&'static str],
    /// The first and the last that have it of the kernels that were looked at: of reasons those of `reasons/names.txt`,
    /// of places 5.10, 6.1, 6.12, 6.18 and 7.2. Of a reason that came and went between these, the first.
    pub kernels: (&'static str, &'static str),
    /// Where the kernel drops like this: files and functions, with a version.
    pub source: &'static str,
}

/// Explanations that belong together.
#[derive(Debug)]
pub struct Group {
    /// What they are of.
    pub title: &'static str,
    /// In the order of their names.
    pub members: &'static [Explanation],
}

/// What to think of a drop.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// It belongs to normal operation.
    Harmless,
    /// It is meant, or it is not: that depends on who wanted the packet.
    Depends,
    /// Somebody misses the packet, or somebody does something wrong.
    Trouble,
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Harmless => "usually harmless",
            Self::Depends => "harmless or not, it depends",
            Self::Trouble => "usually trouble",
        })
    }
}

/// What a reason means. `name`: without `SKB_DROP_REASON_`.
#[must_use]
pub fn reason(name: &str) -> Option<&'static Explanation> {
    reasons::all().find(|explanation| explanation.name == name)
}

/// What a trap of hardware means, by devlink's name of it.
#[must_use]
pub fn trap(name: &str) -> Option<&'static Explanation> {
    traps::all().find(|explanation| explanation.name == name)
}

/// What it means that a packet is dropped there, whatever the reason. `location`: a function, with or without its offset,
/// its module and the suffix of a compiler's copy: `__udp4_lib_rcv.constprop.0+0x235 [module]`.
#[must_use]
pub fn location(location: &str) -> Option<&'static Explanation> {
    let function = within(function(location));
    let mut places = places::all().chain(&traps::HARDWARE);
    places.find(|explanation| explanation.name == function)
}

/// What a function drops for: another that a compiler has put into it, else itself.
#[must_use]
pub fn within(function: &str) -> &str {
    let mut inlined = places::INLINED.iter();
    inlined
        .find_map(|(outer, inner)| (*outer == function).then_some(*inner))
        .unwrap_or(function)
}

/// The function of a location.
#[must_use]
pub fn function(location: &str) -> &str {
    let end = location.find(['.', '+', ' ', '[']);
    &location[..end.unwrap_or(location.len())]
}

/// What is told of a place where a reason is given for something else than what it says. `None`: the reason is right there.
#[must_use]
pub fn better(reason: &str, location: &str) -> Option<&'static Explanation> {
    let function = within(function(location));
    let mut better = places::BETTER.iter();
    let (.., place) = better.find(|(of, at, _)| (*of, *at) == (reason, function))?;
    self::location(place)
}

/// What the reason means, unless it says nothing (none, `NOT_SPECIFIED`, a number without a name), or something else than it
/// means there, and the place does.
#[must_use]
pub fn of(reason: Option<&str>, location: Option<&str>) -> Option<&'static Explanation> {
    let says_nothing = |reason: &str| {
        SAY_NOTHING.contains(&reason) || reason.bytes().all(|byte| byte.is_ascii_digit())
    };
    let known = reason.and_then(|name| self::reason(name).or_else(|| trap(name)));
    if let Some(reason) = reason.filter(|reason| !says_nothing(reason)) {
        return location
            .and_then(|location| better(reason, location))
            .or(known);
    }
    location.and_then(self::location).or(known)
}

/// Half a sentence for a frame that was dropped. `is_tagged`: it has a VLAN tag.
#[must_use]
pub fn phrase(
    reason: Option<&str>,
    location: Option<&str>,
    is_tagged: bool,
) -> Option<&'static str> {
    // A frame of a VLAN that no interface has is marked like one to another host (net/core/dev.c).
    let is_others = match reason {
        Some(reason) => reason == "OTHERHOST",
        // A VLAN's own interface would have taken the tag away.
        None => location.is_some_and(|location| {
            matches!(within(function(location)), "ip_rcv_core" | "ip6_rcv_core")
        }),
    };
    if is_tagged && is_others {
        return Some("it is another host's, or its VLAN is none of this one's");
    }
    of(reason, location).map(|explanation| explanation.phrase)
}
