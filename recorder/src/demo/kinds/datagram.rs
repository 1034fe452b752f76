//! The ordinary packet that most kinds take, and spoil in one place: an IPv4 UDP datagram to the discard service (RFC 863).

use std::net::{Ipv4Addr, SocketAddr};

use super::super::frame::{self, Ipv4Packet};

/// From a port that no protocol is known by …
pub(super) const SOURCE_PORT: u16 = 40000;
/// … to a port on which nobody listens.
pub(super) const DISCARD_PORT: u16 = 9;

/// What the packets carry, so that they can be told from others.
pub(super) const PAYLOAD: &[u8] = b"droprec demo";

/// The datagram in a packet with this header.
pub(super) fn packet_with(header: &Ipv4Packet) -> Vec<u8> {
    header.to_bytes(&frame::udp_datagram(
        SocketAddr::from((header.source, SOURCE_PORT)),
        SocketAddr::from((header.destination, DISCARD_PORT)),
        PAYLOAD,
    ))
}

/// The datagram in a packet without a fault.
pub(super) fn packet(source: Ipv4Addr, destination: Ipv4Addr) -> Vec<u8> {
    packet_with(&Ipv4Packet::udp(source, destination))
}

/// A frame for the host at the end of the wire with this IPv4 packet in it.
pub(super) fn frame_of(packet: &[u8]) -> Vec<u8> {
    frame::ethernet(frame::HOST, frame::ETHERTYPE_IPV4, packet)
}

/// The faultless packet in its frame.
pub(super) fn frame(source: Ipv4Addr, destination: Ipv4Addr) -> Vec<u8> {
    frame_of(&packet(source, destination))
}
