//! The plugin's fields hold what the keys of droprec's comment do.

use std::{collections::BTreeMap, fs};

use droprec::explain::{self, Verdict};
use droprec_testbed::{Capture, Packet};

use crate::{comments::file_of, home::Home, sample};

/// The documented keys.
fn keys() -> Vec<String> {
    let readme = concat!(env!("CARGO_MANIFEST_DIR"), "/../README.md");
    let readme = fs::read_to_string(readme).expect("the README is there");
    let table = readme
        .split("| key | meaning |\n")
        .nth(1)
        .expect("a table of keys");
    let mut keys = Vec::new();
    for line in table.lines().take_while(|line| line.starts_with('|')) {
        let names = line.split('|').nth(1).unwrap_or_default();
        keys.extend(names.split('`').skip(1).step_by(2).map(str::to_owned));
    }
    assert!(keys.len() > 25, "few keys are documented: {keys:?}");
    keys
}

fn field(key: &str) -> String {
    match key {
        "loc" => "droprec.location".to_owned(),
        key => format!("droprec.{key}"),
    }
}

/// A value that such a key may have, and what tshark is to print of it.
fn value(key: &str) -> (&'static str, &'static str) {
    match key {
        "v" => ("1", "1"),
        "deferred" => ("yes", "1"),
        "proto" => ("0x88b5", "0x88b5"),
        "mark" | "hash" => ("0x2a", "0x0000002a"),
        "gso" => ("4x1448", "4x1448"),
        "sock" => ("18446744073709551615", "18446744073709551615"),
        "ifindex" | "iif" | "netns" | "len" | "caplen" | "prio" | "queue" | "cpu" | "uid"
        | "pid" => ("4294967295", "4294967295"),
        _ => ("a-word", "a-word"),
    }
}

/// Numbers and truth values are written in more than one way.
fn number(text: &str) -> Option<u64> {
    match text.strip_prefix("0x") {
        Some(digits) => u64::from_str_radix(digits, 16).ok(),
        None if text == "yes" || text == "True" => Some(1),
        None => text.parse().ok(),
    }
}

#[test]
fn every_documented_key_has_a_field_that_holds_what_it_may_say() {
    let keys = keys();
    let pairs: Vec<String> = keys
        .iter()
        .filter(|key| *key != "v")
        .map(|key| format!(" {key}={}", value(key).0))
        .collect();
    let comment = format!("droprec v=1{}", pairs.concat());
    let file = file_of(&[&["a sentence", &comment]]);
    let fields: Vec<String> = keys.iter().map(|key| field(key)).collect();
    let mut fields: Vec<&str> = fields.iter().map(String::as_str).collect();
    fields.extend(["droprec.sentence", "droprec.other"]);
    let mut expected: Vec<&str> = keys.iter().map(|key| value(key).1).collect();
    expected.extend(["a sentence", ""]);
    let mut found = Home::installed().fields(&[], &fields, file.path());
    // A truth value is a word from 4.4 on.
    for value in found.iter_mut().flatten().filter(|value| *value == "True") {
        "1".clone_into(value);
    }
    assert_eq!(found, [expected], "{fields:?}");
}

#[test]
fn a_recording_has_in_its_fields_what_its_comments_say() {
    let home = Home::installed();
    let keys = keys();
    let names: Vec<String> = keys.iter().map(|key| field(key)).collect();
    let mut names: Vec<&str> = names.iter().map(String::as_str).collect();
    names.push("droprec.sentence");
    for kernel in ["5.10", "6.18", "7.2"] {
        let file = sample(kernel);
        let packets = Capture::read(&file).packets;
        let rows = home.fields(&[], &names, &file);
        assert_eq!(rows.len(), packets.len(), "{kernel}");
        for (row, packet) in rows.iter().zip(&packets) {
            let mut told: BTreeMap<&str, &str> = names
                .iter()
                .copied()
                .zip(row.iter().map(String::as_str))
                .collect();
            assert_eq!(told.remove("droprec.sentence"), Some(&*packet.sentence));
            for key in &keys {
                let (said, shown) = (packet.get(key), told[&*field(key)]);
                let is_same =
                    said == shown || number(said).is_some_and(|said| number(shown) == Some(said));
                assert!(is_same, "{key}={said}, and {shown}: {packet:#?}");
            }
        }
    }
}

#[test]
fn a_location_is_told_by_its_parts_too() {
    let file = file_of(&[
        &["", "droprec v=1 loc=nft_do_chain+0x5ad [nf_tables]"],
        &["", "droprec v=1 loc=\"nft_do_chain+0x5ad [nf_tables]\""],
        &[
            "",
            "droprec v=1 loc=__udp4_lib_rcv.constprop.0.isra.1+0x1 gso=1448",
        ],
        &["", "droprec v=1 gso=3x1400"],
    ]);
    let fields = [
        "droprec.function",
        "droprec.offset",
        "droprec.module",
        "droprec.gso.segments",
        "droprec.gso.size",
    ];
    let found = Home::installed().fields(&[], &fields, file.path());
    let expected = [
        // What stands behind a space without quotes is no part of it.
        ["nft_do_chain", "0x000005ad", "", "", ""],
        ["nft_do_chain", "0x000005ad", "nf_tables", "", ""],
        ["__udp4_lib_rcv", "0x00000001", "", "", "1448"],
        ["", "", "", "3", "1400"],
    ];
    assert_eq!(found, expected);
}

#[test]
fn numbers_are_compared_as_numbers_and_words_as_words() {
    let home = Home::installed();
    let file = sample("6.18");
    let packets = Capture::read(&file).packets;
    let longer = |packet: &&Packet| packet.get("len").parse::<u32>().is_ok_and(|len| len > 60);
    let count = packets.iter().filter(longer).count();
    assert!(count > 0 && count < packets.len());
    let troubles = packets.iter().filter(|packet| {
        let key = |key| packet.pairs.get(key).map(String::as_str);
        let explained = explain::of(key("reason"), key("loc"));
        explained.is_some_and(|explained| explained.verdict == Verdict::Trouble)
    });
    for (filter, expected) in [
        ("droprec.len > 60", count),
        ("droprec.proto == 0x88b5", 1),
        (
            "droprec.reason == \"NO_SOCKET\" && droprec.function matches \"^tcp\"",
            1,
        ),
        ("droprec.reason in {\"IP_CSUM\", \"TCP_CSUM\"}", 2),
        ("droprec && !droprec.pid", 20),
        ("droprec.trouble", troubles.count()),
    ] {
        let found = home.fields(&["-Y", filter], &["frame.number"], &file);
        assert_eq!(found.len(), expected, "{filter}: {found:?}");
    }
}

#[test]
fn without_the_plugin_a_reason_is_found_in_the_comment() {
    let home = Home::empty();
    for kernel in ["6.18", "7.2"] {
        let file = sample(kernel);
        let filter = "frame.comment contains \"reason=NO_SOCKET\"";
        let found = home.fields(&["-Y", filter], &["frame.number"], &file);
        let packets = Capture::read(&file).packets;
        let expected = packets
            .iter()
            .filter(|packet| packet.get("reason") == "NO_SOCKET");
        assert_eq!(found.len(), expected.count(), "{kernel}");
        assert!(!found.is_empty());
    }
}
