//! What is printed of one thing, as text and as JSON.

use serde::Serialize;
use textwrap::fill;

use super::{
    here::{Here, release},
    noise,
};
use crate::{
    explain::{Explanation, Verdict, unhandled::Unhandled},
    report::width::filled,
};

/// What something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Kind {
    Reason,
    Place,
    Trap,
    Frame,
    Protocol,
    Counter,
    Noise,
}

/// What is known of something. What is not known of it is empty.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(super) struct Card {
    pub(super) kind: Kind,
    pub(super) name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) phrase: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) verdict: Option<Verdict>,
    pub(super) meaning: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) check: Option<String>,
    /// Counters that rise with it.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    pub(super) counters: &'static [&'static str],
    /// Of a counter: the drops that raise it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) raised_by: Vec<Cause>,
    /// The first and the last of those looked at that have it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) kernels: Option<(&'static str, &'static str)>,
    /// Of a reason: its number in the running kernel.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) number: Option<u32>,
    /// Of a drop that `--no-noise` leaves out: which, and why.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) noise: Option<String>,
    /// Where the kernel does it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) source: Option<&'static str>,
}

/// Drops that raise a counter.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(super) struct Cause {
    /// Their reason, or where they are dropped if the kernel gives none.
    pub(super) name: &'static str,
    pub(super) phrase: &'static str,
    /// Each of them raises it. False: some do.
    pub(super) is_certain: bool,
}

impl Card {
    /// What has a name and a meaning.
    pub(super) fn of(kind: Kind, name: impl Into<String>, meaning: impl Into<String>) -> Self {
        Self {
            kind,
            name: name.into(),
            phrase: None,
            verdict: None,
            meaning: meaning.into(),
            check: None,
            counters: &[],
            raised_by: Vec::new(),
            kernels: None,
            number: None,
            noise: None,
            source: None,
        }
    }

    /// A reason, a place, or a trap.
    pub(super) fn explained(kind: Kind, of: &Explanation, number: Option<u32>) -> Self {
        Self {
            phrase: Some(of.phrase),
            verdict: Some(of.verdict),
            check: Some(of.check.to_owned()),
            counters: of.counters,
            kernels: Some(of.kernels),
            number,
            noise: noise::told(of.name),
            source: Some(of.source),
            ..Self::of(kind, of.name, of.meaning)
        }
    }

    /// A kind of frame that nothing handles.
    pub(super) fn frame(of: &Unhandled) -> Self {
        Self {
            phrase: Some("dropped as UNHANDLED_PROTO where nothing handles it"),
            check: Some(of.remedy.to_owned()),
            ..Self::of(Kind::Frame, of.kind, of.sender)
        }
    }

    /// The same, and whether the running kernel handles it.
    pub(super) fn frame_here(of: &Unhandled, here: &Here) -> Self {
        let mut card = Self::frame(of);
        if let Some(handler) = of.handler()
            && here.receives_with(handler)
        {
            card.meaning += " This kernel gives such frames to ";
            card.meaning += handler;
            card.meaning += ": what nobody wants is dropped there or further on, and not counted in rx_dropped.";
        }
        card
    }

    /// It as lines of at most `width` columns, without a line break at the end.
    pub(super) fn text(&self, width: usize) -> String {
        let indented = filled(width).initial_indent("  ").subsequent_indent("  ");
        let hanging = indented.clone().subsequent_indent("            ");
        let heading = filled(width).subsequent_indent("    ");
        let mut parts = vec![fill(&self.heading(), heading)];
        parts.extend(
            self.meaning
                .lines()
                .map(|paragraph| fill(paragraph, &indented)),
        );
        parts.extend(self.causes().iter().map(|line| fill(line, &indented)));
        parts.extend(
            self.facts()
                .into_iter()
                .map(|(label, text)| fill(&format!("{label:<9} {text}"), &hanging)),
        );
        parts.join("\n")
    }

    fn heading(&self) -> String {
        let mut heading = self.name.clone();
        let verdict = self.verdict.map(|verdict| verdict.to_string());
        for (before, part) in [(": ", self.phrase), ("; ", verdict.as_deref())] {
            if let Some(part) = part {
                heading.push_str(before);
                heading.push_str(part);
            }
        }
        heading
    }

    /// A line each.
    fn causes(&self) -> Vec<String> {
        let line = |cause: &Cause| {
            let perhaps = if cause.is_certain { "" } else { "perhaps " };
            format!("  {perhaps}{}: {}", cause.name, cause.phrase)
        };
        self.raised_by.iter().map(line).collect()
    }

    fn facts(&self) -> Vec<(&'static str, String)> {
        let counters = (!self.counters.is_empty()).then(|| self.counters.join("; "));
        let kernels = self.kernels.map(|(first, last)| {
            let these = if first == last {
                first.to_owned()
            } else {
                format!("{first} to {last}")
            };
            format!("{these} at least")
        });
        let number = self.number.map(|number| {
            format!(
                "{number} in this kernel, {}; others number them otherwise",
                release()
            )
        });
        [
            ("To check:", self.check.clone()),
            ("Counters:", counters),
            ("Kernels:", kernels),
            ("Number:", number),
            ("Noise:", self.noise.clone()),
            ("Source:", self.source.map(str::to_owned)),
        ]
        .into_iter()
        .filter_map(|(label, text)| Some((label, text?)))
        .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::explain::{places, reasons, traps};

    #[test]
    fn every_card_keeps_to_the_width_and_every_fact_is_in_it() {
        let all = reasons::all().chain(places::all()).chain(traps::all());
        for of in all {
            let card = Card::explained(Kind::Reason, of, Some(7));
            for width in [40, 80, 100] {
                let text = card.text(width);
                for line in text.lines() {
                    let is_word = !line.trim().contains(' ');
                    assert!(line.chars().count() <= width || is_word, "{width}: {line}");
                }
                let words: Vec<&str> = text.split_whitespace().collect();
                let words = words.join(" ");
                for part in [of.meaning, of.check, of.phrase, of.source] {
                    assert!(words.contains(part), "{part} is not in {words}");
                }
            }
        }
    }
}
