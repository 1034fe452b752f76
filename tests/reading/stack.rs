//! Call stacks of a file: below their drop, and none of the comments that others have written.

use serde_json::{Value, json};

use crate::{
    make::{COMMENT, File, Order},
    stage::read_bytes,
};

const PAIRS: &str = "droprec v=1 reason=X len=46";
const STACK: &str = r#"droprec stack="a+0x1;b+0x2 [m] net/b.c:3""#;

/// What is printed of two packets that have these comments.
fn printed(comments: &[&str], arguments: &[&str]) -> String {
    let comments: Vec<(u16, &[u8])> = comments
        .iter()
        .map(|comment| (COMMENT, comment.as_bytes()))
        .collect();
    let file = File::with_interface(Order::Little, "eth0");
    let file = file.udp(1, &comments).udp(2, &comments);
    read_bytes(&file.bytes, arguments).good()
}

/// The lines, without the times.
fn lines(comments: &[&str], arguments: &[&str]) -> Vec<String> {
    let out = printed(comments, arguments);
    let without_time = |line: &str| match line.split_once(' ') {
        Some((_, rest)) if !line.starts_with('\t') => rest.to_owned(),
        _ => line.to_owned(),
    };
    out.lines().map(without_time).collect()
}

#[test]
fn the_frames_of_a_drop_are_below_it_and_an_empty_line_ends_it() {
    let comments = ["it was dropped", PAIRS, STACK, "a note"];
    let drop = [
        "it was dropped, length 46",
        "\ta+0x1",
        "\tb+0x2 [m] net/b.c:3",
        "\ta note",
        "",
    ];
    assert_eq!(lines(&comments, &[]), [drop, drop].concat());
    let pairs = format!("\t{PAIRS}");
    assert_eq!(lines(&comments, &["-v"])[..3], [drop[0], &pairs, drop[1]]);
}

#[test]
fn json_has_the_frames_as_an_array_and_not_among_the_comments() {
    let out = printed(&["it was dropped", PAIRS, STACK, "a note"], &["--json"]);
    for line in out.lines() {
        let object: Value = serde_json::from_str(line).expect("it is JSON");
        assert_eq!(object["stack"], json!(["a+0x1", "b+0x2 [m] net/b.c:3"]));
        assert_eq!(object["comments"], json!(["a note"]));
    }
}

#[test]
fn what_is_elsewhere_or_not_well_formed_is_another_comment() {
    for comments in [
        &[STACK][..],
        &["it was dropped", STACK],
        &["it was dropped", PAIRS, "a note", STACK],
        &["it was dropped", PAIRS, "droprec stack=\"a+0x1"],
        &["it was dropped", PAIRS, "droprec stacks=a+0x1"],
    ] {
        let last = comments.last().unwrap();
        let lines = lines(comments, &[]);
        assert_eq!(lines.last(), Some(&format!("\t{last}")), "{comments:?}");
        assert!(!lines.contains(&String::new()), "{comments:?}");
        let out = printed(comments, &["--json"]);
        let object: Value = serde_json::from_str(out.lines().next().unwrap()).unwrap();
        assert_eq!(object.get("stack"), None, "{comments:?}");
    }
}

#[test]
fn a_frame_that_means_harm_is_shown_and_not_obeyed() {
    let stack = "droprec stack=\"a\x1b[31m;;b\nc\u{202e}\"";
    let lines = lines(&["it was dropped", PAIRS, stack], &[]);
    assert_eq!(lines[1..4], ["\ta\\x1b[31m", "\tb\\x0ac\\u{202e}", ""]);
}
