//! The ways in which a recording ends, and the one in which it only reports.

use std::{
    io::pipe,
    process::{Command, Stdio},
};

use droprec_testbed::{Capture, Droprec, Ended, Output, until};
use rustix::process::Signal;

use crate::{
    stage::{DROPREC, Stage},
    tally::Tally,
};

/// Demands that the books balance, and that so many drops are in the file and in the summary's table.
fn must_have_written(stage: &Stage, ended: &Ended, drops: u64) {
    let accounting = ended.accounting();
    accounting.must_balance();
    assert_eq!(accounting.written, drops, "{}", ended.stderr);
    assert_eq!(
        Tally::of(&stage.file()).packets,
        drops,
        "packets in the file"
    );
    let label = stage.label();
    let row = ended.rows(&label).next();
    let row = row.unwrap_or_else(|| panic!("no row for {label}: {}", ended.stderr));
    assert!(row.contains("UNHANDLED_PROTO"), "{row}");
}

#[test]
fn each_signal_that_asks_a_recording_to_end_ends_it_cleanly() {
    for signal in [Signal::INT, Signal::TERM, Signal::HUP] {
        let stage = Stage::new();
        let droprec = stage.record(&[]);
        stage.cause(3);
        droprec.signal(signal);
        let ended = droprec.wait().succeeded();
        must_have_written(&stage, &ended, 3);
    }
}

#[test]
fn under_nohup_a_recording_goes_on_when_its_terminal_hangs_up() {
    let stage = Stage::new();
    let mut command = Command::new("nohup");
    command
        .args([DROPREC, "-i", &stage.label(), "-w"])
        .arg(stage.file());
    let mut droprec = Droprec::spawn(command, Stdio::piped());
    droprec.wait_until_ready();
    droprec.signal(Signal::HUP);
    stage.cause(3);
    let written = until(|| (Capture::read_so_far(&stage.file()).packets.len() == 3).then_some(()));
    assert!(written.is_some(), "it has ended: {}", droprec.stderr());
    must_have_written(&stage, &droprec.stop().succeeded(), 3);
}

#[test]
fn a_count_ends_the_recording_with_exactly_so_many_drops() {
    for count in [1, 7, 12_345] {
        let stage = Stage::new();
        let droprec = stage.record(&["-c", &count.to_string()]);
        stage.cause(20_000);
        let ended = droprec.wait().succeeded();
        must_have_written(&stage, &ended, count);
    }
}

#[test]
fn a_duration_ends_the_recording() {
    let stage = Stage::new();
    let droprec = stage.record(&["--duration", "5s"]);
    stage.cause(3);
    let ended = droprec.wait().succeeded();
    must_have_written(&stage, &ended, 3);
}

#[test]
fn sigusr1_shows_the_counters_and_the_recording_goes_on() {
    let stage = Stage::new();
    let droprec = stage.record(&[]);
    stage.cause(3);
    let written = until(|| (Capture::read_so_far(&stage.file()).packets.len() == 3).then_some(()));
    assert!(
        written.is_some(),
        "nothing is written: {}",
        droprec.stderr()
    );
    droprec.signal(Signal::USR1);
    let shown = until(|| {
        droprec
            .stderr()
            .contains(" = written 3 + filtered ")
            .then_some(())
    });
    assert!(shown.is_some(), "no counters: {}", droprec.stderr());
    stage.cause(2);
    let ended = droprec.stop().succeeded();
    must_have_written(&stage, &ended, 5);
}

#[test]
fn a_second_signal_that_comes_with_the_first_takes_nothing_from_a_reader_who_reads() {
    const DROPS: u32 = 3000;
    let stage = Stage::new();
    let (reader, writer) = pipe().expect("a pipe");
    let droprec = stage.record_into(writer, &["-w", "-"]);
    let output = Output::read(reader);
    stage.cause(DROPS);
    droprec.signal(Signal::TERM);
    droprec.signal(Signal::HUP);
    let accounting = droprec.wait().succeeded().accounting();
    accounting.must_balance();
    assert_eq!((accounting.written, accounting.lost), (DROPS.into(), 0));
    let packets = || Capture::of(&output.so_far()).packets.len();
    let all = until(|| (packets() == DROPS as usize).then_some(()));
    assert!(all.is_some(), "{} packets came through the pipe", packets());
}
