//! Interfaces that are renamed, deleted or moved to another namespace while they are recorded.

use droprec_testbed::{Capture, Namespace, Pair, Recording, frame::Origin};

use crate::{DROPREC, compare::same_frames};

const COUNT: u32 = 40;

/// The interface and the `dev` of each of an origin's frames, in the order of their numbers.
fn names(capture: &Capture, origin: Origin) -> Vec<(&str, &str)> {
    let mut packets = capture.packets_where(|packet| origin.sent(&packet.data));
    packets.sort_by(|a, b| a.data.cmp(&b.data));
    packets
        .into_iter()
        .map(|packet| (packet.interface.as_str(), packet.get("dev")))
        .collect()
}

#[test]
fn the_drops_of_an_interface_that_is_renamed_are_under_the_name_that_it_had_at_the_time() {
    let (pair, origin) = (Pair::new(), Origin::new());
    let frames = origin.unhandled(COUNT);
    let (earlier, later) = frames.split_at(15);
    let socket = pair.frames();
    let recording = Recording::at(DROPREC, &[&pair.label()]);
    socket.send_all(earlier);
    pair.rename("wan7");
    socket.send_all(later);
    recording.wait_for(frames.len(), |packet| origin.sent(&packet.data));
    let capture = recording.finish().capture;

    let (eth0, wan7) = (pair.receiver.label("eth0"), pair.receiver.label("wan7"));
    let mut expected = vec![(eth0.as_str(), "eth0"); earlier.len()];
    expected.resize(frames.len(), (&wan7, "wan7"));
    assert_eq!(names(&capture, origin), expected);
    let interfaces: Vec<&str> = capture.interfaces.iter().map(|one| &one.name[..]).collect();
    assert_eq!(interfaces, ["none", &eth0, &wan7]);
}

#[test]
fn the_drops_of_an_interface_that_is_deleted_keep_its_name_and_those_of_others_go_on() {
    let (doomed, staying) = (Pair::new(), Pair::new());
    let (first, second) = (Origin::new(), Origin::new());
    let frames = [first.unhandled(COUNT), second.unhandled(COUNT)];
    let recording = Recording::at(DROPREC, &[&doomed.label(), &staying.label()]);
    let socket = staying.frames();
    doomed.frames().send_all(&frames[0]);
    doomed.receiver.ip("link delete eth0");
    socket.send_all(&frames[1]);
    recording.wait_for(frames[1].len(), |packet| second.sent(&packet.data));
    let capture = recording.finish().capture;

    for (origin, pair, frames) in [(first, &doomed, &frames[0]), (second, &staying, &frames[1])] {
        same_frames(
            &capture.packets_where(|packet| origin.sent(&packet.data)),
            frames,
        );
        let label = pair.label();
        assert_eq!(
            names(&capture, origin),
            vec![(label.as_str(), "eth0"); frames.len()]
        );
    }
}

#[test]
fn the_drops_of_an_interface_that_moves_are_under_the_namespace_that_it_was_in_at_the_time() {
    let (pair, elsewhere, origin) = (Pair::new(), Namespace::new("elsewhere"), Origin::new());
    let frames = origin.unhandled(COUNT);
    let (earlier, later) = frames.split_at(25);
    let socket = pair.frames();
    let namespaces = ["--netns", pair.receiver.name(), "--netns", elsewhere.name()];
    let recording = Recording::start(DROPREC, &namespaces);
    socket.send_all(earlier);
    pair.receiver
        .ip(&format!("link set eth0 netns {}", elsewhere.name()));
    elsewhere.ip("link set eth0 up");
    pair.sender.wait_for_carrier("eth0");
    socket.send_all(later);
    recording.wait_for(frames.len(), |packet| origin.sent(&packet.data));
    let capture = recording.finish().capture;

    let (here, there) = (pair.label(), elsewhere.label("eth0"));
    let mut expected = vec![(here.as_str(), "eth0"); earlier.len()];
    expected.resize(frames.len(), (&there, "eth0"));
    assert_eq!(names(&capture, origin), expected);
    let moved = capture.packets_where(|packet| packet.interface == there);
    assert!(!moved.is_empty());
    for packet in moved {
        assert_eq!(
            packet.get("netns"),
            elsewhere.inode().to_string(),
            "{packet:?}"
        );
    }
}
