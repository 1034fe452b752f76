//! Drops in the namespace that droprec itself runs in: on most machines the first one, whose number is unlike the others'.

use droprec_pcapng::{Direction, Flags};
use droprec_testbed::{
    OwnPort, Packet, PacketSocket, Recorded, Recording,
    frame::{Origin, UNHANDLED},
    run,
};
use rustix::io::Errno;

use crate::{
    DROPREC,
    compare::{is_because, same_frames},
    kinds::COUNT,
};

/// The packets of an origin, which must be these frames at the interface, called as it is.
fn packets_at<'r>(
    port: &OwnPort,
    recorded: &'r Recorded,
    origin: Origin,
    frames: &[Vec<u8>],
) -> Vec<&'r Packet> {
    let packets = recorded
        .capture
        .packets_where(|packet| origin.sent(&packet.data));
    same_frames(&packets, frames);
    let netns = port.inode().to_string();
    for packet in &packets {
        assert_eq!(packet.interface, port.name(), "{packet:?}");
        assert_eq!(packet.get("dev"), port.name(), "{packet:?}");
        assert_eq!(packet.get("netns"), netns, "{packet:?}");
        assert_eq!(packet.get("l2"), "mac", "{packet:?}");
    }
    packets
}

#[test]
fn a_frame_dropped_in_droprecs_own_namespace_is_under_the_plain_name_that_i_finds() {
    let (port, origin) = (OwnPort::new(), Origin::new());
    let frames = origin.unhandled(COUNT);
    let recording = Recording::at(DROPREC, &[port.name()]);
    port.frames().send_all(&frames);
    recording.wait_for(frames.len(), |packet| origin.sent(&packet.data));
    let recorded = recording.finish();

    for packet in packets_at(&port, &recorded, origin, &frames) {
        assert_eq!(packet.get("dir"), "in", "{packet:?}");
        is_because(packet, "UNHANDLED_PROTO");
    }
    let interfaces = &recorded.capture.interfaces;
    let names: Vec<&str> = interfaces.iter().map(|one| &one.name[..]).collect();
    assert_eq!(names, ["none", port.name()]);
    let stderr = &recorded.ended.stderr;
    let is_row = |line: &&str| line.split_whitespace().nth(3) == Some(port.name());
    let row = stderr.lines().find(is_row);
    assert!(row.is_some(), "no row for {}: {stderr}", port.name());
}

#[test]
fn a_frame_that_tc_drops_on_its_way_out_of_droprecs_own_namespace_is_recorded_as_it_was_sent() {
    let (port, origin) = (OwnPort::new(), Origin::new());
    let name = port.name();
    run("tc", &["qdisc", "add", "dev", name, "clsact"]);
    // A classifier of one instruction: `return TC_ACT_SHOT`.
    let program = ["bpf", "direct-action", "bytecode", "1,6 0 0 2,"];
    run(
        "tc",
        &[&["filter", "add", "dev", name, "egress"], &program[..]].concat(),
    );
    let frames = origin.unhandled(COUNT);
    let recording = Recording::at(DROPREC, &[name]);
    let socket = PacketSocket::here(name, UNHANDLED);
    for frame in &frames {
        assert_eq!(socket.send(frame), Err(Errno::NOBUFS), "tc lets it pass");
    }
    recording.wait_for(frames.len(), |packet| origin.sent(&packet.data));
    let recorded = recording.finish();

    for packet in packets_at(&port, &recorded, origin, &frames) {
        assert_eq!(packet.get("dir"), "out", "{packet:?}");
        is_because(packet, "TC_EGRESS");
        let direction = packet.flags.and_then(Flags::direction);
        assert_eq!(direction, Some(Direction::Outbound), "{packet:?}");
    }
}
