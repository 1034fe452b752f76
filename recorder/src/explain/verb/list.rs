//! All that has an explanation, a line each.

use anyhow::Result;
use textwrap::fill;

use super::card::{Card, Kind};
use crate::{
    explain::{Explanation, Verdict, places, reasons, traps, unhandled},
    report::width::filled,
};

/// The names of all reasons, places and traps, also of those that show up for others.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    reasons::all()
        .chain(places::all())
        .chain(traps::all())
        .map(|explanation| explanation.name)
        .chain(places::INLINED.iter().map(|(outer, _)| *outer))
}

/// A line each, grouped. `columns`: of a terminal, to which lines are fitted; else each is one line.
pub(super) fn text(columns: Option<usize>) -> String {
    let mut lines = Vec::new();
    for (what, groups) in [
        ("Reasons", reasons::GROUPS),
        ("Places", places::GROUPS),
        ("Traps of hardware", traps::GROUPS),
    ] {
        for group in groups {
            if !lines.is_empty() {
                lines.push(String::new());
            }
            lines.push(fitted(format!("{what}: {}", group.title), columns));
            lines.extend(
                group
                    .members
                    .iter()
                    .map(|explanation| line(explanation, columns)),
            );
        }
    }
    lines.push(String::new());
    lines.push("Places that show up for others:".to_owned());
    lines.extend(
        places::INLINED
            .iter()
            .map(|(outer, inner)| fitted(format!("  {outer}: see {inner}"), columns)),
    );
    lines.push(String::new());
    lines.push("Frames that nothing handles:".to_owned());
    lines.extend(unhandled::all().map(|frame| format!("  {}", frame.kind)));
    lines.push(String::new());
    lines.join("\n")
}

/// A line, as several on a terminal that is narrower.
fn fitted(line: String, columns: Option<usize>) -> String {
    match columns {
        Some(columns) => fill(&line, filled(columns).subsequent_indent("      ")),
        None => line,
    }
}

/// `  NO_SOCKET                             depends   no socket is open for it`.
fn line(explanation: &Explanation, columns: Option<usize>) -> String {
    let Explanation {
        name,
        verdict,
        phrase,
        ..
    } = explanation;
    let line = format!("  {name:<37} {:<9} {phrase}", verdict.word());
    let Some(columns) = columns else {
        return line;
    };
    // Where there is no room for three columns, the phrase is below.
    if columns < 80 {
        let head = format!("  {name} ({})", verdict.word());
        let below = filled(columns)
            .initial_indent("      ")
            .subsequent_indent("      ");
        return format!("{head}\n{}", fill(phrase, below));
    }
    let indent = " ".repeat(2 + 37 + 1 + 9 + 1);
    fill(&line, filled(columns).subsequent_indent(&indent))
}

/// An object each, on a line of its own.
pub(super) fn json() -> Result<String> {
    let cards = reasons::all()
        .map(|of| Card::explained(Kind::Reason, of, None))
        .chain(places::all().map(|of| Card::explained(Kind::Place, of, None)))
        .chain(traps::all().map(|of| Card::explained(Kind::Trap, of, None)))
        .chain(unhandled::all().map(Card::frame));
    let mut text = String::new();
    for card in cards {
        text.push_str(&serde_json::to_string(&card)?);
        text.push('\n');
    }
    Ok(text)
}

impl Verdict {
    /// It in a word.
    fn word(self) -> &'static str {
        match self {
            Self::Harmless => "harmless",
            Self::Depends => "depends",
            Self::Trouble => "trouble",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_has_a_line_each_and_no_column_runs_into_the_next() {
        let all = text(None);
        for of in reasons::all().chain(places::all()).chain(traps::all()) {
            let begins = format!("  {} ", of.name);
            let lines: Vec<&str> = all
                .lines()
                .filter(|line| line.starts_with(&begins))
                .collect();
            assert_eq!(lines.len(), 1, "{}", of.name);
            assert!(lines[0].ends_with(of.phrase), "{}", lines[0]);
        }
        assert!(all.chars().all(|c| c == '\n' || !c.is_control()));
        for columns in [40, 79, 80, 100, 200] {
            for line in text(Some(columns)).lines() {
                let name = line.split_whitespace().next().unwrap_or_default();
                let is_name =
                    line.trim_end().ends_with(')') && line.chars().count() < name.len() + 14;
                assert!(
                    line.chars().count() <= columns || is_name,
                    "{columns}: {line}"
                );
            }
        }
    }

    #[test]
    fn the_list_in_json_has_an_object_a_line() {
        let all = json().unwrap();
        for line in all.lines() {
            let object: serde_json::Value = serde_json::from_str(line).unwrap();
            assert!(object["name"].is_string() && object["meaning"].is_string());
        }
        assert!(all.lines().count() > 250);
    }
}
