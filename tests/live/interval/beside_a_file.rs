//! Tables beside a recording: exact also where the ring loses what the file should have.

use std::{
    fs::File,
    io::{Read as _, pipe},
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use droprec_testbed::{Capture, Droprec, Pair, frame::Origin, pause};
use rustix::process::Signal;

use super::{number, parsed, rows, spawn, sum};
use crate::DROPREC;

/// Far more than the smallest ring has room for.
const FRAMES: usize = 5000;

#[test]
fn counts_stay_exact_where_the_ring_loses_most() {
    let (pair, origin) = (Pair::new(), Origin::new());
    let directory = tempfile::tempdir().expect("a directory under /tmp");
    let file = directory.path().join("drops.pcapng");
    let path = file.to_str().expect("a path of letters and digits");
    let label = pair.label();
    let arguments = [
        "-w",
        path,
        "-i",
        &label,
        "-B",
        "4",
        "--interval",
        "100ms",
        "--json",
    ];
    let droprec = spawn(&arguments, Stdio::piped());
    // Nobody reads the ring meanwhile.
    droprec.signal(Signal::STOP);
    let frames = origin.unhandled(FRAMES as u32);
    pair.frames().send_all(&frames);
    droprec.signal(Signal::CONT);
    let ended = droprec.stop().succeeded();

    let books = ended.accounting();
    books.must_balance();
    let nested = ended.lost_in_the_midst();
    let tables = parsed(ended.text());
    assert_eq!(sum(&tables, |_| true), FRAMES as u64, "{}", ended.stderr);
    let lost: u64 = tables.iter().map(|table| number(table, "lost")).sum();
    assert_eq!(lost, books.lost - nested, "{}", ended.stderr);
    assert!(lost > FRAMES as u64 / 2, "{}", ended.stderr);
    let of_rows: u64 = tables
        .iter()
        .flat_map(rows)
        .map(|row| number(row, "lost"))
        .sum();
    assert_eq!(lost, of_rows);
    assert_eq!(books.written, FRAMES as u64 - lost);
    let capture = Capture::read(&file);
    assert_eq!(capture.packets.len() as u64, books.written);
}

#[test]
fn a_file_is_as_whole_as_ever_when_whoever_reads_the_tables_goes() {
    let (pair, origin) = (Pair::new(), Origin::new());
    let directory = tempfile::tempdir().expect("a directory under /tmp");
    let file = directory.path().join("drops.pcapng");
    let path = file.to_str().expect("a path of letters and digits");
    let label = pair.label();
    let (reader, writer) = pipe().expect("a pipe");
    let droprec = spawn(&["-w", path, "-i", &label, "--interval", "100ms"], writer);
    pair.frames().send_all(&origin.unhandled(40));
    drop(reader);
    let ended = droprec.wait().succeeded();
    let books = ended.accounting();
    books.must_balance();
    assert_eq!(books.written, 40, "{}", ended.stderr);
    // It reads all of it, the statistics at its end too.
    let capture = Capture::read(&file);
    assert_eq!(capture.packets.len(), 40);
    let received: u64 = capture.statistics.iter().filter_map(|of| of.received).sum();
    assert_eq!(received, books.seen);
}

#[test]
fn what_came_after_the_last_drop_of_c_is_told_where_the_tables_have_it() {
    let (pair, origin) = (Pair::new(), Origin::new());
    let directory = tempfile::tempdir().expect("a directory under /tmp");
    let file = directory.path().join("drops.pcapng");
    let path = file.to_str().expect("a path of letters and digits");
    let label = pair.label();
    let arguments = [
        "-w",
        path,
        "-i",
        &label,
        "-c",
        "10",
        "--interval",
        "1h",
        "--json",
    ];
    let droprec = spawn(&arguments, Stdio::piped());
    droprec.signal(Signal::STOP);
    pair.frames().send_all(&origin.unhandled(25));
    droprec.signal(Signal::CONT);
    let ended = droprec.wait().succeeded();
    assert_eq!(ended.accounting().written, 10);
    assert_eq!(sum(&parsed(ended.text()), |_| true), 25);
    let said =
        "\n15 drops more are in the tables: they came after the last one that was asked for\n";
    assert!(ended.stderr.contains(said), "{}", ended.stderr);
}

#[test]
fn the_last_table_ends_when_the_counting_does_and_not_when_the_file_is_written() {
    let (pair, origin) = (Pair::new(), Origin::new());
    let directory = tempfile::tempdir().expect("a directory under /tmp");
    let fifo = directory.path().join("fifo");
    let made = Command::new("mkfifo").arg(&fifo).status();
    assert!(made.is_ok_and(|status| status.success()), "no FIFO");
    let path = fifo.to_str().expect("a path of letters and digits");
    let label = pair.label();
    let mut command = Command::new(DROPREC);
    command.args(["-w", path, "-i", &label, "--interval", "1h", "--json"]);
    let began = Instant::now();
    let mut droprec = Droprec::spawn(command, Stdio::piped());
    let mut reader = File::open(&fifo).expect("it is written to");
    droprec.wait_until_ready();
    // More than a pipe has room for, so that the end waits for whoever reads.
    pair.frames().send_all(&origin.unhandled(FRAMES as u32));
    droprec.signal(Signal::INT);
    let signalled = began.elapsed();
    pause(Duration::from_secs(5));
    let mut capture = Vec::new();
    let read = reader.read_to_end(&mut capture);
    assert!(read.is_ok_and(|bytes| bytes > 1 << 16));
    let ended = droprec.wait().succeeded();
    let tables = parsed(ended.text());
    assert_eq!(sum(&tables, |_| true), FRAMES as u64, "{}", ended.stderr);
    let period = tables[0]["period"].as_f64().expect("a number");
    // A busy machine may look at the signal late.
    let latest = signalled + Duration::from_secs(3);
    assert!(period < latest.as_secs_f64(), "{period} and {latest:?}");
}
