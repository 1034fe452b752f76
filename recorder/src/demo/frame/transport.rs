//! UDP datagrams (RFC 768) and the first segment of a TCP connection (RFC 9293).

use std::net::SocketAddr;

use super::checksum::transport_checksum;
use super::{PROTOCOL_TCP, PROTOCOL_UDP};

/// A UDP datagram with a right checksum.
pub(crate) fn udp_datagram(source: SocketAddr, destination: SocketAddr, payload: &[u8]) -> Vec<u8> {
    let mut datagram = Vec::with_capacity(8 + payload.len());
    datagram.extend(source.port().to_be_bytes());
    datagram.extend(destination.port().to_be_bytes());
    datagram.extend((8 + payload.len() as u16).to_be_bytes());
    datagram.extend([0; 2]);
    datagram.extend_from_slice(payload);
    let checksum = transport_checksum(source.ip(), destination.ip(), PROTOCOL_UDP, &datagram);
    datagram[6..8].copy_from_slice(&checksum.to_be_bytes());
    datagram
}

/// A TCP segment that asks for a connection, without options, with a right checksum.
pub(crate) fn tcp_syn(source: SocketAddr, destination: SocketAddr) -> Vec<u8> {
    let mut segment = Vec::with_capacity(20);
    segment.extend(source.port().to_be_bytes());
    segment.extend(destination.port().to_be_bytes());
    segment.extend([0; 8]); // sequence number 0, nothing to acknowledge
    segment.extend([0x50, 0x02]); // five words; SYN
    segment.extend(64_240_u16.to_be_bytes()); // the window
    segment.extend([0; 4]); // the checksum; nothing urgent
    let checksum = transport_checksum(source.ip(), destination.ip(), PROTOCOL_TCP, &segment);
    segment[16..18].copy_from_slice(&checksum.to_be_bytes());
    segment
}
