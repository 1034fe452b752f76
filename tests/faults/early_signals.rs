//! Signals that come while a recording is being made ready.

use std::{
    fs::{self, File},
    io::Read as _,
    os::unix::process::ExitStatusExt as _,
    path::PathBuf,
    process::{Command, Stdio},
    thread,
};

use droprec_testbed::{Capture, Droprec, must_be_readable, run, until};
use rustix::process::Signal;

use crate::stage::{DROPREC, Stage};

/// Starts it, and waits until it obeys signals: before, it may be no droprec yet.
fn hearing(stage: &Stage, file: &PathBuf, arguments: &[&str]) -> Droprec {
    let mut command = Command::new(DROPREC);
    command.args(["-i", &stage.label(), "-w"]).arg(file);
    command.args(arguments);
    let droprec = Droprec::spawn(command, Stdio::piped());
    let status = format!("/proc/{}/status", droprec.pid().as_raw_nonzero());
    let asked = [Signal::TERM, Signal::USR1, Signal::USR2];
    let asked: u64 = asked.iter().map(|signal| 1 << (signal.as_raw() - 1)).sum();
    let hears = until(|| {
        let status = fs::read_to_string(&status).ok()?;
        let mask = status
            .lines()
            .find_map(|line| line.strip_prefix("SigCgt:"))?;
        let mask = u64::from_str_radix(mask.trim(), 16).expect("it is a number");
        (mask & asked == asked).then_some(())
    });
    assert!(hears.is_some(), "it hears nothing: {}", droprec.stderr());
    droprec
}

/// A pipe that nobody reads yet, which keeps a recording from beginning.
fn pipe(stage: &Stage) -> PathBuf {
    let pipe = stage.directory().join("pipe");
    run("mkfifo", &[pipe.to_str().expect("a path of letters")]);
    pipe
}

#[test]
fn one_that_asks_something_of_it_does_not_end_it() {
    let stage = Stage::new();
    let pipe = pipe(&stage);
    let mut droprec = hearing(&stage, &pipe, &[]);
    for signal in [Signal::USR1, Signal::USR2] {
        droprec.signal(signal);
    }
    let reader = thread::spawn(move || {
        let mut bytes = Vec::new();
        let mut file = File::open(pipe).expect("it can be read");
        file.read_to_end(&mut bytes).expect("it is a pipe");
        Capture::of(&bytes)
    });
    droprec.wait_until_ready();
    stage.cause(3);
    let ended = droprec.stop().succeeded();
    ended.accounting().must_balance();
    assert_eq!(ended.accounting().written, 3, "{}", ended.stderr);
    let capture = reader.join().expect("it panics nowhere");
    assert_eq!(capture.packets.len(), 3);
}

#[test]
fn one_that_asks_it_to_end_does_so_where_it_waits_for_a_reader() {
    for signal in [Signal::INT, Signal::TERM, Signal::HUP] {
        let stage = Stage::new();
        let pipe = pipe(&stage);
        let droprec = hearing(&stage, &pipe, &[]);
        let told = "waiting for somebody to read ";
        assert!(until(|| droprec.stderr().contains(told).then_some(())).is_some());
        droprec.signal(signal);
        let ended = droprec.wait();
        assert_eq!(ended.status.code(), Some(1), "{}", ended.stderr);
        assert!(ended.stderr.contains("nobody reads "), "{}", ended.stderr);
    }
}

#[test]
fn one_that_asks_it_to_end_has_it_begin_and_end_with_its_books() {
    for arguments in [&["--flight-recorder", "64K"][..], &[]] {
        let stage = Stage::new();
        let droprec = hearing(&stage, &stage.file(), arguments);
        for signal in [Signal::USR1, Signal::USR2, Signal::TERM] {
            droprec.signal(signal);
        }
        let ended = droprec.wait().succeeded();
        ended.accounting().must_balance();
        must_be_readable(&stage.file());
    }
}

#[test]
fn one_that_asks_it_to_end_does_so_while_libpcap_takes_minutes_for_an_expression() {
    let hosts = (0..3000).map(|host| format!("host 10.{}.{}.1", host / 250, host % 250));
    let expression = hosts.collect::<Vec<_>>().join(" or ");
    let stage = Stage::new();
    let label = stage.label();
    for begun in [&["-i", &label][..], &["-r", "/dev/null"]] {
        for signal in [Signal::INT, Signal::TERM, Signal::HUP] {
            let mut command = Command::new(DROPREC);
            command.args(begun).arg(&expression);
            let droprec = Droprec::spawn(command, Stdio::piped());
            let maps = format!("/proc/{}/maps", droprec.pid().as_raw_nonzero());
            let has_libpcap =
                || fs::read_to_string(&maps).is_ok_and(|maps| maps.contains("libpcap"));
            let is_asked = until(|| has_libpcap().then_some(()));
            assert!(
                is_asked.is_some(),
                "it asks no libpcap: {}",
                droprec.stderr()
            );
            droprec.signal(signal);
            let ended = droprec.wait();
            let by = ended.status.signal();
            assert_eq!(by, Some(signal.as_raw()), "{begun:?}: {}", ended.stderr);
        }
    }
}
