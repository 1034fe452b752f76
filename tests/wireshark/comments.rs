//! Comments that nobody would write who means well.

use droprec_pcapng::{link_type, write};
use tempfile::NamedTempFile;

use crate::home::Home;

/// A file of packets with these comments.
pub(crate) fn file_of(packets: &[&[&str]]) -> NamedTempFile {
    let mut out = Vec::new();
    write::section_header(&mut out, &write::Section::default()).expect("it is short");
    let interface = write::Interface {
        link_type: link_type::ETHERNET,
        name: Some("eth0"),
        description: None,
        comment: None,
    };
    write::interface(&mut out, &interface).expect("it is short");
    let frame = [&[0; 12][..], &[0x88, 0xb5], &[0; 46]].concat();
    for comments in packets {
        let comments: Vec<[&str; 1]> = comments.iter().map(|comment| [*comment]).collect();
        let comments: Vec<&[&str]> = comments.iter().map(|comment| &comment[..]).collect();
        let packet = write::Packet {
            original_len: frame.len() as u32,
            frame: &[&frame],
            comments: &comments,
            ..write::Packet::default()
        };
        write::packet(&mut out, &packet).expect("it is short");
    }
    let file = NamedTempFile::new().expect("a file under /tmp");
    std::fs::write(file.path(), out).expect("the test's own");
    let open = std::os::unix::fs::PermissionsExt::from_mode(0o644);
    std::fs::set_permissions(file.path(), open).expect("the test's own");
    file
}

/// Demands of each packet with such comments that these fields have these values.
fn must_tell<const N: usize>(fields: [&str; N], cases: &[(&[&str], [&str; N])]) {
    let comments: Vec<&[&str]> = cases.iter().map(|(comments, _)| *comments).collect();
    let file = file_of(&comments);
    let found = Home::installed().fields(&[], &fields, file.path());
    assert_eq!(found.len(), cases.len());
    for ((comments, expected), found) in cases.iter().zip(&found) {
        assert_eq!(found, expected, "{comments:?}: {fields:?}");
    }
}

