//! Standard output that does not wait (`O_NONBLOCK`), as some other program may have left it.

use std::{
    io::{PipeReader, Read as _, pipe},
    thread,
    time::Duration,
};

use droprec_testbed::Capture;
use rustix::fs::{OFlags, fcntl_getfl, fcntl_setfl};

use crate::stage::Stage;

const DROPS: u32 = 10_000;

/// All that comes, in small pieces, at a pace that leaves the pipe full.
fn read_slowly(mut reader: PipeReader) -> Vec<u8> {
    let mut all = Vec::new();
    let mut piece = [0; 4096];
    while let Ok(length @ 1..) = reader.read(&mut piece) {
        all.extend_from_slice(&piece[..length]);
        thread::sleep(Duration::from_micros(500));
    }
    all
}

#[test]
fn a_full_pipe_that_does_not_wait_costs_nothing() {
    let stage = Stage::new();
    let (reader, writer) = pipe().expect("a pipe");
    let flags = fcntl_getfl(&writer).expect("a pipe has flags");
    fcntl_setfl(&writer, flags | OFlags::NONBLOCK).expect("a pipe can be so");
    let droprec = stage.record_into(writer, &["-w", "-"]);
    stage.cause(DROPS);
    let slow = thread::spawn(|| read_slowly(reader));
    let ended = droprec.stop().succeeded();
    let all = slow.join().expect("it only reads");

    let accounting = ended.accounting();
    accounting.must_balance();
    assert_eq!(
        accounting.lost,
        ended.lost_in_the_midst(),
        "{}",
        ended.stderr
    );
    assert_eq!(accounting.written, u64::from(DROPS), "{}", ended.stderr);
    let capture = Capture::of(&all);
    assert!(!capture.is_cut, "the last block is cut");
    assert_eq!(capture.packets.len(), DROPS as usize);
}
