//! Interfaces and namespaces whose names are meant to break the file or the terminal.
//!
//! The kernel takes any bytes in an interface's name but `/`, `:` and white space (`dev_valid_name` in `net/core/dev.c`);
//! a namespace's name is a file's, and may have spaces.

use std::process::Command;

use droprec_testbed::{
    Droprec, Metrics, Pair, Recorded, Recording, fields, frame::Origin, must_be_readable, pairs,
    until,
};

use crate::DROPREC;

const COUNT: u32 = 10;

/// Renames a recorded interface, and gives what is recorded of it under its new name.
fn recorded_under(name: &[u8]) -> (Recorded, Origin) {
    let (pair, origin) = (Pair::new(), Origin::new());
    let socket = pair.frames();
    let recording = Recording::at(DROPREC, &[&pair.label()]);
    rename(&pair, name);
    socket.send_all(&origin.unhandled(COUNT));
    recording.wait_for(COUNT as usize, |packet| origin.sent(&packet.data));
    (recording.finish(), origin)
}

/// Renames the receiver's `eth0` to what may be any bytes. Older kernels take no new name for an interface that is up.
pub(crate) fn rename(pair: &Pair, name: &[u8]) {
    use std::{ffi::OsStr, os::unix::ffi::OsStrExt as _};
    let namespace = &pair.receiver;
    namespace.ip("link set eth0 down");
    let mut command = Command::new("ip");
    command.args(["-n", namespace.name(), "link", "set", "eth0", "name"]);
    command.args([OsStr::from_bytes(name), OsStr::new("up")]);
    let output = command.output().expect("ip runs");
    assert!(
        output.status.success(),
        "{command:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    pair.sender.wait_for_carrier("eth0");
}

/// Demands that all that is recorded has this name, and that nothing in it can move a cursor.
fn must_be_called(recorded: &Recorded, origin: Origin, name: &str) {
    let packets = recorded
        .capture
        .packets_where(|packet| origin.sent(&packet.data));
    assert_eq!(packets.len(), COUNT as usize);
    for packet in packets {
        assert_eq!(packet.get("dev"), name, "{packet:?}");
        assert!(
            packet.interface.starts_with(&format!("{name}@")),
            "{packet:?}"
        );
        assert!(packet.sentence.contains(&packet.interface), "{packet:?}");
        must_be_harmless(&packet.sentence);
    }
    for interface in &recorded.capture.interfaces {
        must_be_harmless(&interface.name);
        must_be_harmless(&interface.description);
    }
    let stderr = &recorded.ended.stderr;
    stderr.lines().for_each(must_be_harmless);
    assert!(
        stderr.contains(&format!("{name}@")),
        "{name} is not in the table:\n{stderr}"
    );
    let comments = fields("eth.type == 0x88b5", &["frame.comment"], &recorded.file);
    assert_eq!(comments.len(), COUNT as usize, "{comments:#?}");
    for comment in &comments {
        must_be_harmless(comment);
    }
    // They may print nothing but UTF-8.
    must_be_readable(&recorded.file);
}

pub(crate) fn must_be_harmless(line: &str) {
    assert!(
        !line.contains(char::is_control),
        "a control character is in {line:?}"
    );
}

#[test]
fn an_interface_whose_name_has_a_quote_a_backslash_and_an_equals_sign_is_called_so() {
    let (recorded, origin) = recorded_under(br#"e"\=x"#);
    must_be_called(&recorded, origin, r#"e"\=x"#);
    // Wireshark sees what is written: logfmt that means the same.
    let comments = fields("eth.type == 0x88b5", &["frame.comment"], &recorded.file);
    let (_, logfmt) = comments[0].split_once(",droprec ").expect("two comments");
    let logfmt = pairs(&format!("droprec {logfmt}"));
    assert_eq!(logfmt["dev"], r#"e"\=x"#, "{comments:?}");
}

#[test]
fn an_interface_whose_name_is_an_escape_code_and_a_letter_beyond_ascii_moves_no_cursor() {
    let (recorded, origin) = recorded_under("e\x1b[31mé".as_bytes());
    must_be_called(&recorded, origin, r"e\x1b[31mé");
}

#[test]
fn an_interface_whose_name_is_no_utf_8_is_called_what_is_valid_utf_8() {
    let (recorded, origin) = recorded_under(b"e\xff\xfe0");
    must_be_called(&recorded, origin, "e\u{fffd}\u{fffd}0");
}

#[test]
fn an_interface_in_a_namespace_with_a_hostile_name_can_be_chosen_and_moves_no_cursor() {
    let origin = Origin::new();
    let pair = Pair::called("e\"\\ = x\x1b[31m");
    let recording = Recording::at(DROPREC, &[&pair.label()]);
    pair.frames().send_all(&origin.unhandled(COUNT));
    recording.wait_for(COUNT as usize, |packet| origin.sent(&packet.data));
    let recorded = recording.finish();
    must_be_called(&recorded, origin, "eth0");
    let label = pair.label().replace('\x1b', r"\x1b");
    for packet in recorded
        .capture
        .packets_where(|packet| origin.sent(&packet.data))
    {
        assert_eq!(packet.interface, label, "{packet:?}");
    }
}

#[test]
fn an_interface_is_chosen_by_its_name_as_it_is_and_as_it_is_printed() {
    let (pair, origin) = (Pair::new(), Origin::new());
    rename(&pair, "e\x1b[31mé".as_bytes());
    let namespace = pair.receiver.name();
    for label in [
        format!("e\x1b[31mé@{namespace}"),
        format!(r"e\x1b[31mé@{namespace}"),
    ] {
        let recording = Recording::at(DROPREC, &[&label]);
        pair.frames().send_all(&origin.unhandled(COUNT));
        recording.wait_for(COUNT as usize, |packet| origin.sent(&packet.data));
        let recorded = recording.finish();
        must_be_called(&recorded, origin, r"e\x1b[31mé");
    }
    let ended = Droprec::run(
        DROPREC,
        &[
            "--netns",
            namespace,
            "-i",
            r"e\x1b[31mé",
            "--duration",
            "0.1",
        ],
    );
    let _ = ended.succeeded();
}

#[test]
fn a_line_of_an_interface_whose_name_is_an_escape_code_moves_no_cursor() {
    let pair = Pair::new();
    let printing = Droprec::start(DROPREC, &["-v", "-i", &pair.label()]);
    rename(&pair, "e\x1b[31mé".as_bytes());
    pair.frames().send_all(&Origin::new().unhandled(COUNT));
    // Each drop is two lines, and the second begins with a tab.
    until(|| (printing.stdout().lines().count() >= 2 * COUNT as usize).then_some(()));
    let ended = printing.stop().succeeded();
    let lines: Vec<&str> = ended.text().lines().collect();
    assert_eq!(lines.len(), 2 * COUNT as usize, "{lines:#?}");
    for two in lines.chunks(2) {
        assert!(
            two[0].contains(r"(e\x1b[31mé@"),
            "the name is not in {two:?}"
        );
        must_be_harmless(two[0]);
        let logfmt = two[1].trim_start_matches('\t');
        must_be_harmless(logfmt);
        assert_eq!(pairs(logfmt)["dev"], r"e\x1b[31mé", "{two:?}");
    }
    ended.stderr.lines().for_each(must_be_harmless);
}

#[test]
fn metrics_of_an_interface_and_a_namespace_with_hostile_names_have_them_in_their_labels_alone() {
    let origin = Origin::new();
    let pair = Pair::called("e\"\\ \n}= 1");
    let directory = tempfile::tempdir().expect("a directory under /tmp");
    let file = directory.path().join("droprec.prom");
    let path = file.to_str().expect("a path of letters and digits");
    let arguments = ["-i", &pair.label(), "--metrics", path];
    let recording = Recording::start(DROPREC, &arguments);
    rename(&pair, br#"e"\}{"#);
    pair.frames().send_all(&origin.unhandled(COUNT));
    recording.wait_for(COUNT as usize, |packet| origin.sent(&packet.data));
    let _ = recording.finish();
    let label = pair.label().replace('\n', r"\x0a");
    let label = label.replacen("eth0@", r#"e"\}{@"#, 1);
    let metrics = Metrics::read(&file);
    let drops = metrics.of("droprec_drops_total", &[("interface", &label)]);
    assert_eq!(drops.len(), 1, "{label} in {:#?}", metrics.0);
    assert_eq!(drops[0].value, u64::from(COUNT));
    let netns = pair.receiver.inode().to_string();
    assert_eq!(drops[0].labels["netns"], netns, "{drops:?}");
}
