//! Names and comments that mean harm: nothing of them reaches a terminal as what it is.

use serde_json::Value;

use crate::{
    make::{COMMENT, ETHERNET, File, IF_NAME, IF_TSRESOL, Order},
    stage::{read_bytes, through},
};

const HOSTILE: &str = "a\x1b[31m\x07\r\nb\u{9b}2J\u{202e}c\u{2066}d\u{2028}e\u{200f}f\u{7f}g\"\\\t";

/// Whether a terminal would obey it.
fn is_obeyed(c: char) -> bool {
    let turns = ['\u{61c}', '\u{200e}', '\u{200f}', '\u{2028}', '\u{2029}'];
    c.is_control()
        || turns.contains(&c)
        || ('\u{202a}'..='\u{202e}').contains(&c)
        || ('\u{2066}'..='\u{2069}').contains(&c)
}

/// A file all of whose texts are hostile: one packet of another's, one that looks like droprec's.
fn file() -> Vec<u8> {
    let hostile = HOSTILE.as_bytes();
    let quoted = HOSTILE.replace('\\', "\\\\").replace('"', "\\\"");
    let pairs = format!(
        "droprec v=1 reason=\"{quoted}\" loc=\"{quoted}\" dev=\"{quoted}\" comm=\"{quoted}\" ifindex=2 len=46 what=\"{quoted}\" \u{202e}=\x1b"
    );
    let invalid = b"\xFF\xFEnot \xC3\x28 UTF-8 \xED\xA0\x80\x1b";
    File::new(Order::Big)
        .section(
            Order::Big,
            0,
            &[(COMMENT, hostile), (2, hostile), (3, hostile), (4, hostile)],
        )
        .interface(
            ETHERNET,
            0,
            &[(IF_NAME, hostile), (3, hostile), (IF_TSRESOL, &[9])],
        )
        .udp(
            1_700_000_000_000_000_001,
            &[(COMMENT, hostile), (COMMENT, invalid)],
        )
        .udp(
            1_700_000_000_000_000_002,
            &[
                (COMMENT, hostile),
                (COMMENT, pairs.as_bytes()),
                (COMMENT, invalid),
            ],
        )
        .statistics(
            0,
            &[(
                COMMENT,
                format!("droprec v=1 modules=\"{quoted}\"").as_bytes(),
            )],
        )
        .bytes
}

#[test]
fn no_control_character_is_printed_in_any_form_of_output() {
    for arguments in [
        &[][..],
        &["-v"],
        &["--json"],
        &["--summary"],
        &["--summary", "--json"],
        &["-i", HOSTILE],
    ] {
        let said = read_bytes(&file(), arguments);
        for text in [&said.out, &said.err] {
            // Line breaks and tabs that are droprec's own stand where they belong.
            for line in text.lines() {
                let line = line.strip_prefix('\t').unwrap_or(line);
                assert!(!line.contains(is_obeyed), "{arguments:?}: {line:?}");
            }
        }
        assert_eq!(said.code, Some(0), "{said:?}");
    }
}

#[test]
fn the_lines_are_as_many_as_they_must_be() {
    let out = read_bytes(&file(), &["-v"]).good();
    let lines: Vec<bool> = out.lines().map(|line| line.starts_with('\t')).collect();
    // Two comments of another's packet; droprec's second comment, and one more.
    assert_eq!(lines, [false, true, true, false, true, true], "{out}");
}

#[test]
fn python_reads_every_object_and_finds_in_it_what_was_written() {
    let out = read_bytes(&file(), &["--json"]).good();
    let script = "import json, sys\nfor line in sys.stdin: print(json.dumps(json.loads(line)))";
    let by_python = through("python3", &["-c", script], out.as_bytes());
    let by_python = String::from_utf8(by_python).expect("it is ASCII");
    let objects: Vec<Value> = by_python
        .lines()
        .map(|line| serde_json::from_str(line).expect("it is JSON"))
        .collect();
    assert_eq!(objects.len(), 2);
    assert_eq!(objects[0]["comments"][0], HOSTILE);
    let invalid = objects[0]["comments"][1].as_str().expect("it is text");
    assert!(
        invalid.contains('\u{FFFD}') && invalid.contains("not "),
        "{invalid}"
    );
    assert_eq!(objects[1]["sentence"], HOSTILE);
    for key in ["reason", "loc", "dev", "comm", "what"] {
        assert_eq!(objects[1][key], HOSTILE, "{key}");
    }
    assert_eq!(objects[1]["\u{202e}"], "\x1b");
    assert_eq!(objects[1]["len"], 46);
    let summary = read_bytes(&file(), &["--summary", "--json"]).good();
    let _: Value = serde_json::from_slice(&through("python3", &["-c", script], summary.as_bytes()))
        .expect("it is JSON");
}
