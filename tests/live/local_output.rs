//! Drops of what this host sends, before it has a link header.

use std::net::SocketAddrV4;

use droprec_pcapng::{Direction, Flags};
use droprec_testbed::{Pair, Recording, Trace, fields, frame::Origin, tcpdump};
use rustix::{
    io::Errno,
    net::{AddressFamily, SendFlags, SocketType, ipproto, sendto, socket},
};

use crate::{
    DROPREC,
    compare::{LINK_HEADER, is_at, is_whole, same_frames},
    kinds::{self, COUNT},
};

const IDENTIFICATION: usize = LINK_HEADER + 4;

#[test]
fn two_hundred_packets_that_nft_drops_on_output_are_recorded_behind_a_header_that_says_ipv4() {
    let (pair, origin) = (Pair::new(), Origin::new());
    pair.sender.nft("output", "udp dport 7777 drop");
    let packets = packets_in(kinds::udp_to(origin, Pair::RECEIVER.octets(), 7777, 64));
    let label = pair.sender.label("eth0");
    let recording = Recording::at(DROPREC, &[&label]);
    let socket = pair
        .sender
        .enter(|| socket(AddressFamily::INET, SocketType::RAW, Some(ipproto::RAW)))
        .expect("root may open a raw socket");
    let trace = Trace::of_this_thread();
    let target = SocketAddrV4::new(Pair::RECEIVER, 0);
    for packet in &packets {
        let sent = sendto(&socket, packet, SendFlags::empty(), &target);
        assert_eq!(sent, Err(Errno::PERM), "the firewall let a packet pass");
    }
    recording.wait_for(packets.len(), |_| true);
    let site = trace.most(packets.len());
    let recorded = recording.finish();

    let had = recorded
        .capture
        .packets_where(|packet| packet.data.len() > LINK_HEADER);
    let expected: Vec<Vec<u8>> = packets
        .iter()
        .map(|packet| [&had[0].data[..LINK_HEADER - 2], &[0x08, 0x00], packet].concat())
        .collect();
    same_frames(&had, &expected);
    for packet in had {
        assert_eq!(packet.interface, label, "{packet:?}");
        assert_eq!(
            (packet.get("dev"), packet.get("dir")),
            ("eth0", "out"),
            "{packet:?}"
        );
        assert_eq!(packet.get("l2"), "synth", "{packet:?}");
        let direction = packet.flags.and_then(Flags::direction);
        assert_eq!(direction, Some(Direction::Outbound), "{packet:?}");
        is_whole(packet);
        is_at(packet, &site);
    }
    let shown = fields("udp.dstport == 7777", &["ip.src"], &recorded.file);
    assert_eq!(shown, vec!["192.0.2.1"; COUNT as usize]);
    let shown = tcpdump(&["udp", "dst", "port", "7777"], &recorded.file);
    assert_eq!(shown.lines().count(), COUNT as usize, "{shown}");
}

/// The IP packets in these frames, as they are to be sent: the kernel would fill in an identification of 0.
pub(crate) fn packets_in(mut frames: Vec<Vec<u8>>) -> Vec<Vec<u8>> {
    for (number, frame) in (1u16..).zip(&mut frames) {
        frame[IDENTIFICATION..IDENTIFICATION + 2].copy_from_slice(&number.to_be_bytes());
        let header = etherparse::Ipv4HeaderSlice::from_slice(&frame[LINK_HEADER..]);
        let checksum = header
            .expect("an IP header")
            .to_header()
            .calc_header_checksum();
        frame[LINK_HEADER + 10..LINK_HEADER + 12].copy_from_slice(&checksum.to_be_bytes());
    }
    frames
        .into_iter()
        .map(|frame| frame[LINK_HEADER..].to_vec())
        .collect()
}
