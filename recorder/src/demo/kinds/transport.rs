//! Drops for what the transport header says: a port on which nobody listens, a wrong checksum.

use std::net::{Ipv6Addr, SocketAddr};

use anyhow::Result;

use super::super::frame::{self, Ipv4Packet, PROTOCOL_TCP};
use super::super::lab::{Lab, STRANGER, STRANGER_V6};
use super::datagram::{DISCARD_PORT, PAYLOAD, SOURCE_PORT};
use super::{Kind, Outcome, datagram};

/// Nobody listens on the web's port either.
const HTTP_PORT: u16 = 80;

/// The first byte of the checksum in a TCP header (RFC 9293 section 3.1).
const TCP_CHECKSUM: usize = 16;

pub(super) const UDP_NO_SOCKET: Kind = Kind {
    name: "UDP without a socket",
    expect: "NO_SOCKET: nobody listens on UDP port 9",
    cause: |lab| {
        lab.receiver
            .deliver(&datagram::frame(STRANGER, lab.receiver.address))
            .map(|()| Outcome::Dropped)
    },
};

pub(super) const UDP_NO_SOCKET_IPV6: Kind = Kind {
    name: "UDP without a socket, IPv6",
    expect: "NO_SOCKET: nobody listens on UDP port 9",
    cause: |lab| match &lab.receiver_v6 {
        Ok(address) => lab
            .receiver
            .deliver(&ipv6_frame(*address))
            .map(|()| Outcome::Dropped),
        Err(missing) => Ok(Outcome::skipped(missing)),
    },
};

pub(super) const TCP_NO_SOCKET: Kind = Kind {
    name: "TCP without a socket",
    expect: "NO_SOCKET: a SYN for port 80, on which nobody listens",
    cause: |lab| deliver_segment(lab, &syn(lab)),
};

pub(super) const TCP_BAD_CHECKSUM: Kind = Kind {
    name: "bad TCP checksum",
    expect: "TCP_CSUM: the segment's checksum is wrong",
    cause: |lab| {
        let mut segment = syn(lab);
        segment[TCP_CHECKSUM] ^= 0xff;
        deliver_segment(lab, &segment)
    },
};

/// A datagram from a stranger over IPv6.
fn ipv6_frame(destination: Ipv6Addr) -> Vec<u8> {
    let datagram = frame::udp_datagram(
        SocketAddr::from((STRANGER_V6, SOURCE_PORT)),
        SocketAddr::from((destination, DISCARD_PORT)),
        PAYLOAD,
    );
    let packet = frame::ipv6_packet(STRANGER_V6, destination, &datagram);
    frame::ethernet(frame::HOST, frame::ETHERTYPE_IPV6, &packet)
}

/// A connection that a stranger asks the receiver for.
fn syn(lab: &Lab) -> Vec<u8> {
    frame::tcp_syn(
        SocketAddr::from((STRANGER, SOURCE_PORT)),
        SocketAddr::from((lab.receiver.address, HTTP_PORT)),
    )
}

/// Lets a TCP segment arrive at the receiver.
fn deliver_segment(lab: &Lab, segment: &[u8]) -> Result<Outcome> {
    let packet = Ipv4Packet {
        protocol: PROTOCOL_TCP,
        ..Ipv4Packet::udp(STRANGER, lab.receiver.address)
    };
    lab.receiver
        .deliver(&datagram::frame_of(&packet.to_bytes(segment)))
        .map(|()| Outcome::Dropped)
}
