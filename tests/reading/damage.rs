//! Damage: all that stands before it is shown, then it is told once, with its offset, and the status is 1.

use std::{collections::BTreeSet, process::Command};

use crate::{
    make::{COMMENT, File, Order, UDP, classic},
    stage::{on_disk, read_bytes, run},
};

/// A recording of a few packets, and for each of its blocks where it ends and whether it is a packet.
fn recording() -> (Vec<u8>, Vec<(usize, bool)>) {
    let mut ends = Vec::new();
    let mut file = File::new(Order::Little);
    let mut note = |file: File, is_packet| {
        ends.push((file.bytes.len(), is_packet));
        file
    };
    file = note(file, false);
    let named = File::with_interface(Order::Little, "eth0").bytes;
    file.bytes = named;
    file = note(file, false);
    for number in 0..4 {
        file = file.udp(
            1_700_000_000_000_000_000 + number,
            &[(COMMENT, b"a comment")],
        );
        file = note(file, true);
    }
    file = file.statistics(0, &[(4, &[4, 0, 0, 0, 0, 0, 0, 0])]);
    file = note(file, false);
    (file.bytes, ends)
}

/// A classic capture file of a few packets, in the same way.
fn old_recording() -> (Vec<u8>, Vec<(usize, bool)>) {
    let records: Vec<_> = (0..4)
        .map(|number| (1_700_000_000, number, UDP, 46))
        .collect();
    let file = classic(Order::Big, 0xA1B2_C3D4, 1, &[], &records);
    let mut ends = vec![(24, false)];
    ends.extend((1..=4).map(|number| (24 + number * 62, true)));
    (file, ends)
}

/// How many packets tshark gets out of it, whatever it complains of.
fn by_tshark(bytes: &[u8]) -> usize {
    let file = on_disk(bytes);
    let mut command = Command::new("tshark");
    command.args(["-n", "-T", "fields", "-e", "frame.number", "-r"]);
    run(command.arg(file.path()), b"").out.lines().count()
}

/// The offset that the only message tells.
fn offset(complaint: &str) -> usize {
    let (_, behind) = complaint
        .split_once(" can be read up to byte ")
        .unwrap_or_else(|| panic!("no offset: {complaint}"));
    let (offset, _) = behind.split_once([':', ' ']).expect("more follows");
    offset.parse().expect("it is a number")
}

/// How many packets are shown: lines that do not begin with a tab.
fn shown(out: &str) -> usize {
    out.lines().filter(|line| !line.starts_with('\t')).count()
}

#[test]
fn wherever_a_file_is_cut_what_is_whole_is_shown_and_the_cut_is_told_once() {
    for (file, ends) in [recording(), old_recording()] {
        for cut in 1..file.len() {
            let said = read_bytes(&file[..cut], &[]);
            let whole = ends.iter().filter(|(end, _)| *end <= cut);
            assert_eq!(
                shown(&said.out),
                whole.clone().filter(|(_, is_packet)| *is_packet).count()
            );
            let last = whole.map(|(end, _)| *end).max().unwrap_or(0);
            if last == cut {
                said.good();
                continue;
            }
            let complaint = said.one_complaint();
            if cut < 4 {
                // It may be anything.
                continue;
            }
            assert_eq!(offset(complaint), last, "cut at {cut}");
            assert!(
                complaint.contains(": it ends there in the midst of a block, of which "),
                "{complaint}"
            );
        }
    }
}

#[test]
fn tshark_gets_no_more_out_of_a_cut_file() {
    for (file, _) in [recording(), old_recording()] {
        for cut in (24..file.len()).step_by(37) {
            let said = read_bytes(&file[..cut], &[]);
            assert_eq!(shown(&said.out), by_tshark(&file[..cut]), "cut at {cut}");
        }
    }
}

#[test]
fn a_changed_byte_never_costs_a_packet_before_it() {
    for (file, ends) in [recording(), old_recording()] {
        for at in 0..file.len() {
            let mut damaged = file.clone();
            damaged[at] ^= 0x80;
            let said = read_bytes(&damaged, &[]);
            let before = ends
                .iter()
                .filter(|(end, is_packet)| *end <= at && *is_packet);
            let before = before.count();
            assert!(shown(&said.out) >= before, "at {at}: {said:?}");
            if said.code == Some(0) {
                assert_eq!(said.err, "", "at {at}");
                continue;
            }
            let complaint = said.one_complaint();
            // The block itself, or a later one that it has to do with.
            let begins = ends.iter().map(|(end, _)| *end).filter(|end| *end <= at);
            if at >= 12 {
                let begins = begins.max().unwrap_or(0);
                assert!(offset(complaint) >= begins, "at {at}: {complaint}");
            }
        }
    }
}

#[test]
fn tshark_gets_as_much_out_of_a_file_with_an_absurd_length() {
    let (file, ends) = recording();
    let mut seen = BTreeSet::new();
    for block in [2, 4] {
        let start = ends[block - 1].0;
        // The block's length, the captured length, the true length, a comment's length.
        for (at, is_damage) in [(4, true), (20, true), (24, false), (78, true)] {
            for number in [u32::MAX, 0x7FFF_FFFF, 0x0800_0004, 5, 0] {
                let mut damaged = file.clone();
                let end = if at == 78 { 2 } else { 4 };
                damaged[start + at..][..end].copy_from_slice(&number.to_le_bytes()[..end]);
                let said = read_bytes(&damaged, &[]);
                if said.code == Some(1) {
                    assert_eq!(offset(said.one_complaint()), start, "{at} {number:#x}");
                    assert_eq!(shown(&said.out), block - 2);
                    seen.insert((at, number));
                }
                assert!(
                    is_damage || said.code == Some(0),
                    "{at} {number:#x}: {said:?}"
                );
                assert!(shown(&said.out) >= by_tshark(&damaged), "{at} {number:#x}");
            }
        }
    }
    assert!(seen.len() > 10, "{seen:?}");
}

#[test]
fn objects_and_a_summary_end_the_same_way() {
    let (file, ends) = recording();
    let start = ends[3].0;
    let mut damaged = file;
    damaged[start + 20..start + 24].fill(0xFF);
    let objects = read_bytes(&damaged, &["--json"]);
    assert_eq!(objects.out.lines().count(), 2);
    assert!(
        objects
            .out
            .lines()
            .all(|line| line.starts_with('{') && line.ends_with('}'))
    );
    assert_eq!(offset(objects.one_complaint()), start);
    let summary = read_bytes(&damaged, &["--summary"]);
    assert!(summary.out.contains("\n       2  -"), "{summary:?}");
    assert!(
        summary
            .out
            .ends_with("no books: the file ends before them, or who wrote it last keeps none\n"),
        "{summary:?}"
    );
    assert_eq!(offset(summary.one_complaint()), start);
    let object = read_bytes(&damaged, &["--summary", "--json"]);
    let value: serde_json::Value = serde_json::from_str(&object.out).expect("it is JSON");
    assert_eq!(value["kinds"][0]["drops"], 2);
    assert!(value["books"].is_null());
    assert_eq!(offset(object.one_complaint()), start);
}

#[test]
fn damage_behind_what_was_asked_for_is_none_of_ones_business() {
    let (mut file, ends) = recording();
    file.truncate(ends[4].0 + 7);
    assert_eq!(shown(&read_bytes(&file, &["-c", "3"]).good()), 3);
    assert_eq!(read_bytes(&file, &["-c", "4"]).code, Some(1));
}
