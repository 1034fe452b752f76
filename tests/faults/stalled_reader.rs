//! A reader that holds the pipe and reads nothing.

use std::{
    cell::RefCell,
    io::{PipeReader, Read as _, Write as _, pipe},
    thread,
    time::Duration,
};

use droprec_testbed::{Capture, Droprec, Ended, memory, pause, until};
use rustix::process::{Pid, Signal};
use serde_json::{Deserializer, Value};

use crate::{attached, stage::Stage};

const FLOOD: u32 = 500_000;

/// Floods a recording whose reader reads nothing, and ends it against its reader's will. The reader is given back.
fn flooded(stage: &Stage, floods: u32, each: impl Fn(Pid)) -> (Ended, PipeReader) {
    let (reader, writer) = pipe().expect("a pipe");
    let droprec = stage.record_into(writer, &["-w", "-"]);
    let pid = droprec.pid();
    for _ in 0..floods {
        stage.cause(FLOOD);
        each(pid);
    }
    // The first one lets droprec wait for the reader, without recording any further; the second one does not.
    let attached = attached::links(pid);
    droprec.signal(Signal::INT);
    let detached = until(|| (attached::links(pid) < attached).then_some(()));
    assert!(detached.is_some(), "it records on: {}", droprec.stderr());
    droprec.signal(Signal::INT);
    let ended = droprec.wait();
    assert_eq!(ended.status.code(), Some(1), "{}", ended.stderr);
    let accounting = ended.accounting();
    accounting.must_balance();
    let nested = ended.lost_in_the_midst();
    assert_eq!(
        accounting.seen - accounting.filtered - accounting.suppressed - nested,
        u64::from(floods) * u64::from(FLOOD),
        "{}",
        ended.stderr
    );
    (ended, reader)
}

#[test]
fn a_reader_that_stalls_costs_drops_that_are_counted_and_no_memory() {
    let stage = Stage::new();
    let sizes = RefCell::new(Vec::new());
    let (ended, _) = flooded(&stage, 3, |pid| {
        sizes.borrow_mut().push(memory(pid, "VmRSS"));
    });
    let sizes = sizes.into_inner();
    println!("memory after each flood, in KiB: {sizes:?}");
    assert!(
        sizes[2] <= sizes[0] + sizes[0] / 10,
        "memory grows with the flood: {sizes:?} KiB"
    );
    let complaint = ended
        .stderr
        .lines()
        .find(|line| line.starts_with("droprec: standard output") && line.contains("lost"));
    assert!(complaint.is_some(), "{}", ended.stderr);
}

#[test]
fn what_a_stalled_reader_finds_in_the_pipe_is_what_was_written() {
    let stage = Stage::new();
    let (ended, mut reader) = flooded(&stage, 1, |_| ());
    let mut found = Vec::new();
    reader.read_to_end(&mut found).expect("a pipe can be read");
    let packets = Capture::of(&found).packets.len() as u64;
    assert_eq!(
        packets,
        ended.accounting().written,
        "packets in the pipe: {}",
        ended.stderr
    );
}

/// A droprec that shows tables to a reader who has room for a few of them, and reads none.
fn tables(stage: &Stage) -> (Droprec, PipeReader) {
    // Of the 64 KiB of a pipe.
    const TAKEN: usize = 60_000;
    let (reader, mut writer) = pipe().expect("a pipe");
    let taken = "\n".repeat(TAKEN);
    writer.write_all(taken.as_bytes()).expect("there is room");
    let droprec = stage.record_into(writer, &["--interval", "100ms", "--json"]);
    (droprec, reader)
}

#[test]
fn a_reader_of_tables_that_stalls_finds_all_drops_in_the_few_that_there_are() {
    const TURNS: u32 = 60;
    let stage = Stage::new();
    let (droprec, mut reader) = tables(&stage);
    for _ in 0..TURNS {
        stage.cause(10);
        pause(Duration::from_millis(200));
    }
    let reading = thread::spawn(move || {
        let mut text = String::new();
        let read = reader.read_to_string(&mut text);
        read.map(|_| text)
    });
    let ended = droprec.stop().succeeded();
    let text = reading.join().expect("it only reads").expect("text");
    let tables = Deserializer::from_str(&text).into_iter::<Value>();
    let tables: Vec<Value> = tables.map(|table| table.expect("JSON")).collect();
    let rows = tables.iter().filter_map(|table| table["rows"].as_array());
    let counts = rows.flatten().filter_map(|row| row["count"].as_u64());
    assert_eq!(counts.sum::<u64>(), u64::from(TURNS) * 10, "{text}");
    assert!(
        tables.len() < TURNS as usize * 2 - 10,
        "none had to wait: {} tables",
        tables.len()
    );
    assert_eq!(ended.accounting().written, u64::from(TURNS) * 10);
}

#[test]
fn a_reader_of_tables_that_stalls_for_ever_keeps_droprec_from_nothing_but_success() {
    let stage = Stage::new();
    let (droprec, _reader) = tables(&stage);
    stage.cause(10);
    pause(Duration::from_secs(8));
    let attached = attached::links(droprec.pid());
    droprec.signal(Signal::INT);
    let detached = until(|| (attached::links(droprec.pid()) < attached).then_some(()));
    assert!(detached.is_some(), "it counts on: {}", droprec.stderr());
    droprec.signal(Signal::INT);
    let ended = droprec.wait();
    assert_eq!(ended.status.code(), Some(1), "{}", ended.stderr);
    let accounting = ended.accounting();
    accounting.must_balance();
    assert_eq!(accounting.written, 10, "{}", ended.stderr);
    let complaint = "droprec: standard output takes nothing: ";
    assert!(ended.stderr.contains(complaint), "{}", ended.stderr);
}
