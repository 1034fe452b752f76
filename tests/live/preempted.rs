//! Processes that take the processor from each other, also while a drop of theirs is being recorded.

use std::{collections::BTreeMap, fs, os::unix::net::UnixDatagram, thread};

use droprec_testbed::{Droprec, Recording, unique};
use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity};

use crate::DROPREC;

const THREADS: usize = 4;
const SOCKETS: usize = 120;
/// As many datagrams as an unread `AF_UNIX` socket takes by default (`net.unix.max_dgram_qlen`).
const UNREAD: usize = 10;
const COUNT: usize = THREADS * SOCKETS * UNREAD;
/// What may be missed as a process was stopped before the program's first instruction: of one time slice.
const FEW: u64 = 1000;

/// Drops messages on one processor by closing the sockets that should have read them.
fn drop_messages(message: &[u8]) {
    let allowed = sched_getaffinity(None).expect("there are processors");
    let first = (0..CpuSet::MAX_CPU).find(|cpu| allowed.is_set(*cpu));
    let mut one = CpuSet::new();
    one.set(first.expect("there is one"));
    sched_setaffinity(None, &one).expect("it may run there");
    for _ in 0..SOCKETS {
        let (sender, _receiver) = UnixDatagram::pair().expect("a pair of sockets");
        for _ in 0..UNREAD {
            assert_eq!(sender.send(message).ok(), Some(message.len()));
        }
    }
}

/// How often the kernel kept a program of this droprec from entering itself, by the program's number. Kernels before 5.12
/// do not say; on those before 7 a process has no way to come in between.
fn misses(droprec: &Droprec) -> BTreeMap<u64, u64> {
    let directory = format!("/proc/{}/fdinfo", droprec.pid().as_raw_pid());
    let mut misses = BTreeMap::new();
    for entry in fs::read_dir(directory).expect("it runs") {
        let text = fs::read_to_string(entry.expect("a descriptor").path()).unwrap_or_default();
        let number = |key: &str| {
            let mut lines = text.lines();
            lines.find_map(|line| line.strip_prefix(key)?.trim().parse().ok())
        };
        if let (Some(id), Some(missed)) = (number("prog_id:"), number("recursion_misses:")) {
            misses.insert(id, missed);
        }
    }
    misses
}

#[test]
fn what_is_dropped_while_another_drop_is_stopped_in_the_midst_of_being_recorded_is_recorded_or_counted()
 {
    let message = format!("preempted {:?}", unique()).into_bytes();
    let recording = Recording::start(DROPREC, &["--all", "-B", "131072"]);
    thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| drop_messages(&message));
        }
    });
    let misses = misses(&recording.droprec);
    let recorded = recording.finish();
    let packets = recorded
        .capture
        .packets_where(|packet| packet.data.ends_with(&message));
    let accounting = recorded.ended.accounting();
    assert!(packets.len() <= COUNT, "recorded twice: {}", packets.len());
    let missing = (COUNT - packets.len()) as u64;
    let lost = recorded.ended.lost_in_the_midst();
    assert!(missing <= lost, "{missing}: {accounting:?}");
    // The one that every drop comes to is loaded before the spare one, which is loaded last.
    if let Some((_, &missed)) = misses.iter().nth_back(1) {
        println!("{missed} of {COUNT} missed at first, {missing} in the end");
        let is_rescued = missing < missed || missed < FEW;
        assert!(is_rescued, "{misses:?} {accounting:?}");
    }
}
