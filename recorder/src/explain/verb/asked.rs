//! What was asked for, in whatever form it was pasted.

use std::{
    borrow::Cow,
    fmt::{self, Display, Formatter},
};

use super::{
    card::{Card, Kind},
    columns, counter,
    here::Here,
    line::{self, has_names, is_line},
    map::Key,
    martian, near, netstat, noise, number, protocol,
};
use crate::{
    explain::{self, Explanation, unhandled},
    text::printable,
};

/// Why there is nothing to say.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Unknown(pub(super) String);

impl Display for Unknown {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&printable(&self.0))
    }
}

/// What was found.
#[derive(Debug, Default)]
pub(super) struct Asked {
    pub(super) cards: Vec<Card>,
    pub(super) unknown: Vec<Unknown>,
}

impl Asked {
    /// All that is known of these arguments.
    pub(super) fn of(arguments: &[String], here: &Here) -> Self {
        let mut asked = Self::default();
        // A line that was pasted without quotes.
        let whole = arguments.join(" ");
        if !arguments.iter().any(|text| text.contains(' ')) {
            if let Some(keys) = Key::of_maps(&whole) {
                asked.keys(&keys, here);
                return asked;
            }
            if asked.martian(&whole, here) {
                return asked;
            }
            if is_line(&whole) || whole.starts_with('@') && has_names(&whole) {
                asked.line(&whole, here);
                return asked;
            }
        }
        if is_one(arguments, &whole) {
            asked.add(one(&whole, here));
            return asked;
        }
        // Values follow a counter's name, where nstat's lines are without quotes; one that is not known may be such a name.
        let mut has_values = false;
        for argument in arguments {
            if has_values && is_value(argument) {
                continue;
            }
            let before = asked.unknown.len();
            let pair = || Key::of_pair(argument).map(|key| vec![key]);
            if let Some(keys) = Key::of_maps(argument).or_else(pair) {
                asked.keys(&keys, here);
            } else if asked.martian(argument, here) {
                // All is said.
            } else if is_line(argument) || has_names(argument) {
                asked.line(argument, here);
            } else {
                asked.add(one(argument.trim(), here));
            }
            let is_word = !is_value(argument) && !argument.contains('=');
            has_values = is_word && asked.unknown.len() > before
                || argument.ends_with("]:")
                || !counter::cards(argument.trim_end_matches(':')).is_empty();
        }
        asked
    }

    /// Whether it is of the kernel's log, and tells of refused addresses.
    fn martian(&mut self, text: &str, here: &Here) -> bool {
        let mut lines = text.split("martian ").skip(1).peekable();
        let mut is_told = lines.peek().is_some();
        for line in lines {
            let reasons = martian::reasons(line);
            is_told &= reasons.is_some();
            for name in reasons.into_iter().flatten() {
                self.add(reason(name, here));
            }
        }
        is_told
    }

    pub(super) fn add(&mut self, found: Result<Vec<Card>, Unknown>) {
        match found {
            Ok(cards) => {
                for card in cards {
                    if !self.cards.contains(&card) {
                        self.cards.push(card);
                    }
                }
            }
            Err(unknown) => self.unknown.push(unknown),
        }
    }
}

pub(super) fn without_prefix(reason: &str) -> &str {
    reason.strip_prefix("SKB_DROP_REASON_").unwrap_or(reason)
}

/// `ip_rcv+0xcf`, `ip_rcv+cf/0x120`.
pub(super) fn has_offset(word: &str) -> bool {
    word.split_once('+').is_some_and(|(function, offset)| {
        let offset = offset.split('/').next().unwrap_or_default();
        let offset = offset.strip_prefix("0x").unwrap_or(offset);
        is_identifier(function)
            && !offset.is_empty()
            && offset.bytes().all(|byte| byte.is_ascii_hexdigit())
    })
}

fn is_identifier(function: &str) -> bool {
    !function.is_empty()
        && function
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.'))
}

/// Whether the arguments are one name of several words, without quotes.
fn is_one(arguments: &[String], whole: &str) -> bool {
    arguments.len() > 1
        && (netstat::counter(whole).is_some()
            || columns::names(whole).is_some()
            || !unhandled::named(whole).is_empty())
}

/// A word, or a name of several words.
fn one(text: &str, here: &Here) -> Result<Vec<Card>, Unknown> {
    let text = text.trim_matches(|c: char| "\"'`,;:.=>@(){} ".contains(c));
    let within = text
        .strip_prefix('[')
        .and_then(|text| text.strip_suffix(']'));
    let text = within.unwrap_or(text);
    // As droprec's summary counts frames.
    let text = match text.split_once(" × ") {
        Some((count, frame)) if is_value(count) => frame,
        _ => text,
    };
    if text.is_empty() {
        return Err(Unknown(
            "nothing was asked for: give a reason, a place, a frame, a number or a counter"
                .to_owned(),
        ));
    }
    if let Some((key, value)) = text.split_once('=')
        && !key.contains(char::is_whitespace)
    {
        let value = value.trim_matches('"');
        return match key {
            "reason" => reason(value, here),
            "loc" | "location" => place(value, here),
            "proto" | "protocol" | "skb->protocol" | "$skb->protocol" => numbered_protocol(value),
            "what" => frame(value, here).ok_or_else(|| unknown(value)),
            _ => Err(Unknown(format!(
                "{key}= says nothing of why it was dropped: give reason= or loc="
            ))),
        };
    }
    if text.eq_ignore_ascii_case("noise") {
        return Ok(noise::cards());
    }
    if let Some(found) = named_reason(text, here) {
        return found.map(|card| vec![card]);
    }
    if let Some(found) = number::cards(text, here) {
        return found;
    }
    if let Some(cards) = frame(text, here) {
        return Ok(cards);
    }
    if let Some(number) = line::protocol(text) {
        return numbered_protocol(number);
    }
    if has_offset(text) || text.ends_with(']') || explain::location(text).is_some() {
        return place(text, here);
    }
    let names = [
        netstat::counter(text),
        Some(text),
        Some(without_values(text)),
    ];
    let counters = names.into_iter().flatten().map(counter::cards);
    if let Some(counters) = counters.into_iter().find(|cards| !cards.is_empty()) {
        return Ok(counters);
    }
    if !text.contains('+') && here.has_function(text) == Some(true) {
        return place(text, here);
    }
    Err(unknown(text))
}

