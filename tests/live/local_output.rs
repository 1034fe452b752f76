//! Drops of what this host sends, before it has a link header.

use std::net::{Ipv4Addr, SocketAddrV4, UdpSocket};

use droprec_pcapng::{Direction, Flags};
use droprec_testbed::{
    FrameSocket, Packet, Pair, Recording, Trace, fields, frame::Origin, run, tcpdump,
};
use rustix::{
    io::Errno,
    net::{AddressFamily, SendFlags, SocketFlags, SocketType, ipproto, sendto, socket_with},
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
        .enter(|| {
            socket_with(
                AddressFamily::INET,
                SocketType::RAW,
                SocketFlags::CLOEXEC,
                Some(ipproto::RAW),
            )
        })
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

#[test]
fn what_a_tunnel_has_wrapped_and_nft_drops_on_output_is_at_the_interface_that_it_was_to_leave_by() {
    let pair = Pair::new();
    let sender = &pair.sender;
    sender.ip("link add vx0 type vxlan id 7 remote 192.0.2.2 dstport 4789");
    sender.ip("link set vx0 up");
    sender.nft("output", "udp dport 4789 drop");
    let label = sender.label("eth0");
    let recording = Recording::at(DROPREC, &[&label, &sender.label("vx0")]);
    let origin = Origin::new();
    let frames = origin.unhandled(COUNT);
    FrameSocket::open(sender, "vx0").send_all(&frames);
    let is_ours = |packet: &Packet| {
        let ends = frames.iter().any(|frame| packet.data.ends_with(frame));
        ends && packet.data.len() > frames[0].len()
    };
    recording.wait_for(frames.len(), is_ours);
    let recorded = recording.finish();
    for packet in recorded.capture.packets_where(is_ours) {
        assert_eq!(packet.interface, label, "{packet:?}");
        assert_eq!(
            (packet.get("dir"), packet.get("l2")),
            ("out", "synth"),
            "{packet:?}"
        );
        let what = packet.get("what");
        let carried = ":4789, VXLAN VNI 7, EtherType 0x88b5 (local experimental)";
        assert!(what.ends_with(carried), "{packet:?}");
    }
}

#[test]
fn an_arp_request_that_nft_drops_on_output_has_its_link_header() {
    const ASKED_FOR: [u8; 4] = [192, 0, 2, 77];
    let pair = Pair::new();
    let name = pair.sender.name();
    let chain = "type filter hook output priority 0; drop;";
    let table = format!("table arp test {{ chain output {{ {chain} }}; }}");
    run("ip", &["netns", "exec", name, "nft", &table]);
    let label = pair.sender.label("eth0");
    let recording = Recording::at(DROPREC, &[&label]);
    let socket = pair
        .sender
        .enter(|| UdpSocket::bind((Pair::SENDER, 0)))
        .expect("the sender has its address");
    socket
        .send_to(b"nobody is there", (Ipv4Addr::from(ASKED_FOR), 9))
        .expect("the datagram waits for the answer");
    let is_arp = |packet: &Packet| packet.get("proto") == "0x0806";
    recording.wait_for(1, is_arp);
    let recorded = recording.finish();

    let from = [2, 0, 0, 0, 0, 1];
    // RFC 826: Ethernet, IPv4, a request.
    let request = [
        &[0xff; 6][..],
        &from,
        &[8, 6, 0, 1, 8, 0, 6, 4, 0, 1],
        &from,
        &Pair::SENDER.octets(),
        &[0; 6],
        &ASKED_FOR,
    ];
    for packet in recorded.capture.packets_where(is_arp) {
        assert_eq!(packet.data, request.concat(), "{packet:?}");
        assert_eq!(packet.get("l2"), "mac", "{packet:?}");
        is_whole(packet);
    }
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
