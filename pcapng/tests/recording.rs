//! The recording that the tests speak of: every block and option that can be written.

use droprec_pcapng::{
    Flags, Reception,
    write::{
        Interface, Packet, Section, Statistics, interface, packet, section_header, statistics,
    },
};

/// 2026-11-20 12:00:00.123456789 UTC.
pub(crate) const NOON: u64 = 1_795_176_000_123_456_789;

/// Destination and source address, both of this machine's own making.
pub(crate) const ADDRESSES: &[u8] = b"\x02\0\0\0\0\x02\x02\0\0\0\0\x01";
/// VLAN 5.
pub(crate) const TAG: &[u8] = b"\x81\0\0\x05";
/// UDP from 192.0.2.1 port 1000 to 192.0.2.2 port 2000, carrying "hello"; the checksums are left out.
pub(crate) const IP: &[u8] = b"\x08\0\x45\0\0\x21\0\0\0\0\x40\x11\0\0\xC0\0\x02\x01\xC0\0\x02\x02\
    \x03\xE8\x07\xD0\0\x0D\0\0hello";

/// The full packet, whose frame is in three pieces.
pub(crate) const FULL: Packet = Packet {
    interface: 1,
    timestamp: NOON,
    original_len: 1518,
    frame: &[ADDRESSES, TAG, IP],
    flags: Some(Flags::inbound(Reception::Promiscuous)),
    dropcount: Some(17),
    packetid: Some(0xFFFF_8881_0234_5678),
    queue: Some(3),
    comments: &[
        &["NO_SOCKET in ", "udp_rcv+0x1a"],
        &["reason=NO_SOCKET comm=\"λ\""],
    ],
};

/// A packet of which nothing is said.
pub(crate) const BARE: Packet = Packet {
    interface: 0,
    timestamp: NOON + 1,
    original_len: 0,
    frame: &[ADDRESSES, IP],
    flags: None,
    dropcount: None,
    packetid: None,
    queue: None,
    comments: &[],
};

/// A sent packet, longer than can be said, on an interface that comes late.
pub(crate) const LATE: Packet = Packet {
    interface: 2,
    timestamp: NOON + 2_000_000_000,
    original_len: 300_014,
    flags: Some(Flags::outbound()),
    ..BARE
};

/// Of interface 1.
pub(crate) const COUNTS: Statistics = Statistics {
    interface: 1,
    timestamp: NOON + 3_000_000_000,
    start: NOON - 1_000_000_000,
    end: NOON + 3_000_000_000,
    received: 100,
    dropped: 41,
    accepted: 60,
    os_dropped: 40,
    delivered: 19,
    comments: &[],
};

/// The whole file, and the offset at which each of its blocks ends.
pub(crate) fn recording() -> (Vec<u8>, Vec<usize>) {
    let interfaces = [
        Interface {
            name: Some("none"),
            ..Interface::default()
        },
        Interface {
            name: Some("eth0"),
            description: Some("ifindex 2, virtio_net"),
            comment: Some("ifindex=2 type=1"),
            ..Interface::default()
        },
        Interface {
            name: Some("veth@blue"),
            ..Interface::default()
        },
    ];
    let section = Section {
        hardware: Some("a machine"),
        os: Some("Linux 6.18"),
        application: Some("droprec 0.1.0"),
        comment: Some("droprec -w drops.pcapng"),
    };

    let mut file = Vec::new();
    let mut ends = Vec::new();
    let blocks: [&dyn Fn(&mut Vec<u8>) -> _; 8] = [
        &|out| section_header(out, &section),
        &|out| interface(out, &interfaces[0]),
        &|out| interface(out, &interfaces[1]),
        &|out| packet(out, &FULL),
        &|out| packet(out, &BARE),
        &|out| interface(out, &interfaces[2]),
        &|out| packet(out, &LATE),
        &|out| statistics(out, &COUNTS),
    ];
    for append in blocks {
        append(&mut file).expect("it fits");
        ends.push(file.len());
    }
    (file, ends)
}
