//! `--summary`: what a file comes to.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::{
    make::{COMMENT, ETHERNET, File, IF_NAME, Order, UDP},
    stage::read_bytes,
};

/// A recording as droprec makes them: drops of two kinds at two interfaces.
fn recording(books: &str) -> Vec<u8> {
    let mut file = File::with_interface(Order::Little, "eth0").interface(
        ETHERNET,
        0,
        &[(IF_NAME, b"veth7@web")],
    );
    for number in 0..10_u64 {
        let (interface, dev) = if number % 5 == 0 {
            (1, "veth7 netns_name=web")
        } else {
            (0, "eth0")
        };
        let reason = if number % 2 == 0 {
            "NO_SOCKET"
        } else {
            "UDP_CSUM"
        };
        let pairs = format!(
            "droprec v=1 reason={reason} loc=udp_rcv+0x1 dev={dev} ifindex=2 netns=4026531840 dir=in proto=0x0800 len=46 what=\"UDP {number}\""
        );
        let comments: [(u16, &[u8]); 2] =
            [(COMMENT, b"it was dropped"), (COMMENT, pairs.as_bytes())];
        file = file.packet(
            interface,
            1_700_000_000_000_000_000 + number,
            UDP,
            46,
            &comments,
        );
    }
    file.statistics(
        0,
        &[(4, &[9, 0, 0, 0, 0, 0, 0, 0]), (COMMENT, books.as_bytes())],
    )
    .statistics(1, &[(4, &[2, 0, 0, 0, 0, 0, 0, 0])])
    .bytes
}

const BOOKS: &str = "droprec v=1 seen=13 written=10 filtered=0 suppressed=1 ring_full=2 nested=0 unwritten=0 partial=0";
const LAST: &str = "seen 13 = written 10 + filtered 0 + suppressed 1 + lost 2";

/// The lines of the table: how many, the reason and the interface.
fn table(out: &str) -> BTreeMap<(String, String), u64> {
    let rows = out.lines().skip(1).take_while(|line| !line.is_empty());
    let rows = rows.filter_map(|line| {
        let mut words = line.split_whitespace();
        let drops = words.next()?.parse().ok()?;
        let reason = words.next()?;
        let interface = words.nth(1)?;
        Some(((reason.to_owned(), interface.to_owned()), drops))
    });
    rows.collect()
}

#[test]
fn the_table_has_a_line_for_each_reason_location_and_interface() {
    let out = read_bytes(&recording(BOOKS), &["--summary"]).good();
    let rows = table(&out);
    let expected = [
        (("NO_SOCKET", "eth0"), 4),
        (("UDP_CSUM", "eth0"), 4),
        (("NO_SOCKET", "veth7@web"), 1),
        (("UDP_CSUM", "veth7@web"), 1),
    ];
    let expected = expected
        .map(|((reason, interface), drops)| ((reason.to_owned(), interface.to_owned()), drops));
    assert_eq!(rows, BTreeMap::from(expected), "{out}");
    assert!(out.contains(LAST), "{out}");
}

#[test]
fn a_part_of_a_file_has_no_books() {
    for part in [&["-i", "eth0"][..], &["-c", "3"], &["--duration", "1h"]] {
        let arguments = [&["--summary"], part].concat();
        let out = read_bytes(&recording(BOOKS), &arguments).good();
        assert!(
            !out.contains("seen 13") && !out.contains("no books"),
            "{part:?}: {out}"
        );
        let out = read_bytes(&recording(BOOKS), &[&arguments[..], &["--json"]].concat()).good();
        let value: Value = serde_json::from_str(&out).expect("it is JSON");
        assert!(value["books"].is_null(), "{part:?}: {out}");
    }
    let out = read_bytes(&recording(BOOKS), &["--summary", "-i", "veth7@web"]).good();
    assert_eq!(table(&out).values().sum::<u64>(), 2, "{out}");
}

#[test]
fn the_books_of_recordings_behind_each_other_are_added() {
    let out = read_bytes(&recording(BOOKS).repeat(3), &["--summary"]).good();
    assert!(
        out.contains("seen 39 = written 30 + filtered 0 + suppressed 3 + lost 6"),
        "{out}"
    );
    assert_eq!(table(&out).values().sum::<u64>(), 30);
}

#[test]
fn without_books_the_object_has_the_statistics_too() {
    let file = File::with_interface(Order::Little, "eth0")
        .udp(1, &[])
        .statistics(0, &[(4, &9_u64.to_le_bytes()), (5, &8_u64.to_le_bytes())])
        .bytes;
    let out = read_bytes(&file, &["--summary", "--json"]).good();
    let value: Value = serde_json::from_str(&out).expect("it is JSON");
    assert_eq!(value["statistics"]["received"], 9, "{out}");
    assert_eq!(value["statistics"]["lost"], 8, "{out}");
    let part = read_bytes(&file, &["--summary", "--json", "-c", "9"]).good();
    assert!(!part.contains("statistics"), "{part}");
}

#[test]
fn where_packets_are_not_those_of_the_books_it_is_said() {
    let others = File::with_interface(Order::Little, "eth0")
        .udp(1, &[])
        .bytes;
    let out = read_bytes(&[others, recording(BOOKS)].concat(), &["--summary"]).good();
    assert!(
        out.contains("10 packets that were written, but 11 were read"),
        "{out}"
    );
    let alone = read_bytes(&recording(BOOKS), &["--summary"]).good();
    assert!(!alone.contains("The books tell"), "{alone}");
}

