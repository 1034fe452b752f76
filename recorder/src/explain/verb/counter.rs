//! A counter by its name: which drops raise it, or why no recorder of skbs can see what it counts.

use std::collections::BTreeSet;

use super::{
    card::{Card, Cause, Kind},
    columns, netstat, said,
};
use crate::{
    counters::{Rise, Source},
    explain::{self, Explanation, places, reasons},
    report::reconcile::{
        blind::{self, is_checksum},
        is_like,
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

/// What counts checksums that a NIC found wrong.
const CHECKSUM: &str = "The NIC found the checksum wrong. That is no drop yet: most drivers pass such packets on, and the kernel, which \
     looks for itself, drops them as IP_CSUM, TCP_CSUM, UDP_CSUM or ICMP_CSUM, which is recorded.";

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
/// `dropped`, `RX dropped`, `nstat: UdpRcvbufErrors`; or of those in a line of `ip`, ifconfig or `netstat -i`.
pub(super) fn cards(text: &str) -> Vec<Card> {
    let text = said::without_tool(text);
    if let Some(names) = columns::names(text) {
        return names.into_iter().flat_map(cards).collect();
    }
    if text.contains(", ") {
        return text.split(", ").flat_map(cards).collect();
    }
    let word = &text.replace(' ', "_");
    let found: Vec<_> = names().filter(|(_, name)| is(name, word)).collect();
    if !found.is_empty() {
        return found
            .into_iter()
            .map(|(source, name)| card(source, name, word))
            .collect();
    }
    let told = said::cards(text);
    if !told.is_empty() {
        return told;
    }
    driver(text).into_iter().collect()
}

/// Whether a counter is meant by a word, which may lack what stands before its name.
pub(super) fn is(name: &str, word: &str) -> bool {
    if is_like(&name.to_ascii_lowercase(), &word.to_ascii_lowercase()) {
        return true;
    }
    GROUPS.iter().chain(&DIRECTIONS).any(|group| {
        name.strip_prefix(group)
            .is_some_and(|rest| rest.eq_ignore_ascii_case(word))
    })
}

/// A driver's own counter, by the words in its name. `[0]: rx_discards` is one of a queue's.
fn driver(text: &str) -> Option<Card> {
    let name = match text.split_once("]: ") {
        Some((queue, name)) if queue.starts_with('[') => name,
        _ => text,
    };
    let lower = name.to_ascii_lowercase();
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    let mut parts = lower.split(['_', '-', '.']);
    let is_direction = |part: &str| {
        let part = part.trim_end_matches(|c: char| c.is_ascii_digit());
        matches!(part, "rx" | "tx")
    };
    // `rx` and `tx` alone are no names.
    if !lower.chars().all(is_name) || lower.len() < 4 || !parts.any(is_direction) {
        return None;
    }
    if is_checksum(&lower) {
        let mut card = Card::of(Kind::Counter, name, shown_by(Source::Ethtool, name));
        card.check = Some(CHECKSUM.to_owned());
        return Some(card);
    }
    let card = card(Source::Ethtool, "", name);
    card.check.is_some().then_some(card)
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
        was_away: false,
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
    for of in said::explanations(said::NSTAT, name) {
        add(of, false);
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
