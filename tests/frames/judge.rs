//! Whether tshark and droprec agree.

use std::collections::BTreeSet;

use crate::{
    case::Case,
    readers::{self, Seen},
    words,
};

/// A case, and what both say of it.
pub(crate) struct Judged {
    pub(crate) case: Case,
    pub(crate) seen: Seen,
    pub(crate) what: String,
    /// What of tshark's words droprec does not say.
    pub(crate) lacking: Vec<String>,
}

/// Asks both about frames of any link types.
pub(crate) fn judge(cases: Vec<Case>) -> Vec<Judged> {
    let link_types: BTreeSet<u16> = cases.iter().map(|case| case.link_type).collect();
    let asked = cases.iter().flat_map(|case| &case.means);
    let fields: BTreeSet<&str> = asked
        .map(|(field, ..)| *field)
        .chain(words::fields())
        .collect();
    let directory = readers::directory();
    let mut answers = Vec::new();
    for &link_type in &link_types {
        let of_it: Vec<&Case> = cases
            .iter()
            .filter(|case| case.link_type == link_type)
            .collect();
        let file = directory.join(format!("link-type-{link_type}.pcapng"));
        readers::file(&file, link_type, &of_it);
        let (seen, says) = (
            readers::tshark_sees(&file, &fields),
            readers::droprec_says(&file),
        );
        assert_eq!(
            (seen.len(), says.len()),
            (of_it.len(), of_it.len()),
            "{}",
            file.display()
        );
        answers.push((link_type, seen.into_iter().zip(says)));
    }
    let judged = cases.into_iter().map(|case| {
        let (_, answers) = answers
            .iter_mut()
            .find(|(link_type, _)| *link_type == case.link_type)
            .expect("it was asked");
        let (seen, what) = answers.next().expect("there are as many as cases");
        let lacking = lacking(&case, &seen, &what);
        Judged {
            case,
            seen,
            what,
            lacking,
        }
    });
    judged.collect()
}

fn lacking(case: &Case, seen: &Seen, what: &str) -> Vec<String> {
    let mut lacking = Vec::new();
    let told: BTreeSet<&str> = seen.protocols.iter().map(String::as_str).collect();
    for protocol in told {
        let Some((_, word, fields)) = words::of(protocol) else {
            lacking.push(format!("{protocol} (no word for it here)"));
            continue;
        };
        if !word.is_empty() && !what.contains(word) {
            lacking.push(format!("{protocol} ({word})"));
        }
        for (field, words) in *fields {
            let values = seen.fields[*field]
                .split(';')
                .filter(|value| !value.is_empty());
            for value in values {
                let expected = words.replace("{}", value);
                if !says(what, &expected) {
                    lacking.push(format!("{field} {value} ({expected})"));
                }
            }
        }
    }
    for (field, value, words) in &case.means {
        let found = &seen.fields[*field];
        let found = match found.as_str() {
            "True" => "1",
            "False" => "0",
            found => found,
        };
        if found != *value {
            lacking.push(format!("tshark has {field} {found:?}, not {value:?}"));
        } else if !what.contains(words) {
            lacking.push(format!("{field} {value} ({words})"));
        }
    }
    lacking
}

/// Whether the words are there, and no part of others.
fn says(what: &str, words: &str) -> bool {
    let goes_on = |inner: Option<char>, outer: Option<char>| {
        inner.is_some_and(char::is_alphanumeric) && outer.is_some_and(char::is_alphanumeric)
    };
    what.match_indices(words).any(|(at, found)| {
        let before = what[..at].chars().next_back();
        let after = what[at + found.len()..].chars().next();
        !goes_on(found.chars().next(), before) && !goes_on(found.chars().next_back(), after)
    })
}
