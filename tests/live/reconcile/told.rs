//! All that droprec tells of a counter: the summary, the JSON object of its file, and the comment in the file.

use std::{collections::BTreeMap, path::Path};

use droprec_testbed::{Droprec, Recorded, feature, must_be_readable, pairs};
use serde_json::Value;

use crate::DROPREC;

/// What it told of a recording.
#[derive(Debug)]
pub(super) struct Told {
    /// The summary, a statement a line.
    pub(super) lines: Vec<String>,
    /// The summary as `droprec -r FILE --summary --json` prints it.
    pub(super) object: Value,
    /// The comments that tell of counters.
    comments: Vec<BTreeMap<String, String>>,
}

/// A counter of the object.
#[derive(Debug)]
pub(super) struct Counter<'a> {
    value: &'a Value,
}

impl Told {
    /// What it told at the end, which must be what it tells of the file; and the file can be read by everybody.
    pub(super) fn of(recorded: &Recorded) -> Self {
        let path = recorded.file.to_string_lossy();
        let again = Droprec::run(DROPREC, &["-r", &path, "--summary"]).succeeded();
        let (then, now) = (statements(&recorded.ended.stderr), statements(again.text()));
        for line in now.iter().filter(|line| line.contains(" rose by ")) {
            assert!(
                then.contains(line),
                "{line}: was not said at the end:\n{then:#?}"
            );
        }
        must_be_readable(&recorded.file);
        Self {
            lines: then,
            object: object(&recorded.file),
            comments: comments(recorded),
        }
    }

    /// What it told of a counter that must have risen by as much: of `label`'s, an interface's or a namespace's, in `ip
    /// netns`' words.
    pub(super) fn counter(&self, label: &str, name: &str, rise: u64) -> Counter<'_> {
        let found: Vec<&Value> = self.counters(label, name).collect();
        let [value] = found[..] else {
            panic!(
                "{name} of {label} is there {} times: {self:#?}",
                found.len()
            );
        };
        let counter = Counter { value };
        assert_eq!(counter.number("rise"), rise, "{self:#?}");
        let (explained, unexplained) = (counter.number("explained"), counter.number("unexplained"));
        assert_eq!(explained + unexplained, rise, "{value:#}");
        assert_eq!(
            counter.number("to") - counter.number("from"),
            rise,
            "{value:#}"
        );
        let by: u64 = counter.by().iter().map(|(.., explains)| explains).sum();
        assert_eq!(by, explained, "{value:#}");
        self.is_in_the_text(label, name, rise);
        self.is_in_the_file(label, name, rise);
        counter
    }

    /// By how much it told that a counter rose, which may be none of those that it read.
    pub(super) fn rise(&self, label: &str, name: &str) -> Option<u64> {
        self.counters(label, name).next()?["rise"].as_u64()
    }

    fn counters(&self, label: &str, name: &str) -> impl Iterator<Item = &Value> {
        let all = self.object["counters"].as_array();
        all.into_iter()
            .flatten()
            .filter(move |counter| counter["name"] == name && counter["of"] == label)
    }

    /// Demands that it told of no such counter.
    pub(super) fn must_not_tell(&self, label: &str, name: &str) {
        let is_it = |one: &BTreeMap<String, String>| {
            one["counter"] == name
                && [one.get("dev"), one.get("netns_name")].contains(&Some(&label.to_owned()))
        };
        assert!(
            !self.comments.iter().any(is_it),
            "{name} of {label}: {self:#?}"
        );
    }

    fn is_in_the_text(&self, label: &str, name: &str, rise: u64) {
        // Several that are explained alike are told in one line.
        let is_it = |line: &&String| {
            let Some((names, rest)) = line.split_once(" rose by ") else {
                return false;
            };
            names.split([' ', ',']).any(|word| word == name)
                && names.ends_with(label)
                && rest.starts_with(&rise.to_string())
        };
        let found = self.lines.iter().filter(is_it).count();
        assert_eq!(
            found, 1,
            "lines that tell of {name} of {label}: {:#?}",
            self.lines
        );
    }

    fn is_in_the_file(&self, label: &str, name: &str, rise: u64) {
        let told = self.comments.iter().filter(|one| {
            let of = one.get("dev").or(one.get("netns_name"));
            one["counter"] == name && of.map_or("", String::as_str) == label
        });
        // A processor's each.
        let told: u64 = told.filter_map(|one| one["rise"].parse::<u64>().ok()).sum();
        assert_eq!(told, rise, "{name} of {label}: {:#?}", self.comments);
    }

    /// Demands that it said so.
    pub(super) fn must_say(&self, text: &str) {
        let is_said = self.lines.iter().any(|line| line.contains(text));
        assert!(is_said, "{text:?} is not said: {:#?}", self.lines);
    }

    /// Demands that it did not.
    pub(super) fn must_not_say(&self, text: &str) {
        let is_said = self.lines.iter().any(|line| line.contains(text));
        assert!(!is_said, "{text:?} is said: {:#?}", self.lines);
    }
}

