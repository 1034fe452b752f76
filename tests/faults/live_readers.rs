//! Other programs that read the recording through a pipe while it runs.

use std::{
    io::pipe,
    process::{Command, Stdio},
};

use droprec_testbed::{Output, until};

use crate::stage::Stage;

const DROPS: u32 = 5;

/// Pipes a recording into `program`, and demands that it prints a line for each drop before the recording ends.
fn must_show_drops_at_once(program: &str, arguments: &[&str]) {
    let stage = Stage::new();
    let (reader, writer) = pipe().expect("a pipe");
    let droprec = stage.record_into(writer, &["-w", "-"]);
    let mut command = Command::new(program);
    command
        .args(arguments)
        .stdin(reader)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command
        .spawn()
        .unwrap_or_else(|error| panic!("this test needs {program}: {error}"));
    drop(command);
    let stdout = Output::read(child.stdout.take().expect("it is piped"));
    let stderr = Output::read(child.stderr.take().expect("it is piped"));

    stage.cause(DROPS);
    let lines = || {
        stdout
            .text()
            .lines()
            .filter(|line| line.contains("88b5"))
            .count()
    };
    let shown = until(|| (lines() >= DROPS as usize).then_some(()));
    // Closes the pipe, so that the reader ends too, whatever it has shown.
    let ended = droprec.stop().succeeded();
    let status = child.wait().expect("a child can be waited for");
    assert!(
        shown.is_some(),
        "{program} showed {} of {DROPS} drops while they were recorded\n{}\n{}\n{}",
        lines(),
        stdout.text(),
        stderr.text(),
        ended.stderr
    );
    assert!(status.success(), "{program}: {status}: {}", stderr.text());
    assert_eq!(lines(), DROPS as usize, "{}", stdout.text());
}

#[test]
fn tshark_shows_drops_while_they_are_recorded() {
    must_show_drops_at_once("tshark", &["-n", "-l", "-r", "-"]);
}

#[test]
fn tcpdump_shows_drops_while_they_are_recorded() {
    must_show_drops_at_once("tcpdump", &["-nn", "-e", "-l", "-r", "-"]);
}
