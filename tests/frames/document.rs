//! `docs/frames.md` is what this run gives.

use std::{fmt::Write as _, fs, path::Path};

use droprec_testbed::run;

use crate::{
    groups,
    judge::{Judged, judge},
    names, readers,
};

const DOCUMENT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/frames.md");

/// The tshark whose words the document has. What another one calls a frame may be more or less.
pub(crate) const VERSION: &str = "4.0";

/// So many kinds of frame there are at least.
const KINDS: usize = 60;

/// Whether tshark here is the one of the document.
pub(crate) fn is_of_the_document() -> bool {
    let said = run("tshark", &["--version"]);
    said.lines()
        .any(|line| line.starts_with(&format!("TShark (Wireshark) {VERSION}.")))
}

#[test]
fn tshark_and_droprec_agree_but_for_the_differences_that_the_document_explains() {
    let (headings, cases): (Vec<_>, Vec<_>) = groups().into_iter().unzip();
    let counts: Vec<usize> = cases.iter().map(Vec::len).collect();
    // All at once: of each file tshark is asked a single time.
    let mut all = judge(cases.into_iter().flatten().collect()).into_iter();
    let groups = headings.into_iter().zip(counts);
    let judged: Vec<(&str, Vec<Judged>)> = groups
        .map(|(heading, count)| (heading, all.by_ref().take(count).collect()))
        .collect();
    let all = || judged.iter().flat_map(|(_, group)| group);
    for judged in all() {
        let Judged {
            case,
            seen,
            what,
            lacking,
        } = judged;
        assert_eq!(
            lacking.is_empty(),
            case.differs.is_none(),
            "{}: tshark has {} {:?}, droprec {what:?}, which lacks {lacking:?}",
            case.name,
            seen.protocols.join(":"),
            seen.info,
        );
    }
    assert!(
        all().count() >= KINDS,
        "only {} kinds of frame",
        all().count()
    );
    if is_of_the_document() {
        compare(&written(&judged));
    }
}

fn compare(expected: &str) {
    let found = fs::read_to_string(DOCUMENT).unwrap_or_default();
    if found != expected {
        let path = readers::directory().join("frames.md");
        fs::write(&path, expected).expect("there is room for a file");
        let (found, path) = (Path::new(DOCUMENT).display(), path.display());
        panic!("{found} is not what this run gives; that is in {path}");
    }
}

fn written(groups: &[(&str, Vec<Judged>)]) -> String {
    let all = || groups.iter().flat_map(|(_, group)| group);
    let differing = all().filter(|judged| judged.case.differs.is_some()).count();
    let mut text = format!(
        "# What droprec says of a frame, and what tshark says\n\n\
         {} kinds of frame, written into files that both read: tshark {VERSION}, its protocols and what it shows in the list of \
         packets; droprec's `what` (`droprec -r FILE --json`). They agree where droprec has a word for each of tshark's protocols, \
         and tells the same addresses, ports, numbers and names. Of {differing} they differ: [who is right](#differences).\n\n\
         This file is what a run of `cargo test -p droprec --test frames` gives, which fails if it is not; the files that both read \
         are left in `target/tmp/frames`.\n",
        all().count(),
    );
    for (heading, group) in groups {
        let _ = write!(
            text,
            "\n## {heading}\n\n| frame | tshark | droprec | agree |\n|---|---|---|---|\n"
        );
        for judged in group {
            text.push_str(&row(judged));
        }
    }
    text.push_str(
        "\n## Differences\n\n| frame | what one of them lacks | who is right |\n|---|---|---|\n",
    );
    for Judged { case, lacking, .. } in all() {
        if let Some(why) = case.differs {
            let lacking = cell(&lacking.join(", "));
            let _ = writeln!(text, "| {} | {lacking} | {} |", case.name, cell(why));
        }
    }
    text.push_str(&names::written());
    text
}

fn row(judged: &Judged) -> String {
    let Judged {
        case, seen, what, ..
    } = judged;
    let source = case
        .source
        .map(|source| format!(" ({source})"))
        .unwrap_or_default();
    let agree = if case.differs.is_none() { "yes" } else { "no" };
    let protocols = seen.protocols.join(":");
    format!(
        "| {}{source} | `{protocols}` {} | {} | {agree} |\n",
        case.name,
        cell(&seen.info),
        cell(what),
    )
}

/// Text that does not end the cell, or begin a tag.
fn cell(text: &str) -> String {
    text.trim()
        .replace('|', "\\|")
        .replace('<', "&lt;")
        .replace('*', "\\*")
}