#[test]
fn values_are_unquoted_as_they_were_quoted() {
    must_tell(
        [
            "droprec.what",
            "droprec.comm",
            "droprec.dev",
            "droprec.other",
        ],
        &[
            (
                &[r#"droprec v=1 dev=eth0 what="a \"b\" = \\c" comm="x y""#],
                [r#"a "b" = \c"#, "x y", "eth0", ""],
            ),
            (
                &[r#"droprec v=1 what="dev=eth1 comm=\"z\"" comm="\\" dev=e"#],
                [r#"dev=eth1 comm="z""#, r"\", "e", ""],
            ),
            (&[r#"droprec v=1 what="" comm= dev="=""#], ["", "", "=", ""]),
            (&["droprec v=1 what=λµ dev=é"], ["λµ", "", "é", ""]),
        ],
    );
}

#[test]
fn what_the_plugin_does_not_know_is_shown_as_it_is() {
    must_tell(
        [
            "droprec.reason",
            "droprec.len",
            "droprec.mark",
            "droprec.other",
        ],
        &[
            (
                &["droprec v=2 reason=X novel=1 other=\"a b\""],
                ["X", "", "", "novel=1|other=a b"],
            ),
            (
                &["droprec v=1 reason=A reason=B len=1 len=2"],
                ["A", "1", "", "reason=B|len=2"],
            ),
            (
                &["droprec v=1 mark=0x100000000 len=-1"],
                ["", "", "", "mark=0x100000000|len=-1"],
            ),
            (
                &["droprec v=1 mark=0x10000000000000001 len=4294967296"],
                ["", "", "", "mark=0x10000000000000001|len=4294967296"],
            ),
            (
                &["droprec v=1 len=0x mark=1e3 len="],
                ["", "", "", "len=0x|mark=1e3|len="],
            ),
            (
                &["droprec v=1 sock=18446744073709551616 proto=0x10000 deferred=no"],
                [
                    "",
                    "",
                    "",
                    "sock=18446744073709551616|proto=0x10000|deferred=no",
                ],
            ),
        ],
    );
}

#[test]
fn what_is_not_well_formed_ends_what_is_read() {
    for rest in [
        "  len=1",
        " \"len\"=1",
        " =1 len=1",
        " word len=1",
        " comm=\"never closed len=1",
        " comm=\"\\",
        " ",
    ] {
        let comment = format!("droprec v=1 reason=A{rest}");
        must_tell(
            ["droprec.reason", "droprec.len", "droprec.comm"],
            &[(&[&comment], ["A", "", ""])],
        );
    }
}

#[test]
fn a_control_character_is_shown_and_not_obeyed() {
    let file = file_of(&[&["e\x1b[31m dropped", "droprec v=1 comm=a\x1b[2J\x07 n\x1b=1"]]);
    let fields = ["droprec.sentence", "droprec.comm", "droprec.other"];
    let printed = Home::installed().fields(&[], &fields, file.path()).concat();
    let expected = [r"e\x1b[31m dropped", r"a\x1b[2J\x07", r"n\x1b=1"];
    assert_eq!(printed, expected);
}

#[test]
fn the_first_of_two_comments_of_droprecs_tells_of_the_packet() {
    const FIRST: &str = "droprec v=1 reason=FIRST";
    const SECOND: &str = "droprec v=1 reason=SECOND";
    must_tell(
        ["droprec.reason", "droprec.sentence"],
        &[
            (
                &["one dropped", FIRST, "two dropped", SECOND],
                ["FIRST", "one dropped"],
            ),
            (&[FIRST, FIRST], ["FIRST", ""]),
            (&["one", "two", FIRST], ["FIRST", "one"]),
        ],
    );
}

#[test]
fn lines_of_somebody_elses_comment_are_none_of_droprecs() {
    const OWN: &str = "droprec v=1 reason=OWN";
    let many = format!("{}droprec v=1 reason=FAKE", "line\n".repeat(60));
    let starts = format!("droprec v=1 reason=FAKE{}", "\nline".repeat(60));
    must_tell(
        ["droprec.reason"],
        &[
            (
                &["note\ndroprec v=1 reason=FAKE", "x dropped", OWN],
                ["OWN"],
            ),
            (
                &["x dropped", OWN, "note\ndroprec v=1 reason=OWN\n"],
                ["OWN"],
            ),
            (&["\ndroprec v=1 reason=FAKE\n\n", OWN], ["OWN"]),
            (&[&many, OWN], ["OWN"]),
            (&["x dropped", OWN, &starts], ["OWN"]),
            (&["note\ndroprec v=1 reason=FAKE"], [""]),
            (&[&many], [""]),
        ],
    );
}

#[test]
fn a_call_stack_is_told_frame_by_frame_if_it_is_the_next_comment() {
    const OWN: &str = "droprec v=1 reason=A";
    const STACK: &str = r#"droprec stack="a+0x1;b+0x2 [\"m\"]""#;
    must_tell(
        ["droprec.stack", "droprec.reason"],
        &[
            (&["x dropped", OWN, STACK], [r#"a+0x1|b+0x2 ["m"]"#, "A"]),
            (
                &[OWN, STACK, "droprec stack=c"],
                [r#"a+0x1|b+0x2 ["m"]"#, "A"],
            ),
            (&[OWN, "droprec stack=c+0x1"], ["c+0x1", "A"]),
            (
                &[OWN, "droprec stack=\"a\x1b[31m;b\""],
                [r"a\x1b[31m|b", "A"],
            ),
            (&[OWN, "droprec stack=\"a;b"], ["", "A"]),
            (&[OWN, "droprec stacks=a"], ["", "A"]),
            (&[STACK, OWN], ["", "A"]),
            (&[OWN, "another", STACK], ["", "A"]),
        ],
    );
}

#[test]
fn a_packet_that_droprec_says_nothing_of_has_no_fields_of_its() {
    let file = file_of(&[
        &[],
        &["a comment"],
        &["droprec"],
        &["droprecv=1 reason=A"],
        &["droprec stack=\"a;b\""],
        &[" droprec v=1 reason=A"],
    ]);
    let found = Home::installed().fields(&["-Y", "droprec"], &["frame.number"], file.path());
    assert!(found.is_empty(), "{found:?}");
}
