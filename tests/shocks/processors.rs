//! Processors that go and come back while they drop packets.

use std::{
    collections::BTreeSet,
    fs,
    process::{Command, Stdio},
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::Duration,
};

use droprec_testbed::{
    Droprec, Over, Pair, Recorded, Recording,
    frame::{Origin, UNHANDLED},
    may_be_shaken, pause,
};
use rustix::thread::{CpuSet, sched_setaffinity};

use crate::{DROPREC, machine};

/// How often it goes.
const TIMES: usize = 3;
/// How long it stays as it is.
const STAY: Duration = Duration::from_millis(100);

/// The second processor. There again when this is dropped.
struct Second;

impl Second {
    fn set(present: bool) {
        let file = "/sys/devices/system/cpu/cpu1/online";
        let value = if present { "1" } else { "0" };
        fs::write(file, value).unwrap_or_else(|error| panic!("{file}: {value}: {error}"));
    }
}

impl Drop for Second {
    fn drop(&mut self) {
        Self::set(true);
    }
}

/// Moves this thread to a processor. It stays elsewhere while that is not there.
fn move_to(processor: usize) {
    let mut only = CpuSet::new();
    only.set(processor);
    let _ = sched_setaffinity(None, &only);
}

/// Has both processors send frames to the receiver, as far as they are there, while something is done. The frames of each.
fn sent_during(pair: &Pair, work: impl FnOnce()) -> [(Origin, Vec<Vec<u8>>); 2] {
    let is_over = AtomicBool::new(false);
    let send = |processor: usize| {
        let (origin, socket, mut frames) = (Origin::new(), pair.frames(), Vec::new());
        while !is_over.load(Ordering::Relaxed) {
            move_to(processor);
            let number = frames.len() as u32;
            let frame = origin.ethernet(Pair::RECEIVER_MAC, UNHANDLED, &number.to_be_bytes());
            socket.send(&frame);
            frames.push(frame);
            thread::sleep(Duration::from_millis(1));
        }
        (origin, frames)
    };
    thread::scope(|scope| {
        let senders = [0, 1].map(|processor| scope.spawn(move || send(processor)));
        let over = Over(&is_over);
        work();
        drop(over);
        senders.map(|sender| sender.join().expect("frames are sent"))
    })
}

/// The second processor goes, and comes back, again and again.
fn come_and_go() {
    for _ in 0..TIMES {
        for present in [false, true] {
            Second::set(present);
            pause(STAY);
        }
    }
}

/// Demands that each frame is recorded once, that nothing is lost, and that some were dropped on each processor.
fn must_all_be_there(pair: &Pair, sent: &[(Origin, Vec<Vec<u8>>); 2], recorded: &Recorded) {
    let count: usize = sent.iter().map(|(_, frames)| frames.len()).sum();
    assert_eq!(pair.receiver.statistic("eth0", "rx_dropped"), count as u64);
    let accounting = recorded.ended.accounting();
    assert_eq!(
        accounting.written, count as u64,
        "{}",
        recorded.ended.stderr
    );
    let mut processors = BTreeSet::new();
    for (origin, frames) in sent {
        let mut packets = recorded
            .capture
            .packets_where(|packet| origin.sent(&packet.data));
        packets.sort_by(|a, b| a.data.cmp(&b.data));
        processors.extend(packets.iter().map(|packet| packet.get("cpu")));
        assert!(packets.iter().map(|packet| &packet.data).eq(frames));
    }
    assert_eq!(processors, BTreeSet::from(["0", "1"]));
}

#[test]
fn nothing_is_lost_or_miscounted_when_a_processor_goes_and_comes_back_in_the_midst_of_drops() {
    if !may_be_shaken() {
        return;
    }
    let (_machine, _second) = (machine(), Second);
    let pair = Pair::new();
    let recording = Recording::at(DROPREC, &[&pair.label()]);
    let sent = sent_during(&pair, come_and_go);
    must_all_be_there(&pair, &sent, &recording.finish());
}

#[test]
fn a_processor_that_comes_after_the_start_is_recorded_too() {
    if !may_be_shaken() {
        return;
    }
    let (_machine, _second) = (machine(), Second);
    let pair = Pair::new();
    Second::set(false);
    let recording = Recording::at(DROPREC, &[&pair.label()]);
    let sent = sent_during(&pair, || {
        pause(STAY);
        Second::set(true);
        pause(STAY);
    });
    must_all_be_there(&pair, &sent, &recording.finish());
}

#[test]
fn what_a_processor_has_counted_stays_in_the_tables_when_it_goes() {
    if !may_be_shaken() {
        return;
    }
    let (_machine, _second) = (machine(), Second);
    let pair = Pair::new();
    let mut command = Command::new(DROPREC);
    command.args(["--interval", "100ms", "-i", &pair.label()]);
    let mut droprec = Droprec::spawn(command, Stdio::piped());
    droprec.wait_until_ready();
    let sent = sent_during(&pair, || {
        come_and_go();
        Second::set(false);
    });
    let ended = droprec.stop().succeeded();
    let accounting = ended.accounting();
    accounting.must_balance();
    let count: usize = sent.iter().map(|(_, frames)| frames.len()).sum();
    assert_eq!(accounting.written, count as u64, "{}", ended.stderr);
}
