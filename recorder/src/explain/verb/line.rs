//! A line that another program printed, or droprec: what there is in it to be explained.

use std::borrow::Cow;

use super::{
    asked::{Asked, Unknown, has_offset, known_place, named, place, reason, without_prefix},
    card::Card,
    here::Here,
    number, protocol,
};
use crate::explain::{self, SAY_NOTHING, unhandled};

impl Asked {
    /// Looks for reasons and places in a line, or in each of several, and passes over all else.
    pub(super) fn line(&mut self, text: &str, here: &Here) {
        for line in text.lines() {
            self.names_in(line, here);
        }
        if self.cards.is_empty() && self.unknown.is_empty() {
            self.unknown.push(Unknown(format!(
                "in \"{text}\" there is neither a reason nor a function with an offset"
            )));
        }
    }

    fn names_in(&mut self, line: &str, here: &Here) {
        let mut reasons = Vec::new();
        let mut places = Vec::new();
        let mut key = "";
        for word in words(line) {
            let of = std::mem::replace(&mut key, word);
            let is_capital =
                |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || matches!(c, '_' | 'x');
            if of == "reason" && word.chars().all(is_capital) || is_reason(word) {
                reasons.push(word);
            } else if matches!(of, "proto" | "protocol") {
                let number = word
                    .strip_prefix("0x")
                    .and_then(|hex| u16::from_str_radix(hex, 16).ok());
                if let Some(number) = number.filter(|number| unhandled::trap(*number).is_some()) {
                    self.add(Ok(vec![protocol::card(number)]));
                }
            } else if matches!(of, "at" | "location") && word.starts_with("0x") {
                match number::function(word, here) {
                    Some(function) => places.push(Cow::Owned(function)),
                    None => self.add(number::cards(word, here).unwrap_or_else(|| Ok(Vec::new()))),
                }
            } else if has_offset(word)
                || matches!(of, "loc" | "location") && is_key(of, line)
                || explain::location(word).is_some()
            {
                places.push(Cow::Borrowed(word));
            }
        }
        let is_unhandled = |text: &&str| {
            matches!(
                explain::function(without_prefix(text)),
                "UNHANDLED_PROTO" | "__netif_receive_skb_core"
            )
        };
        let all = reasons
            .iter()
            .copied()
            .chain(places.iter().map(Cow::as_ref));
        if all.into_iter().any(|text| is_unhandled(&text))
            && let Some(frame) = described(line).and_then(unhandled::of)
        {
            self.add(Ok(vec![Card::frame_here(frame, here)]));
        }
        // A reason tells more than a place, unless it says nothing, or something else than it means there.
        let has_places = !places.is_empty();
        let mut has_better = false;
        reasons.retain(|text| {
            let name = named(text, here);
            let mut better = places.iter();
            let better =
                better.find_map(|place| Some(known_place(explain::better(&name, place)?, place)));
            if let Some(card) = better {
                self.add(Ok(vec![card]));
                has_better = true;
                return false;
            }
            !(has_places && SAY_NOTHING.contains(&name.as_ref()))
        });
        for text in &reasons {
            self.add(reason(text, here));
        }
        if reasons.is_empty() && !has_better {
            for text in places {
                self.add(place(&text, here));
            }
        }
    }
}

/// Whether a value follows, and it is no column's name.
fn is_key(word: &str, line: &str) -> bool {
    ["=", "\":"]
        .iter()
        .any(|sign| line.contains(&format!("{word}{sign}")))
}

/// Whether it is a line that some program printed: `1 drops at ip_rcv+cf (0xffffffff81586d82)`.
pub(super) fn is_line(text: &str) -> bool {
    [
        " at ",
        "reason: ",
        "location=",
        "loc=",
        "droprec v=",
        "\"reason\":",
        "\"loc\":",
    ]
    .iter()
    .any(|mark| text.contains(mark))
        && text.trim().contains([' ', '{'])
}

/// Whether reasons or places stand in a text of several words, as in a row of a table: `34  NO_SOCKET  tcp_v4_rcv+0x91  eth0`.
pub(super) fn has_names(text: &str) -> bool {
    let is_name = |word: &str| has_offset(word) || is_reason(word);
    words(text).nth(1).is_some() && words(text).any(is_name)
}

/// Whether it is a reason, or a trap of hardware, which is no word of a sentence's.
fn is_reason(word: &str) -> bool {
    explain::reason(without_prefix(word)).is_some()
        || (word.contains('_') && explain::trap(word).is_some())
}

/// What stands between the signs with which programs set names off: `@[NO_SOCKET]: 5`, `b'ip_rcv+0x91'`.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| c.is_whitespace() || "\"',;:=(){}[]@<>".contains(c))
        .map(|word| word.trim_end_matches('.'))
        .filter(|word| !word.is_empty())
}

/// The number of a protocol where a text says that it is one: `EtherType 0x88b5 (local experimental)`, as droprec says what it
/// knows no more of, `ethertype LLDP (0x88cc)` of tcpdump's, `protocol 34525`.
pub(super) fn protocol(text: &str) -> Option<&str> {
    let mut words = words(text).skip_while(|word| {
        !["ethertype", "protocol"]
            .iter()
            .any(|key| word.eq_ignore_ascii_case(key))
    });
    let key = words.next()?;
    let first = words.next()?;
    if first.starts_with(|c: char| c.is_ascii_digit()) {
        return Some(first);
    }
    // Behind `protocol` alone may stand any other.
    let is_number = |word: &&str| key.eq_ignore_ascii_case("ethertype") && word.starts_with("0x");
    words.find(is_number)
}

/// What a line of droprec's says that the frame is.
fn described(line: &str) -> Option<&str> {
    if let Some((_, what)) = line.split_once("what=\"") {
        return what.split('"').next();
    }
    if let Some((_, what)) = line.split_once("\"what\":\"") {
        return what.split('"').next();
    }
    let (frame, _) = line.split_once(" dropped, ")?;
    let (time, rest) = frame.split_once(' ').unwrap_or(("", frame));
    let is_time = time.contains(':') && time.starts_with(|c: char| c.is_ascii_digit());
    Some(if is_time { rest } else { frame })
}
