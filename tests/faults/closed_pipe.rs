//! A reader that has read enough and goes: no failure.

use std::{
    io::pipe,
    process::{Command, Stdio},
};

use crate::stage::Stage;

/// Pipes a recording into `head`, and demands that it ends cleanly once `head` has.
fn must_end_with_its_reader(arguments: &[&str], head: &[&str]) {
    let stage = Stage::new();
    let (reader, writer) = pipe().expect("a pipe");
    let droprec = stage.record_into(writer, arguments);
    let mut head = Command::new("head")
        .args(head)
        .stdin(reader)
        .stdout(Stdio::null())
        .spawn()
        .expect("head is everywhere");
    stage.cause(100);
    let status = head.wait().expect("a child can be waited for");
    assert!(status.success(), "head: {status}");
    // A closed pipe is noticed by who writes to it.
    stage.cause(100);
    let ended = droprec.wait().succeeded();
    ended.accounting().must_balance();
    let complaint = ended
        .stderr
        .lines()
        .find(|line| line.starts_with("droprec: ") && !line.ends_with("Ctrl-C ends it"));
    assert_eq!(complaint, None, "{}", ended.stderr);
}

#[test]
fn a_recording_into_a_pipe_ends_cleanly_when_its_reader_does() {
    must_end_with_its_reader(&["-w", "-"], &["-c", "1000"]);
}

#[test]
fn printed_lines_end_cleanly_when_their_reader_does() {
    must_end_with_its_reader(&[], &["-n", "1"]);
}

#[test]
fn tables_end_cleanly_when_their_reader_does() {
    must_end_with_its_reader(&["--interval", "100ms"], &["-n", "1"]);
}
