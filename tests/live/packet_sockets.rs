//! Drops by sockets that capture: of programs that are slow, or end before they have read all.

use droprec_pcapng::{Direction, Flags};
use droprec_testbed::{
    Packet, PacketSocket, Pair, Recording, Trace, feature,
    frame::{Origin, UNHANDLED},
};

use crate::{
    DROPREC,
    compare::{is_at, is_because, is_whole, same_frames},
    kinds::COUNT,
};

/// Demands that packets tell of received frames what there is to tell.
fn are_received(packets: &[&Packet], expected: &[Vec<u8>], label: &str, netns: u64) {
    same_frames(packets, expected);
    for packet in packets {
        assert_eq!(packet.interface, label, "{packet:?}");
        assert_eq!(packet.get("netns"), netns.to_string(), "{packet:?}");
        assert_eq!(packet.get("l2"), "mac", "{packet:?}");
        assert_ne!(packet.get("dir"), "out", "{packet:?}");
        let direction = packet.flags.and_then(Flags::direction);
        assert_ne!(direction, Some(Direction::Outbound), "{packet:?}");
        is_whole(packet);
    }
}

/// Demands that these were dropped with their socket. A child that another test has just forked may be the one that closes
/// it last, so no trace of this thread tells.
fn are_unread(packets: &[&Packet]) {
    assert!(!packets.is_empty(), "nothing was left in the socket");
    let reason = if feature::reason("QUEUE_PURGE") {
        "QUEUE_PURGE"
    } else {
        "NOT_SPECIFIED"
    };
    for packet in packets {
        is_because(packet, reason);
        let is_there = packet.get("loc").starts_with("skb_queue_purge");
        assert!(is_there, "{packet:?}");
    }
}

#[test]
fn frames_that_a_packet_socket_has_no_room_for_and_those_it_never_read_are_recorded_whole() {
    let (pair, origin) = (Pair::new(), Origin::new());
    let frames = origin.unhandled(COUNT);
    let label = pair.label();
    let recording = Recording::at(DROPREC, &[&label]);
    let socket = pair
        .receiver
        .enter(|| PacketSocket::here("eth0", UNHANDLED));
    socket.keep_little();
    let trace = Trace::of_this_thread();
    pair.frames().send_all(&frames);
    recording.wait_for(frames.len() / 2, |packet| origin.sent(&packet.data));
    let overflow = trace.most(frames.len() / 2);
    drop(socket);
    recording.wait_for(frames.len(), |packet| origin.sent(&packet.data));
    let capture = recording.finish().capture;

    let packets = capture.packets_where(|packet| origin.sent(&packet.data));
    are_received(&packets, &frames, &label, pair.receiver.inode());
    let (refused, unread): (Vec<&Packet>, Vec<&Packet>) = packets
        .into_iter()
        .partition(|packet| packet.get("loc") == overflow.location);
    for packet in refused {
        is_at(packet, &overflow);
    }
    are_unread(&unread);
}

#[test]
fn frames_that_wait_in_a_packet_socket_that_is_closed_are_recorded_whole() {
    let (pair, origin) = (Pair::new(), Origin::new());
    let frames = origin.unhandled(COUNT);
    let label = pair.label();
    let recording = Recording::at(DROPREC, &[&label]);
    let socket = pair
        .receiver
        .enter(|| PacketSocket::here("eth0", UNHANDLED));
    pair.frames().send_all(&frames);
    drop(socket);
    recording.wait_for(frames.len(), |packet| origin.sent(&packet.data));
    let capture = recording.finish().capture;

    let packets = capture.packets_where(|packet| origin.sent(&packet.data));
    are_received(&packets, &frames, &label, pair.receiver.inode());
    are_unread(&packets);
}

#[test]
fn sent_frames_that_wait_in_a_packet_socket_that_is_closed_are_recorded_with_their_own_header() {
    /// `ETH_P_ALL` (`include/uapi/linux/if_ether.h`): what is sent, too.
    const ALL: u16 = 0x0003;
    let (pair, origin) = (Pair::new(), Origin::new());
    let mut frames = origin.unhandled(COUNT);
    for (number, frame) in frames.iter_mut().enumerate() {
        if number % 2 == 1 {
            // IEEE 802.1Q, VLAN 5.
            frame.splice(12..12, [0x81, 0, 0, 5]);
        }
    }
    let recording = Recording::start::<&str>(DROPREC, &[]);
    let socket = pair.sender.enter(|| PacketSocket::here("eth0", ALL));
    pair.frames().send_all(&frames);
    drop(socket);
    let is_copy =
        |packet: &Packet| origin.sent(&packet.data) && packet.get("pkt_type") == "outgoing";
    recording.wait_for(frames.len(), is_copy);
    let capture = recording.finish().capture;

    let packets = capture.packets_where(is_copy);
    same_frames(&packets, &frames);
    for packet in packets {
        assert_eq!(packet.get("l2"), "mac", "{packet:?}");
        assert_eq!(packet.get("dir"), "out", "{packet:?}");
        is_whole(packet);
    }
}
