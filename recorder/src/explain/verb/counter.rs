//! A counter by its name: which drops raise it, or why no recorder of skbs can see what it counts.

use std::collections::BTreeSet;

use super::{
    card::{Card, Cause, Kind},
    netstat,
};
use crate::{
    counters::{Rise, Source},
    explain::{self, Explanation, places, reasons},
    report::reconcile::{
        blind, is_like,
        rules::{Rule, UNTOLD, rules},
    },
};

/// What stands before the names in `/proc/net` where `nstat` and `netstat` show them.
const GROUPS: [&str; 13] = [
    "Ip", "Icmp", "IcmpMsg", "Tcp", "Udp", "UdpLite", "Ip6", "Icmp6", "Udp6", "UdpLite6", "TcpExt",
    "IpExt", "MPTcpExt",
];

/// What stands before the names that `ip -s link` shows in columns.
const DIRECTIONS: [&str; 2] = ["rx_", "tx_"];

/// Those that tell of losses, `*` standing for anything, but for the queueing disciplines', which all have the same.
pub(super) fn names() -> impl Iterator<Item = (Source, &'static str)> {
    let raised = rules().flat_map(|rule| rule.raises).copied();
    let blind = blind::EXACT
        .iter()
        .map(|(source, name, _)| (*source, *name));
    let all: BTreeSet<(Source, &str)> = raised
        .chain(blind)
        .filter(|(source, _)| *source != Source::Qdisc)
        .collect();
    all.into_iter()
}

/// What is known of the counters of that name, with or without what stands before it: `UdpRcvbufErrors`, `RcvbufErrors`,
/// `dropped`, `RX dropped`.
pub(super) fn cards(word: &str) -> Vec<Card> {
    let word = &word.replace(' ', "_");
    let is = |name: &str| {
        if is_like(&name.to_ascii_lowercase(), &word.to_ascii_lowercase()) {
            return true;
        }
        GROUPS.iter().chain(&DIRECTIONS).any(|group| {
            name.strip_prefix(group)
                .is_some_and(|rest| rest.eq_ignore_ascii_case(word))
        })
    };
    let found: Vec<_> = names().filter(|(_, name)| is(name)).collect();
    if found.is_empty() {
        return driver(word).into_iter().collect();
    }
    found
        .into_iter()
        .map(|(source, name)| card(source, name, word))
        .collect()
}

/// A driver's own counter, by the words in its name.
fn driver(word: &str) -> Option<Card> {
    let lower = word.to_ascii_lowercase();
    let is_counter = ["rx_", "tx_", "rx-", "tx-"]
        .iter()
        .any(|direction| lower.starts_with(direction) || lower.contains(&format!("_{direction}")));
    let card = card(Source::Ethtool, "", word);
    (is_counter && card.check.is_some()).then_some(card)
}

/// `name`: as the rules have it; `word`: as it was typed.
fn card(source: Source, name: &'static str, word: &str) -> Card {
    let shown = if name.is_empty() || name.contains('*') {
        word
    } else {
        name
    };
    let mut card = Card::of(Kind::Counter, shown, shown_by(source, shown));
    card.raised_by = causes(source, name);
    let rise = Rise {
        netns: 0,
        ifindex: 0,
        label: String::new(),
        source,
        part: String::new(),
        name: shown.to_owned(),
        before: 0,
        after: 0,
        since: None,
        margin: 0,
        driver: String::new(),
        ring: None,
    };
    if let Some(culprit) = blind::culprit(&rise) {
        let what = if card.raised_by.is_empty() {
            "What it counts"
        } else {
            "What else it counts"
        };
        let why = culprit.why(&rise);
        card.check = Some(format!("{what}, droprec cannot record: {why}."));
    }
    if !card.raised_by.is_empty() {
        card.meaning.push_str(" These drops raise it:");
    }
    card
}

/// Where people see it.
fn shown_by(source: Source, name: &str) -> String {
    match source {
        Source::Link => format!(
            "A counter of an interface, {name} in its statistics: `ip -s -s link show DEV`."
        ),
        Source::Ethtool => "A counter of an interface's driver: `ethtool -S DEV`.".to_owned(),
        Source::Qdisc => "A counter of a queueing discipline: `tc -s qdisc`.".to_owned(),
        Source::Snmp => namespaces("/proc/net/snmp", name),
        Source::Snmp6 => {
            format!("A counter of a network namespace, in /proc/net/snmp6: `nstat -az {name}`.")
        }
        Source::Netstat => namespaces("/proc/net/netstat", name),
        Source::Softnet => "A counter of each processor, in /proc/net/softnet_stat.".to_owned(),
    }
}

/// Where people see a counter of a network namespace that `netstat` prints, too.
fn namespaces(file: &str, name: &str) -> String {
    let words = netstat::words(name);
    let words = words.map_or_else(String::new, |words| format!(" (\"{words}\")"));
    format!("A counter of a network namespace, in {file}: `nstat -az {name}`, `netstat -s`{words}.")
}

/// The drops that raise it, the certain ones first.
fn causes(source: Source, name: &str) -> Vec<Cause> {
    let mut causes: Vec<Cause> = Vec::new();
    let mut add = |of: &'static Explanation, is_certain: bool| {
        let (name, phrase) = (of.name, of.phrase);
        match causes.iter_mut().find(|cause| cause.name == name) {
            Some(cause) => cause.is_certain |= is_certain,
            None => causes.push(Cause {
                name,
                phrase,
                is_certain,
            }),
        }
    };
    for rule in rules() {
        if !rule.raises.contains(&(source, name)) {
            continue;
        }
        for of in reasons::all() {
            let is_one = |reason: &&str| *reason != UNTOLD && is_like(reason, of.name);
            if rule.reasons.iter().any(is_one) {
                add(of, rule.is_certain());
            }
        }
        if tells_by_function(rule) {
            for of in places::all() {
                if rule
                    .functions
                    .iter()
                    .any(|function| is_like(function, of.name))
                {
                    add(of, rule.is_certain());
                }
            }
        }
    }
    // What an explanation says of counters is for people, and tells no more than that it may be so.
    let said = format!("nstat: {name}");
    for of in reasons::all() {
        if of.counters.contains(&said.as_str()) {
            add(of, false);
        }
    }
    causes.sort_by_key(|cause| !cause.is_certain);
    causes
}

/// Whether drops in its functions raise it without a reason that is known here.
fn tells_by_function(rule: &Rule) -> bool {
    let reasons = rule.reasons;
    reasons.is_empty()
        || reasons.contains(&UNTOLD)
        || reasons.iter().all(|of| explain::reason(of).is_none())
}