impl Counter<'_> {
    pub(super) fn number(&self, key: &str) -> u64 {
        let number = self.value[key].as_u64();
        number.unwrap_or_else(|| panic!("no number {key} in {:#}", self.value))
    }

    pub(super) fn why(&self) -> &str {
        self.value["why"].as_str().unwrap_or_default()
    }

    /// The drops that explain it: reason, function, whether that is certain, how many.
    fn by(&self) -> Vec<(String, String, bool, u64)> {
        let all = self.value["by"].as_array();
        all.into_iter()
            .flatten()
            .map(|drops| {
                let text = |key: &str| drops[key].as_str().unwrap_or_default().to_owned();
                let is_certain = drops["is_certain"] == true;
                let explains = drops["explains"].as_u64().unwrap_or_default();
                (text("reason"), text("loc"), is_certain, explains)
            })
            .collect()
    }

    /// Demands that all of it is explained by drops for this reason, for certain; where the kernel gives none, by drops
    /// without one, perhaps.
    pub(super) fn is_all_because(&self, reason: &str) {
        self.is_all(reason, false);
    }

    /// As above; certain without a reason too, as the place says it.
    pub(super) fn is_all_at_a_place_of_its_own(&self, reason: &str) {
        self.is_all(reason, true);
    }

    fn is_all(&self, reason: &str, by_place: bool) {
        let has_reasons = feature::reasons();
        let by = self.by();
        assert!(!by.is_empty(), "{:#}", self.value);
        for (had, _, is_certain, _) in &by {
            assert_eq!(
                had,
                if has_reasons { reason } else { "" },
                "{:#}",
                self.value
            );
            assert_eq!(*is_certain, has_reasons || by_place, "{:#}", self.value);
        }
        assert_eq!(self.number("unexplained"), 0, "{:#}", self.value);
        assert_eq!(self.number("surplus"), 0, "{:#}", self.value);
    }

    /// Demands that all of it is perhaps explained, by drops that may have raised another one in its place.
    pub(super) fn is_all_perhaps(&self) {
        let by = self.by();
        assert!(
            by.iter().all(|(.., is_certain, _)| !is_certain),
            "{:#}",
            self.value
        );
        assert_eq!(self.number("unexplained"), 0, "{:#}", self.value);
    }
}

fn object(file: &Path) -> Value {
    let path = file.to_string_lossy();
    let ended = Droprec::run(DROPREC, &["-r", &path, "--summary", "--json"]).succeeded();
    let text = ended.text();
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

fn comments(recorded: &Recorded) -> Vec<BTreeMap<String, String>> {
    let all = recorded.capture.told.iter().flatten();
    all.map(|comment| pairs(comment))
        .filter(|pairs| pairs.contains_key("counter"))
        .collect()
}

/// The lines of a text, each put together again that was too long for one.
fn statements(text: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for line in text.lines() {
        match (line.strip_prefix("    "), lines.last_mut()) {
            (Some(rest), Some(last)) if !rest.starts_with(' ') => {
                last.push(' ');
                last.push_str(rest);
            }
            _ => lines.push(line.to_owned()),
        }
    }
    lines
}
