//! Droprec's own recordings: its lines and objects say what tshark finds in the file's comments.

use std::fs;

use droprec_testbed::{Capture, Packet, fields, pairs, samples, tcpdump};
use jiff::Timestamp;
use serde_json::Value;

use crate::stage::{read, read_bytes, through};

#[test]
fn each_line_is_the_sentence_that_tshark_finds_at_the_time_that_tcpdump_finds() {
    for sample in samples() {
        let out = read(&sample, &[]).good();
        let comments = fields("frame", &["frame.comment"], &sample);
        let tcpdump = tcpdump(&[], &sample);
        assert_eq!(out.lines().count(), comments.len());
        // Of what it does not know it shows the bytes.
        let packets = tcpdump.lines().filter(|line| !line.starts_with('\t'));
        for ((line, comment), at) in out.lines().zip(&comments).zip(packets) {
            let (time, sentence) = line.split_once(' ').expect("a time, and the rest");
            assert_eq!(time, &at[..15]);
            let (sentence, length) = sentence.rsplit_once(", length ").expect("a length");
            let (said, logfmt) = comment.split_once(",droprec v=1 ").expect("two comments");
            assert_eq!(sentence, said);
            assert_eq!(pairs(&format!("droprec v=1 {logfmt}"))["len"], length);
        }
    }
}

#[test]
fn with_v_the_second_comment_is_the_second_line() {
    for sample in samples() {
        let out = read(&sample, &["-v"]).good();
        let lines: Vec<&str> = out.lines().collect();
        let comments = fields("frame", &["frame.comment"], &sample);
        assert_eq!(lines.len(), 2 * comments.len());
        for (two, comment) in lines.chunks(2).zip(&comments) {
            let logfmt = two[1].strip_prefix('\t').expect("a tab before the pairs");
            assert!(comment.ends_with(logfmt), "{logfmt} is not in {comment}");
        }
    }
}

/// The keys whose values are numbers, by README.md's table and spec.md: counts, indices, bytes.
const NUMBERS: [&str; 12] = [
    "v", "ifindex", "iif", "netns", "len", "caplen", "prio", "queue", "cpu", "uid", "sock", "pid",
];

/// Demands of an object that it has the keys of the packet's comments, with their values.
fn must_be(object: &Value, packet: &Packet) {
    let object = object.as_object().expect("it is an object");
    let keys: Vec<&String> = object.keys().collect();
    let mut expected: Vec<&String> = packet.pairs.keys().collect();
    let others = ["sentence".to_owned(), "time".to_owned()];
    expected.extend(&others);
    expected.sort_unstable();
    assert_eq!(keys, expected);
    for (key, value) in &packet.pairs {
        let told = &object[key];
        if NUMBERS.contains(&key.as_str()) {
            assert_eq!(
                told.as_u64().map(|number| number.to_string()).as_ref(),
                Some(value)
            );
        } else {
            assert_eq!(told, value, "{key}");
        }
    }
    assert_eq!(object["sentence"], packet.sentence);
    let time: Timestamp = object["time"]
        .as_str()
        .and_then(|time| time.parse().ok())
        .expect("it is a time");
    assert_eq!(time.as_nanosecond(), i128::from(packet.timestamp));
}

#[test]
fn each_object_has_the_keys_of_the_second_comment_with_the_same_values() {
    for sample in samples() {
        let out = read(&sample, &["--json"]).good();
        let capture = Capture::read(&sample);
        assert_eq!(out.lines().count(), capture.packets.len());
        for (line, packet) in out.lines().zip(&capture.packets) {
            must_be(&serde_json::from_str(line).expect("it is JSON"), packet);
        }
    }
}

#[test]
fn what_other_programs_have_saved_again_says_the_same() {
    for sample in samples() {
        let expected = read(&sample, &["-v"]).good();
        let bytes = fs::read(&sample).expect("it can be read");
        let saved = through("editcap", &["-F", "pcapng", "-", "-"], &bytes);
        assert_eq!(read_bytes(&saved, &["-v"]).good(), expected);
        let by_tshark = through("tshark", &["-r", "-", "-F", "pcapng", "-w", "-"], &bytes);
        assert_eq!(read_bytes(&by_tshark, &["-v"]).good(), expected);
        // A file of old form has no comments: each packet is told by its bytes.
        let old = through("editcap", &["-F", "pcap", "-", "-"], &bytes);
        let out = read_bytes(&old, &[]).good();
        for (line, packet) in out.lines().zip(Capture::read(&sample).packets) {
            let what = packet.get("what");
            // What more is said of it may have changed since it was recorded.
            let what = what.split(',').next().unwrap_or(what);
            assert!(
                line[15..].starts_with(&format!(" {what}")),
                "no {what} in {line}"
            );
        }
    }
}

#[test]
fn of_what_another_program_has_cut_the_objects_tell_how_much_is_left() {
    const LEFT: u64 = 20;
    for sample in samples() {
        let bytes = fs::read(&sample).expect("it can be read");
        let objects = |bytes: &[u8]| -> Vec<Value> {
            let out = read_bytes(bytes, &["--json"]).good();
            let lines = out.lines();
            let parsed = lines.map(|line| serde_json::from_str(line).expect("it is JSON"));
            parsed.collect()
        };
        let left = LEFT.to_string();
        let cut = through("editcap", &["-s", &left, "-F", "pcapng", "-", "-"], &bytes);
        let (before, after) = (objects(&bytes), objects(&cut));
        assert_eq!(before.len(), after.len());
        for (mut expected, object) in before.into_iter().zip(after) {
            let len = expected["len"].as_u64().expect("it is told");
            if len > LEFT {
                expected["caplen"] = LEFT.into();
            }
            assert_eq!(object, expected);
        }
    }
}

#[test]
fn recordings_put_behind_each_other_or_merged_are_one() {
    let samples = samples();
    let files: Vec<Vec<u8>> = samples
        .iter()
        .map(|path| fs::read(path).expect("it can be read"))
        .collect();
    let one_by_one: String = files
        .iter()
        .map(|file| read_bytes(file, &[]).good())
        .collect();
    assert_eq!(read_bytes(&files.concat(), &[]).good(), one_by_one);
    let directory = tempfile::tempdir().expect("there is room for one");
    let merged = directory.path().join("merged.pcapng");
    let mut command = std::process::Command::new("mergecap");
    let said = crate::stage::run(command.arg("-w").arg(&merged).args(&samples), b"");
    assert_eq!(said.code, Some(0), "{said:?}");
    let sorted = |text: &str| {
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        lines.sort_unstable();
        lines
    };
    assert_eq!(sorted(&read(&merged, &[]).good()), sorted(&one_by_one));
}
