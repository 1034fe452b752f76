//! IPv4 packets (RFC 791) and IPv6 packets (RFC 8200), without options or extension headers.

use std::net::{Ipv4Addr, Ipv6Addr};

use super::checksum::internet_checksum;

// Protocol numbers of IANA's registry.
pub(crate) const PROTOCOL_TCP: u8 = 6;
pub(crate) const PROTOCOL_UDP: u8 = 17;
/// "Use for experimentation and testing" (RFC 3692).
pub(crate) const PROTOCOL_EXPERIMENTAL: u8 = 253;

/// RFC 1700's default, Linux's too.
const USUAL_TTL: u8 = 64;

const IPV4_HEADER_LENGTH: usize = 20;

/// The fields of an IPv4 header that the demo's drops differ in.
pub(crate) struct Ipv4Packet {
    /// Where it says that it comes from.
    pub(crate) source: Ipv4Addr,
    /// Where it goes.
    pub(crate) destination: Ipv4Addr,
    /// How many routers may forward it.
    pub(crate) ttl: u8,
    /// What its payload is.
    pub(crate) protocol: u8,
}

impl Ipv4Packet {
    /// A packet of UDP with the usual time to live.
    pub(crate) fn udp(source: Ipv4Addr, destination: Ipv4Addr) -> Self {
        Self {
            source,
            destination,
            ttl: USUAL_TTL,
            protocol: PROTOCOL_UDP,
        }
    }

    /// The packet, with a right header checksum.
    pub(crate) fn to_bytes(&self, payload: &[u8]) -> Vec<u8> {
        let length = (IPV4_HEADER_LENGTH + payload.len()) as u16;
        let mut header = Vec::with_capacity(length.into());
        header.extend([0x45, 0]); // version 4, five words; no class of service
        header.extend(length.to_be_bytes());
        header.extend([0, 0, 0x40, 0]); // identification 0, Don't Fragment
        header.extend([self.ttl, self.protocol, 0, 0]);
        header.extend(self.source.octets());
        header.extend(self.destination.octets());
        let checksum = internet_checksum(&header);
        header[10..12].copy_from_slice(&checksum.to_be_bytes());
        header.extend_from_slice(payload);
        header
    }
}

/// An IPv6 packet of UDP with the usual hop limit.
pub(crate) fn ipv6_packet(source: Ipv6Addr, destination: Ipv6Addr, payload: &[u8]) -> Vec<u8> {
    [
        &[0x60, 0, 0, 0][..], // version 6, no class, no flow
        &(payload.len() as u16).to_be_bytes(),
        &[PROTOCOL_UDP, USUAL_TTL],
        &source.octets(),
        &destination.octets(),
        payload,
    ]
    .concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A header that was written down by hand, its checksum with it.
    #[test]
    fn an_ipv4_header_byte_for_byte() {
        let packet = Ipv4Packet::udp(Ipv4Addr::new(192, 0, 2, 1), Ipv4Addr::new(192, 0, 2, 2));
        assert_eq!(
            packet.to_bytes(&[0xaa]),
            [
                0x45, 0x00, 0x00, 0x15, 0x00, 0x00, 0x40, 0x00, 0x40, 0x11, 0xb6, 0xd4, 192, 0, 2,
                1, 192, 0, 2, 2, 0xaa
            ]
        );
    }
}
