//! Drops for what the IPv4 header says: not whole, not sound, or from where it cannot be from.

use std::net::Ipv4Addr;

use super::super::frame::{Ipv4Packet, PROTOCOL_EXPERIMENTAL};
use super::super::lab::STRANGER;
use super::{Kind, Outcome, datagram};

/// The checksum's place in the header (RFC 791 section 3.1).
const CHECKSUM: usize = 10;

pub(super) const BAD_HEADER_CHECKSUM: Kind = Kind {
    name: "bad IPv4 header checksum",
    expect: "IP_CSUM: the header checksum is wrong",
    cause: |lab| {
        let mut packet = datagram::packet(STRANGER, lab.receiver.address);
        packet[CHECKSUM] ^= 0xff;
        lab.receiver
            .deliver(&datagram::frame_of(&packet))
            .map(|()| Outcome::Dropped)
    },
};

pub(super) const TRUNCATED: Kind = Kind {
    name: "truncated IPv4 packet",
    expect: "PKT_TOO_SMALL: the packet is shorter than its header says",
    cause: |lab| {
        let mut packet = datagram::packet(STRANGER, lab.receiver.address);
        packet.pop();
        lab.receiver
            .deliver(&datagram::frame_of(&packet))
            .map(|()| Outcome::Dropped)
    },
};

pub(super) const UNKNOWN_PROTOCOL: Kind = Kind {
    name: "unknown IP protocol",
    expect: "IP_NOPROTO: nobody handles IP protocol 253",
    cause: |lab| {
        let packet = Ipv4Packet {
            protocol: PROTOCOL_EXPERIMENTAL,
            ..Ipv4Packet::udp(STRANGER, lab.receiver.address)
        };
        lab.receiver
            .deliver(&datagram::frame_of(&packet.to_bytes(datagram::PAYLOAD)))
            .map(|()| Outcome::Dropped)
    },
};

pub(super) const LOOPBACK_SOURCE: Kind = Kind {
    name: "martian source",
    expect: "IP_LOCALNET (NOT_SPECIFIED up to 6.12): a packet from 127.0.0.1 came over a wire",
    cause: |lab| {
        lab.receiver
            .deliver(&datagram::frame(Ipv4Addr::LOCALHOST, lab.receiver.address))
            .map(|()| Outcome::Dropped)
    },
};

pub(super) const MULTICAST_SOURCE: Kind = Kind {
    name: "multicast source",
    expect: "IP_INVALID_SOURCE (NOT_SPECIFIED up to 6.12): nobody sends from 224.0.0.1, which is a group",
    cause: |lab| {
        let all_systems = Ipv4Addr::new(224, 0, 0, 1);
        lab.receiver
            .deliver(&datagram::frame(all_systems, lab.receiver.address))
            .map(|()| Outcome::Dropped)
    },
};

pub(super) const REVERSE_PATH: Kind = Kind {
    name: "reverse path filter",
    expect: "IP_RPFILTER: an answer would not go out where the packet came in",
    cause: |lab| {
        lab.firewall
            .deliver(&datagram::frame(STRANGER, lab.firewall.address))
            .map(|()| Outcome::Dropped)
    },
};
