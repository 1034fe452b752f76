//! The Lua plugin: its program, and before it what the reasons, places and traps mean, as a table.

use std::{fmt::Write as _, iter};

use crate::explain::{self, Explanation, places, reasons, traps};

const PROGRAM: &str = include_str!("../../wireshark/droprec.lua");

/// The text of the plugin.
pub(super) fn text() -> String {
    let mut text = "local explanations = {\n".to_owned();
    for explanation in reasons::all().chain(places::all()).chain(traps::all()) {
        entry(&mut text, explanation);
    }
    text.push_str("}\n");
    for (shown, meant) in places::INLINED {
        // Writing to a String cannot fail.
        let _ = writeln!(
            text,
            "explanations[{}] = explanations[{}]",
            quoted(shown),
            quoted(meant)
        );
    }
    text.push_str("local better = {\n");
    for (reason, shown) in better() {
        if let Some(told) = explain::better(reason, shown) {
            let key = quoted(&format!("{reason} at {shown}"));
            // Writing to a String cannot fail.
            let _ = writeln!(text, "    [{key}] = explanations[{}],", quoted(told.name));
        }
    }
    text.push_str("}\n\n");
    text.push_str(PROGRAM);
    text
}

/// Reasons, and the functions that know better than they, under all names that these show up by.
fn better() -> impl Iterator<Item = (&'static str, &'static str)> {
    places::BETTER.iter().flat_map(|(reason, function, _)| {
        let others = places::INLINED
            .iter()
            .filter(move |(_, meant)| meant == function);
        let shown = others.map(|(shown, _)| *shown).chain([*function]);
        shown.map(move |shown| (*reason, shown))
    })
}

fn entry(out: &mut String, explanation: &Explanation) {
    let Explanation {
        name,
        meaning,
        verdict,
        check,
        counters,
        ..
    } = explanation;
    // Writing to a String cannot fail.
    let _ = writeln!(
        out,
        "    [{}] = {{\n        verdict = {},\n        meaning = {},\n        check = {},\n        counters = {},\n    }},",
        quoted(name),
        quoted(&verdict.to_string()),
        list(sentences(meaning)),
        list(sentences(check)),
        list(counters.iter().copied())
    );
}

/// The sentences of a text: Wireshark 4.0 cuts what is longer than 240 bytes.
fn sentences(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    iter::from_fn(move || {
        let ends = rest.match_indices(". ").map(|(at, _)| at + 1);
        // One begins with a capital letter; what goes on in small ones was an abbreviation.
        let is_end = |end: &usize| !rest[end + 1..].starts_with(char::is_lowercase);
        let end = ends.into_iter().find(is_end).unwrap_or(rest.len());
        let (sentence, after) = rest.split_at(end);
        rest = after.trim_start();
        (!sentence.is_empty()).then_some(sentence)
    })
}

/// A list of strings of Lua.
fn list<'a>(texts: impl Iterator<Item = &'a str>) -> String {
    let texts: Vec<String> = texts.map(quoted).collect();
    format!("{{ {} }}", texts.join(", "))
}

/// A string of Lua.
fn quoted(text: &str) -> String {
    let mut out = "\"".to_owned();
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sentence_of_an_explanation_is_shown_whole() {
        for explanation in reasons::all().chain(places::all()).chain(traps::all()) {
            for text in [explanation.meaning, explanation.check] {
                let sentences: Vec<&str> = sentences(text).collect();
                assert_eq!(sentences.join(" "), text);
            }
        }
        let text = "It is so. `ip -s link` tells, e.g. for eth0. Why?";
        let expected = ["It is so.", "`ip -s link` tells, e.g. for eth0.", "Why?"];
        assert_eq!(sentences(text).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn the_places_that_know_better_than_a_reason_are_told() {
        let text = text();
        for line in [
            "    [\"NO_SOCKET at icmp_rcv\"] = explanations[\"ping_rcv\"],\n",
            "    [\"IP_OUTNOROUTES at ip6_pkt_prohibit_out\"] = explanations[\"ip6_pkt_prohibit\"],\n",
        ] {
            assert!(text.contains(line), "{line}");
        }
    }

    #[test]
    fn a_string_of_lua_ends_where_it_must() {
        assert_eq!(quoted("a \"b\" \\c\nd"), r#""a \"b\" \\c\nd""#);
    }
}
