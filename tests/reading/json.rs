//! `--json` of what droprec did not record, and of comments that are not what they seem.

use serde_json::{Value, json};

use crate::{
    make::{COMMENT, File, Order, UDP},
    stage::read_bytes,
};

fn object(file: &File) -> Value {
    let out = read_bytes(&file.bytes, &["--json"]).good();
    assert_eq!(out.lines().count(), 1);
    serde_json::from_str(&out).expect("it is JSON")
}

#[test]
fn what_others_have_recorded_is_told_by_the_same_keys() {
    let file = File::with_interface(Order::Little, "eth0").packet(
        0,
        1_700_000_000_123_456_789,
        &UDP[..42],
        1500,
        &[(COMMENT, b"mine")],
    );
    let expected = json!({
        "time": "2023-11-14T22:13:20.123456789Z",
        "dev": "eth0",
        "len": 1500,
        "caplen": 42,
        "what": "UDP 192.0.2.1:1000 > 192.0.2.2:9",
        "comments": ["mine"],
    });
    assert_eq!(object(&file), expected);
}

#[test]
fn a_comment_before_droprecs_is_no_sentence_of_its_own() {
    let comments: [(u16, &[u8]); 4] = [
        (COMMENT, b"a note"),
        (COMMENT, b"it was dropped"),
        (COMMENT, b"droprec v=1 reason=X len=99 new=key"),
        (COMMENT, b"another note"),
    ];
    let file = File::with_interface(Order::Little, "eth0").udp(1, &comments);
    let object = object(&file);
    assert_eq!(object["sentence"], "it was dropped");
    assert_eq!(object["comments"], json!(["a note", "another note"]));
    assert_eq!(
        (&object["len"], &object["new"]),
        (&json!(99), &json!("key"))
    );
}

#[test]
fn droprecs_second_comment_alone_tells_what_it_tells() {
    let file =
        File::with_interface(Order::Little, "eth0").udp(1, &[(COMMENT, b"droprec v=1 reason=X")]);
    let out = read_bytes(&file.bytes, &[]).good();
    assert!(
        out.contains(" UDP 192.0.2.1:1000 > 192.0.2.2:9 (eth0), length 46"),
        "{out}"
    );
    let object = object(&file);
    assert_eq!(object["reason"], "X");
    assert!(object.get("sentence").is_none());
}
