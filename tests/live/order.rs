//! In which order drops of several processors are in the file: by lanes and by the ring, of which each has its own. And that there
//! are lanes.

use std::collections::HashMap;

use droprec_testbed::{Packet, Pair, Recording, frame::Origin, on_each_processor};
use rustix::process::Signal;

use crate::DROPREC;

/// Frames that each processor sends: more than its lane holds, so that the ring has to take the others.
const FRAMES: usize = 10_000;
/// Nanoseconds within which drops of two processors may be in the file the other way round: each has its time before it is
/// written.
const AT_ONCE: u64 = 100_000;
/// Of so many one may come later than that: a processor may stand still while it records it.
const SELDOM: usize = 100;

/// The numbers of an origin's packets, in the order of the file.
fn numbers(packets: &[Packet], origin: Origin, frames: &[Vec<u8>]) -> Vec<usize> {
    let numbers: HashMap<&[u8], usize> = frames.iter().map(Vec::as_slice).zip(0..).collect();
    let of_origin = packets.iter().filter(|packet| origin.sent(&packet.data));
    let number = |packet: &Packet| numbers.get(&packet.data[..]).copied();
    of_origin.filter_map(number).collect()
}

#[test]
fn what_was_dropped_on_all_processors_while_droprec_stood_still_is_written_once_and_in_its_order() {
    let pair = Pair::new();
    let recording = Recording::start(DROPREC, &["-i", &pair.label(), "-s", "64", "-B", "131072"]);
    recording.droprec.stand_still();
    let sent = on_each_processor(|| {
        let (origin, socket) = (Origin::new(), pair.frames());
        let frames = origin.unhandled(FRAMES as u32);
        socket.send_all(&frames);
        (origin, frames)
    });
    recording.droprec.signal(Signal::CONT);
    let recorded = recording.finish();

    let packets = &recorded.capture.packets;
    for (origin, frames) in &sent {
        let numbers = numbers(packets, *origin, frames);
        let expected: Vec<usize> = (0..FRAMES).collect();
        let first = expected
            .iter()
            .zip(&numbers)
            .find(|(expected, number)| expected != number);
        assert_eq!(first, None, "of {} that were recorded", numbers.len());
        assert_eq!(numbers.len(), FRAMES);
    }
    let mut latest = 0;
    let is_late = |packet: &&Packet| {
        latest = latest.max(packet.timestamp);
        packet.timestamp + AT_ONCE < latest
    };
    let late = packets.iter().filter(is_late).count();
    assert!(
        late <= packets.len() / SELDOM,
        "{late} of {} are after a later one",
        packets.len()
    );
}

#[test]
fn the_kernel_takes_the_kernel_half_with_all_that_makes_it_quick() {
    let recording = Recording::start(DROPREC, &["-v", "-i", "lo"]);
    let recorded = recording.finish();
    let stderr = &recorded.ended.stderr;
    let told = stderr.lines().find(|line| line.starts_with("speed:"));
    assert_eq!(told, None, "{stderr}");
    assert!(stderr.contains("ring buffer:"), "{stderr}");
}
