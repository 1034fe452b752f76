//! Several droprecs at once.

use std::collections::VecDeque;

use droprec_testbed::{Pair, Recording, frame::Origin};

use crate::{DROPREC, compare::same_frames, kinds::COUNT, unsent};

#[test]
fn two_droprecs_at_once_both_record_everything() {
    let (pair, origin) = (Pair::new(), Origin::new());
    let frames = origin.unhandled(COUNT);
    let label = pair.label();
    let both = [(); 2].map(|()| Recording::at(DROPREC, &[&label]));
    pair.frames().send_all(&frames);
    for recording in &both {
        recording.wait_for(frames.len(), |packet| origin.sent(&packet.data));
    }
    for recording in both {
        let recorded = recording.finish();
        let packets = recorded
            .capture
            .packets_where(|packet| origin.sent(&packet.data));
        same_frames(&packets, &frames);
        let ended = &recorded.ended;
        assert_eq!(ended.accounting().lost, ended.lost_in_the_midst());
    }
}

#[test]
fn a_droprec_that_ends_takes_nothing_from_one_that_goes_on() {
    let (pair, origin) = (Pair::new(), Origin::new());
    let frames = origin.unhandled(COUNT);
    let (earlier, later) = frames.split_at(frames.len() / 2);
    let (label, socket) = (pair.label(), pair.frames());
    let [ending, staying] = [(); 2].map(|()| Recording::at(DROPREC, &[&label]));
    socket.send_all(earlier);
    ending.wait_for(earlier.len(), |packet| origin.sent(&packet.data));
    let ended = ending.finish();
    socket.send_all(later);
    staying.wait_for(frames.len(), |packet| origin.sent(&packet.data));
    let stayed = staying.finish();

    same_frames(
        &ended
            .capture
            .packets_where(|packet| origin.sent(&packet.data)),
        earlier,
    );
    same_frames(
        &stayed
            .capture
            .packets_where(|packet| origin.sent(&packet.data)),
        &frames,
    );
}

/// Where a load of a program's faults, some kernels find their way on only if the program lies well among the others.
#[test]
fn droprecs_may_come_and_go_while_packets_without_a_device_are_dropped() {
    const AT_ONCE: usize = 4;
    const IN_ALL: usize = 16;
    let pair = Pair::new();
    // A filter would spare most of what is read of them.
    let start = || Recording::start(DROPREC, &[] as &[&str]);
    let staying = start();
    let mut others = VecDeque::new();
    for _ in 0..IN_ALL {
        others.push_back(start());
        if others.len() > AT_ONCE {
            others.pop_front();
        }
        unsent::begin_and_close(
            &pair,
            Pair::SENDER.into(),
            Pair::RECEIVER.into(),
            b"never sent",
        );
    }
    let recorded = staying.finish();
    let accounting = recorded.ended.accounting();
    assert!(
        accounting.suppressed >= (IN_ALL * unsent::COUNT) as u64,
        "{}",
        recorded.ended.stderr
    );
}
