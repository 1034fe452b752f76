//! Standard error that takes nothing: closed, a pipe that nobody reads, a full device.

use std::process::{Command, Stdio};

use droprec_testbed::{Capture, Droprec, must_be_readable, until};
use rustix::process::Signal;

use crate::{
    stage::{DROPREC, Stage},
    tally::Tally,
};

const DROPS: u64 = 100;

/// A recording whose standard error is as the shell makes it. It cannot say when it is ready: it is once a drop is in its
/// file.
fn record(stage: &Stage, redirection: &str) -> Droprec {
    let mut command = Command::new("bash");
    command
        .args(["-c", &format!("exec \"$0\" \"$@\" {redirection}"), DROPREC])
        .args(["-v", "-i", &stage.label(), "-w"])
        .arg(stage.file());
    let droprec = Droprec::spawn(command, Stdio::piped());
    let records = until(|| {
        stage.cause(1);
        (stage.file().exists() && packets(stage) > 0).then_some(())
    });
    assert!(records.is_some(), "nothing is recorded with {redirection}");
    droprec
}

fn packets(stage: &Stage) -> u64 {
    Capture::read_so_far(&stage.file()).packets.len() as u64
}

/// Demands that a recording goes on without it, also when it is asked for its counters, and ends well.
fn must_be_no_obstacle(redirection: &str) {
    let stage = Stage::new();
    let droprec = record(&stage, redirection);
    let before = packets(&stage);
    droprec.signal(Signal::USR1);
    stage.cause(DROPS as u32);
    let recorded = until(|| (packets(&stage) >= before + DROPS).then_some(()));
    assert!(recorded.is_some(), "{redirection}: it stops at SIGUSR1");
    droprec.signal(Signal::USR1);
    let ended = droprec.stop().succeeded();
    assert_eq!(ended.text(), "", "{redirection}");

    let tally = Tally::of(&stage.file());
    assert!(!tally.is_cut, "{redirection}: the last block is cut");
    let statistics = tally.of_interface(&stage.label());
    assert_eq!(statistics.delivered, Some(tally.packets), "{redirection}");
    assert_eq!(statistics.received, Some(tally.packets), "{redirection}");
    must_be_readable(&stage.file());
}

#[test]
fn a_recording_whose_standard_error_is_closed_is_whole() {
    must_be_no_obstacle("2>&-");
}

#[test]
fn a_recording_whose_standard_error_is_a_pipe_that_nobody_reads_is_whole() {
    must_be_no_obstacle("2> >(true)");
}

#[test]
fn a_recording_whose_standard_error_is_a_full_device_is_whole() {
    must_be_no_obstacle("2> /dev/full");
}