/// `UdpRcvbufErrors` of `UdpRcvbufErrors   345   0.0` and `rx_missed_errors` of `rx_missed_errors: 5`, as nstat and ethtool
/// print them.
fn without_values(mut line: &str) -> &str {
    while let Some((rest, value)) = line.rsplit_once(char::is_whitespace)
        && is_value(value)
    {
        line = rest.trim_end();
    }
    line.trim_end_matches(':')
}

pub(super) fn is_value(word: &str) -> bool {
    word.parse::<f64>().is_ok()
}

/// A reason, by its name or its number.
pub(super) fn reason(text: &str, here: &Here) -> Result<Vec<Card>, Unknown> {
    if let Some(found) = named_reason(text, here) {
        return found.map(|card| vec![card]);
    }
    match numbered(text) {
        Some(number) => number::reason(number, here).map(|card| vec![card]),
        None => Err(unknown(text)),
    }
}

/// The name of a reason, which may be there by its number.
pub(super) fn named<'a>(text: &'a str, here: &'a Here) -> Cow<'a, str> {
    match (numbered(text), here.reasons()) {
        (Some(number), Some(reasons)) => reasons.name(number),
        _ => Cow::Borrowed(without_prefix(text)),
    }
}

/// The number of a reason. `None`: it is none.
fn numbered(text: &str) -> Option<u32> {
    match text.strip_prefix("0x") {
        Some(hex) => u32::from_str_radix(hex, 16).ok(),
        None => text.parse().ok(),
    }
}

/// A reason by its name, in whatever case. `None`: there is none of that name.
fn named_reason(text: &str, here: &Here) -> Option<Result<Card, Unknown>> {
    let upper = text.to_ascii_uppercase();
    let names = [
        upper.as_str(),
        without_prefix(&upper),
        // As the enumeration is written in which the kernel numbers those of Wi-Fi.
        upper.trim_start_matches('_'),
    ];
    let number = |name| here.reasons().and_then(|reasons| reasons.number(name));
    if let Some(known) = names.iter().find_map(|name| explain::reason(name)) {
        return Some(Ok(Card::explained(Kind::Reason, known, number(known.name))));
    }
    // A recording has them for reasons.
    if let Some(trap) = explain::trap(&text.to_ascii_lowercase()) {
        return Some(Ok(Card::explained(Kind::Trap, trap, None)));
    }
    let name = names.iter().find(|name| number(name).is_some())?;
    Some(Err(Unknown(format!(
        "{name} is a reason of this kernel which droprec does not know more of"
    ))))
}

/// A place that is known, at a location that may be called otherwise.
pub(super) fn known_place(known: &Explanation, location: &str) -> Card {
    let function = explain::function(location);
    let mut card = Card::explained(Kind::Place, known, None);
    if known.name != function {
        card.name = format!("{} (in {function})", known.name);
    }
    card
}

/// A place, by its function.
pub(super) fn place(text: &str, here: &Here) -> Result<Vec<Card>, Unknown> {
    let function = explain::function(text);
    if let Some(known) = explain::location(text) {
        return Ok(vec![known_place(known, text)]);
    }
    let mut said = format!("{function} is no place where droprec knows what drops mean");
    if is_identifier(function) && here.has_function(function) == Some(false) {
        said.push_str(", nor a function of this kernel");
    }
    said.push_str(&alike(function));
    Err(Unknown(said))
}

fn frame(text: &str, here: &Here) -> Option<Vec<Card>> {
    let frames = match unhandled::of(text) {
        Some(frame) => vec![frame],
        None => unhandled::named(text),
    };
    let mut cards: Vec<Card> = Vec::new();
    for frame in frames {
        let card = Card::frame_here(frame, here);
        // What the same is said of is said once.
        match cards.last_mut() {
            Some(last) if (&last.meaning, &last.check) == (&card.meaning, &card.check) => {
                last.name += ", ";
                last.name += &card.name;
            }
            _ => cards.push(card),
        }
    }
    (!cards.is_empty()).then_some(cards)
}

/// What stands in a trace as `protocol=2048`, and in droprec's lines as `proto=0x0800`.
fn numbered_protocol(text: &str) -> Result<Vec<Card>, Unknown> {
    let number = match text.strip_prefix("0x") {
        Some(hex) => u16::from_str_radix(hex, 16).ok(),
        None => text.parse().ok(),
    };
    match number {
        Some(number) => Ok(vec![protocol::card(number)]),
        None => Err(Unknown(format!(
            "{text} is no protocol: they are numbers up to 0xffff"
        ))),
    }
}

fn unknown(text: &str) -> Unknown {
    Unknown(format!(
        "{text} is no reason, place, frame or counter that droprec knows{}. `droprec explain` lists them",
        alike(text)
    ))
}

fn alike(text: &str) -> String {
    let near = near::names(text);
    if near.is_empty() {
        return String::new();
    }
    format!("; near it are {}", near.join(", "))
}
