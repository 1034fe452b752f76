//! The machine falls asleep while droprec records, and wakes up by itself before anything is switched off (`pm_test`,
//! Documentation/power/basic-pm-debugging.rst): as deeply as `freezer`, where every process stands still and the kernel goes on, or
//! as `core`, where all devices and all processors but one are down, and `CLOCK_MONOTONIC` stands still.

use std::{fs, net::SocketAddrV4};

use crate::{DROPREC, machine};
use droprec_testbed::{Packet, Pair, Recording, frame::Origin, may_be_shaken, on_this_processor};
use rustix::{
    fd::OwnedFd,
    io::Errno,
    net::{AddressFamily, SocketFlags, SocketType, connect, socket_with},
    time::{ClockId, clock_gettime},
};

/// How long it sleeps, in seconds: the second and the third attempt of a connection come 1 and 3 seconds after the first.
const SLEEP: &str = "4";
const PORT: u16 = 7777;

fn write(file: &str, value: &str) {
    fs::write(file, value).unwrap_or_else(|error| panic!("{file} does not take {value}: {error}"));
}

fn nanoseconds(clock: ClockId) -> u64 {
    let time = clock_gettime(clock);
    (time.tv_sec * 1_000_000_000 + time.tv_nsec).cast_unsigned()
}

/// Sleeps as deeply as that.
fn sleep(depth: &str) {
    write("/sys/module/suspend/parameters/pm_test_delay", SLEEP);
    write("/sys/power/pm_test", depth);
    write("/sys/power/state", "mem");
    write("/sys/power/pm_test", "none");
}

/// A connection that is being tried, by the kernel alone.
fn connecting(pair: &Pair) -> OwnedFd {
    pair.sender.enter(|| {
        let flags = SocketFlags::NONBLOCK | SocketFlags::CLOEXEC;
        let socket = socket_with(AddressFamily::INET, SocketType::STREAM, flags, None);
        let socket = socket.expect("a TCP socket");
        let address = SocketAddrV4::new(Pair::RECEIVER, PORT);
        assert_eq!(connect(&socket, &address), Err(Errno::INPROGRESS));
        socket
    })
}

#[test]
fn what_is_dropped_while_every_process_is_frozen_is_recorded_once_they_go_on() {
    if !may_be_shaken() {
        return;
    }
    let _machine = machine();
    let (pair, origin) = (Pair::new(), Origin::new());
    pair.receiver
        .nft("input", &format!("tcp dport {PORT} counter drop"));
    let frames = origin.unhandled(20);
    let recording = Recording::at(DROPREC, &[&pair.label()]);
    let socket = pair.frames();
    socket.send_all(&frames[..10]);
    let attempts = connecting(&pair);
    let asleep = nanoseconds(ClockId::Realtime);
    sleep("freezer");
    let awake = nanoseconds(ClockId::Realtime);
    drop(attempts);
    socket.send_all(&frames[10..]);

    // Without options, Ethernet's and IPv4's headers are 34 bytes; the port that it goes to is the second one.
    let is_attempt = |packet: &Packet| packet.data[36..38] == PORT.to_be_bytes();
    recording.wait_for(20, |packet| origin.sent(&packet.data));
    let recorded = recording.finish();
    let counted = pair.receiver.nft_counted();
    let attempts = recorded
        .capture
        .packets_where(|packet| packet.data.len() > 38 && is_attempt(packet));
    assert_eq!(attempts.len() as u64, counted, "{}", recorded.ended.stderr);
    let meanwhile = attempts
        .iter()
        .filter(|packet| (asleep + 500_000_000..awake).contains(&packet.timestamp));
    assert!(meanwhile.count() > 0, "{asleep} {awake}: {attempts:#?}");
    let others = recorded
        .capture
        .packets_where(|packet| origin.sent(&packet.data));
    assert!(
        others.iter().map(|packet| &packet.data).eq(&frames),
        "{others:#?}"
    );
    assert_eq!(recorded.ended.accounting().written, 20 + counted);
}

#[test]
#[ignore = "the machine's files are out of reach once its devices have slept: tests/guest/alone runs it without"]
fn after_a_sleep_of_all_the_machine_each_drop_has_the_time_that_it_is() {
    if !may_be_shaken() {
        return;
    }
    let _machine = machine();
    let (pair, origin) = (Pair::new(), Origin::new());
    let frames = origin.unhandled(20);
    let recording = Recording::at(DROPREC, &[&pair.label()]);
    let socket = pair.frames();
    let timed = |frame: &Vec<u8>| {
        let before = nanoseconds(ClockId::Realtime);
        socket.send(frame);
        before..nanoseconds(ClockId::Realtime)
    };
    let sent = |frames: &[Vec<u8>]| on_this_processor(|| frames.iter().map(timed).collect());
    let mut times: Vec<_> = sent(&frames[..10]);
    let slept = || nanoseconds(ClockId::Boottime) - nanoseconds(ClockId::Monotonic);
    let before = slept();
    sleep("core");
    assert!(slept() - before > 1_000_000_000, "no clock has stood still");
    times.extend(sent(&frames[10..]));
    recording.wait_for(20, |packet| origin.sent(&packet.data));
    let recorded = recording.finish();
    let packets = recorded
        .capture
        .packets_where(|packet| origin.sent(&packet.data));
    assert!(packets.iter().map(|packet| &packet.data).eq(&frames));
    for (packet, time) in packets.iter().zip(&times) {
        let near = time.start - 100_000_000..time.end + 100_000_000;
        assert!(near.contains(&packet.timestamp), "{time:?}: {packet:?}");
    }
    assert_eq!(recorded.ended.accounting().written, 20);
}
