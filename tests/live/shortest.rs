//! The least that is kept of a packet: an Ethernet header, its own or made up.

use std::net::UdpSocket;

use droprec_testbed::{Packet, Pair, Recorded, Recording, fields, frame::Origin, must_be_readable};

use crate::{
    DROPREC,
    compare::LINK_HEADER,
    kinds::{self, COUNT},
};

fn start(label: &str) -> Recording {
    Recording::start(DROPREC, &["-i", label, "-s", "14"])
}

/// Demands that the header alone is kept of each packet, and that the readers see how long it was.
fn keeps_headers(recorded: &Recorded, wanted: impl Fn(&Packet) -> bool, whole: usize, l2: &str) {
    let packets = recorded.capture.packets_where(wanted);
    assert_eq!(packets.len(), COUNT as usize, "{}", recorded.ended.stderr);
    for packet in packets {
        assert_eq!(packet.data.len(), LINK_HEADER, "{packet:?}");
        assert_eq!(packet.original_len as usize, whole, "{packet:?}");
        assert_eq!(packet.get("l2"), l2, "{packet:?}");
    }
    must_be_readable(&recorded.file);
    let shown = fields("frame", &["frame.cap_len", "frame.len"], &recorded.file);
    assert_eq!(shown, vec![format!("14\t{whole}"); COUNT as usize]);
}

#[test]
fn with_a_snaplen_of_14_a_frame_is_cut_to_its_header() {
    let (pair, origin) = (Pair::new(), Origin::new());
    let frames = kinds::length_0x0400(origin);
    let recording = start(&pair.label());
    pair.frames().send_all(&frames);
    let is_ours = |packet: &Packet| origin.sent(&packet.data);
    recording.wait_for(frames.len(), is_ours);
    keeps_headers(&recording.finish(), is_ours, frames[0].len(), "mac");
}

#[test]
fn with_a_snaplen_of_14_a_packet_without_a_link_header_is_cut_to_the_one_that_is_made_up() {
    const PAYLOAD: [u8; 100] = [0x5a; 100];
    const HEADERS: usize = 20 + 8;
    let pair = Pair::new();
    pair.sender.nft("output", "udp dport 7777 drop");
    let recording = start(&pair.sender.label("eth0"));
    let socket = pair.sender.enter(|| UdpSocket::bind((Pair::SENDER, 0)));
    let socket = socket.expect("the sender has its address");
    for _ in 0..COUNT {
        let sent = socket.send_to(&PAYLOAD, (Pair::RECEIVER, 7777));
        assert!(sent.is_err(), "the firewall let a packet pass");
    }
    recording.wait_for(COUNT as usize, |_| true);
    let whole = LINK_HEADER + HEADERS + PAYLOAD.len();
    keeps_headers(&recording.finish(), |_| true, whole, "synth");
}