#[test]
fn the_object_says_the_same_as_the_table() {
    let out = read_bytes(&recording(BOOKS), &["--summary", "--json"]).good();
    assert_eq!(out.lines().count(), 1);
    let value: Value = serde_json::from_str(&out).expect("it is JSON");
    let kinds = value["kinds"].as_array().expect("it has kinds");
    let kinds: BTreeMap<_, _> = kinds
        .iter()
        .map(|kind| {
            let text = |key: &str| kind[key].as_str().expect("it is text").to_owned();
            (
                (text("reason"), text("interface")),
                kind["drops"].as_u64().expect("it is a number"),
            )
        })
        .collect();
    let text = read_bytes(&recording(BOOKS), &["--summary"]).good();
    assert_eq!(kinds, table(&text));
    for kind in value["kinds"].as_array().expect("it has kinds") {
        let meaning = kind["meaning"].as_str().expect("it is text");
        assert!(
            text.contains(&format!("  {meaning}\n")),
            "{meaning}: {text}"
        );
    }
    assert!(value["statistics"].is_null(), "{out}");
    let books = value["books"].as_object().expect("it has books");
    let books =
        ["seen", "written", "filtered", "suppressed", "lost"].map(|key| books[key].as_u64());
    assert_eq!(books, [13, 10, 0, 1, 2].map(Some));
}

/// What `--summary --json` says with these arguments.
fn object(capture: &[u8], arguments: &[&str]) -> Value {
    let arguments = [&["--summary", "--json"], arguments].concat();
    let out = read_bytes(capture, &arguments).good();
    serde_json::from_str(&out).expect("it is JSON")
}

#[test]
fn the_noise_of_the_books_is_in_the_object_too() {
    let books = "droprec v=1 seen=24 written=10 filtered=11 noise=7 suppressed=1 ring_full=2 nested=0 unwritten=0 partial=0";
    let out = read_bytes(&recording(books), &["--summary"]).good();
    assert!(out.contains("filtered 11 (noise 7)"), "{out}");
    assert_eq!(object(&recording(books), &[])["books"]["noise"], 7);
    assert_eq!(object(&recording(BOOKS), &[])["books"]["noise"], 0);
}

#[test]
fn what_the_filters_of_a_reading_leave_out_is_told_and_what_of_it_is_noise() {
    let mut file = File::with_interface(Order::Little, "eth0");
    for reason in ["TCP_OLD_DATA", "TCP_OLD_DATA", "NO_SOCKET", "UDP_CSUM"] {
        let pairs = format!("droprec v=1 reason={reason} loc=f+0x1 dev=eth0 len=46 what=x");
        file = file.udp(1, &[(COMMENT, b"s"), (COMMENT, pairs.as_bytes())]);
    }
    let file = file.bytes;
    for (arguments, packets, noise) in [
        (&["--no-noise"][..], 2, 2),
        (&["--no-noise", "--reason", "UDP_CSUM"], 3, 2),
        (&["--no-noise", "--not-reason", "TCP_*"], 2, 0),
        (&["--reason", "UDP_CSUM"], 3, 0),
        (&["udp", "and", "dst", "port", "7"], 4, 0),
        (&["-i", "eth0"], 0, 0),
    ] {
        let out = read_bytes(&file, &[&["--summary"], arguments].concat()).good();
        let of_these = match noise {
            0 => String::new(),
            _ => format!(" (noise {noise})"),
        };
        let line = format!("left out by the filters: {packets}{of_these}");
        assert_eq!(out.lines().last(), Some(line.as_str()), "{arguments:?}");
        let left_out = &object(&file, arguments)["left_out"];
        assert_eq!(
            *left_out,
            serde_json::json!({"packets": packets, "noise": noise}),
            "{arguments:?}"
        );
    }
    for part in [&[][..], &["-c", "2"], &["--duration", "1h"]] {
        assert!(object(&file, part)["left_out"].is_null(), "{part:?}");
    }
}

#[test]
fn a_row_that_is_there_goes_on_counting_when_there_is_room_for_no_more() {
    let drop = |file: File, number: u32| {
        let pairs = format!("droprec v=1 reason=R{number} loc=f+0x1 dev=eth0 len=46 what=x");
        file.udp(1, &[(COMMENT, b"s"), (COMMENT, pairs.as_bytes())])
    };
    let mut file = drop(File::with_interface(Order::Little, "eth0"), 0);
    file = (0..40_000).fold(file, drop);
    for _ in 0..10 {
        file = drop(file, 0);
    }
    let out = read_bytes(&file.bytes, &["--summary", "--json"]).good();
    let value: Value = serde_json::from_str(&out).expect("it is JSON");
    let kinds = value["kinds"].as_array().expect("it has kinds");
    let drops = |is: &dyn Fn(&Value) -> bool| -> u64 {
        let kinds = kinds.iter().filter(|kind| is(kind));
        kinds.filter_map(|kind| kind["drops"].as_u64()).sum()
    };
    assert_eq!(drops(&|_| true), 40_011);
    assert_eq!(drops(&|kind| kind["reason"] == "R0"), 12);
    assert_eq!(drops(&|kind| kind["loc"] == "(others)"), 40_000 - 16_384);
}
