//! Packets and frames, byte for byte, to be sent as they are.

use etherparse::{
    IpFragOffset, IpHeaders, IpNumber, Ipv4Extensions, Ipv4Header, Ipv4HeaderSlice, Ipv6Extensions,
    Ipv6FlowLabel, Ipv6Header, PacketBuilder, PacketBuilderStep, ip_number,
};

use crate::case::Mark;

pub(crate) const IPV4: u16 = 0x0800;
pub(crate) const IPV6: u16 = 0x86dd;
pub(crate) const ARP: u16 = 0x0806;
/// A tag of a customer (IEEE 802.1Q), and one of a provider (802.1ad).
pub(crate) const C_TAG: u16 = 0x8100;
pub(crate) const S_TAG: u16 = 0x88a8;
/// One of the two `EtherTypes` that IEEE 802 gives to local experiments. Nothing handles it.
pub(crate) const EXPERIMENTAL: u16 = 0x88b5;

/// A port that nobody listens on, and where packets to it come from.
pub(crate) const CLOSED: u16 = 9;
pub(crate) const SOURCE: u16 = 40_000;

/// A frame: addresses, tags (what they are and what they say), `EtherType` or length, the rest.
pub(crate) fn frame(
    [destination, source]: [[u8; 6]; 2],
    tags: &[(u16, u16)],
    ether_type: u16,
    payload: &[u8],
) -> Vec<u8> {
    let mut frame = [destination, source].concat();
    for (protocol, tag) in tags {
        frame.extend_from_slice(&protocol.to_be_bytes());
        frame.extend_from_slice(&tag.to_be_bytes());
    }
    frame.extend_from_slice(&ether_type.to_be_bytes());
    frame.extend_from_slice(payload);
    frame
}

/// The addresses and the time to live of a packet.
#[derive(Clone, Copy)]
pub(crate) struct Route4(pub(crate) [u8; 4], pub(crate) [u8; 4], pub(crate) u8);

#[derive(Clone, Copy)]
pub(crate) struct Route6(pub(crate) [u8; 16], pub(crate) [u8; 16], pub(crate) u8);

impl Route4 {
    /// The other way.
    pub(crate) const fn back(self) -> Self {
        Self(self.1, self.0, self.2)
    }

    fn begin(self) -> PacketBuilderStep<IpHeaders> {
        let Self(source, target, ttl) = self;
        // The kernel would give a packet of a raw socket another identification than 0.
        let mut header = Ipv4Header::new(0, ttl, IpNumber::UDP, source, target)
            .expect("nothing is not too long");
        header.identification = 0x4711;
        header.dont_fragment = false;
        PacketBuilder::ip(IpHeaders::Ipv4(header, Ipv4Extensions::default()))
    }

    pub(crate) fn udp(self, port: u16, payload: &[u8]) -> Vec<u8> {
        let udp = self.begin().udp(SOURCE, port);
        built(|to| udp.write(to, payload))
    }

    /// A segment of no connection.
    pub(crate) fn tcp(self, port: u16, payload: &[u8]) -> Vec<u8> {
        self.tcp_at(1, port, payload)
    }

    /// One with this sequence number.
    pub(crate) fn tcp_at(self, sequence: u32, port: u16, payload: &[u8]) -> Vec<u8> {
        let tcp = self.begin().tcp(SOURCE, port, sequence, 64_240).ack(1);
        built(|to| tcp.write(to, payload))
    }

    pub(crate) fn icmp(self, kind: u8, payload: &[u8]) -> Vec<u8> {
        let icmp = self.begin().icmpv4_raw(kind, 0, [0, 1, 0, 2]);
        built(|to| icmp.write(to, payload))
    }

    pub(crate) fn other(self, protocol: u8, payload: &[u8]) -> Vec<u8> {
        let packet = self.begin();
        built(|to| packet.write(to, protocol.into(), payload))
    }
}

impl Route6 {
    /// The other way.
    pub(crate) const fn back(self) -> Self {
        Self(self.1, self.0, self.2)
    }

    fn header(self) -> Ipv6Header {
        let Self(source, destination, hop_limit) = self;
        Ipv6Header {
            traffic_class: 0,
            flow_label: Ipv6FlowLabel::ZERO,
            payload_length: 0,
            next_header: IpNumber::UDP,
            hop_limit,
            source,
            destination,
        }
    }

    fn begin(self) -> PacketBuilderStep<IpHeaders> {
        PacketBuilder::ip(IpHeaders::Ipv6(self.header(), Ipv6Extensions::default()))
    }

    pub(crate) fn udp(self, port: u16, payload: &[u8]) -> Vec<u8> {
        let udp = self.begin().udp(SOURCE, port);
        built(|to| udp.write(to, payload))
    }

    pub(crate) fn tcp(self, port: u16, payload: &[u8]) -> Vec<u8> {
        let tcp = self.begin().tcp(SOURCE, port, 1, 64_240).ack(1);
        built(|to| tcp.write(to, payload))
    }

    pub(crate) fn icmp(self, kind: u8, payload: &[u8]) -> Vec<u8> {
        let icmp = self.begin().icmpv6_raw(kind, 0, [0, 1, 0, 2]);
        built(|to| icmp.write(to, payload))
    }

    pub(crate) fn other(self, next_header: u8, payload: &[u8]) -> Vec<u8> {
        let header = Ipv6Header {
            payload_length: payload.len() as u16,
            next_header: next_header.into(),
            ..self.header()
        };
        [&header.to_bytes()[..], payload].concat()
    }

    /// UDP behind a header of destination options, all of them padding (RFC 8200, 4.6).
    pub(crate) fn udp_behind_options(self, port: u16, payload: &[u8]) -> Vec<u8> {
        let plain = self.udp(port, payload);
        let options = [ip_number::UDP.0, 0, 1, 4, 0, 0, 0, 0];
        self.other(
            ip_number::IPV6_DEST_OPTIONS.0,
            &[&options[..], &plain[40..]].concat(),
        )
    }
}

/// An IPv4 packet in fragments of `size` bytes (RFC 791, 3.2).
pub(crate) fn fragments4(packet: &[u8], size: usize) -> Vec<Vec<u8>> {
    let (header, payload) = packet.split_at(20);
    let count = payload.len().div_ceil(size);
    let parts = payload.chunks(size).enumerate();
    parts
        .map(|(number, part)| {
            let mut header = Ipv4HeaderSlice::from_slice(header)
                .expect("an IP header")
                .to_header();
            header.total_len = (header.header_len() + part.len()) as u16;
            header.more_fragments = number + 1 < count;
            header.fragment_offset =
                IpFragOffset::try_new((number * size / 8) as u16).expect("a packet is not so long");
            header.header_checksum = header.calc_header_checksum();
            [&header.to_bytes()[..], part].concat()
        })
        .collect()
}

/// An IPv6 packet in fragments of `size` bytes (RFC 8200, 4.5).
pub(crate) fn fragments6(packet: &[u8], size: usize) -> Vec<Vec<u8>> {
    let (header, payload) = packet.split_at(40);
    let count = payload.len().div_ceil(size);
    let parts = payload.chunks(size).enumerate();
    parts
        .map(|(number, part)| {
            let mut header = header.to_vec();
            let next_header =
                std::mem::replace(&mut header[6], ip_number::IPV6_FRAGMENTATION_HEADER.0);
            header[4..6].copy_from_slice(&(8 + part.len() as u16).to_be_bytes());
            let offset = (number * size) as u16 | u16::from(number + 1 < count);
            let fragment = [next_header, 0];
            [
                &header[..],
                &fragment,
                &offset.to_be_bytes(),
                &[0, 0, 0x47, 0x11],
                part,
            ]
            .concat()
        })
        .collect()
}

/// A spanning-tree configuration BPDU behind its LLC header (IEEE 802.1D-2004, 9.3.1), and bytes that it does not need.
pub(crate) fn bpdu(mark: &Mark) -> Vec<u8> {
    let bridge = [0x80, 0, 2, 0, 0, 0, 0, 1];
    [
        &[0x42, 0x42, 0x03, 0, 0, 0, 0, 0][..],
        &bridge,
        &[0, 0, 0, 0],
        &bridge,
        &[0x80, 0x01, 0, 0, 20, 0, 2, 0, 15, 0],
        mark.bytes(),
    ]
    .concat()
}

/// A TCP or UDP packet over IPv4 or IPv6 whose checksum is left to the interface: the sum of its pseudo-header alone
/// (`CHECKSUM_PARTIAL`, `include/linux/skbuff.h`, v6.18).
pub(crate) fn unsummed(mut packet: Vec<u8>) -> Vec<u8> {
    let (addresses, transport, protocol) = match packet[0] >> 4 {
        4 => (12..20, 20, packet[9]),
        _ => (8..40, 40, packet[6]),
    };
    let len = (packet.len() - transport) as u16;
    let words = packet[addresses].chunks(2);
    let mut sum: u32 = words
        .map(|two| u32::from(u16::from_be_bytes([two[0], two[1]])))
        .sum();
    sum += u32::from(protocol) + u32::from(len);
    while sum > 0xffff {
        sum = (sum >> 16) + (sum & 0xffff);
    }
    let at = transport + if protocol == ip_number::TCP.0 { 16 } else { 6 };
    packet[at..at + 2].copy_from_slice(&(sum as u16).to_be_bytes());
    packet
}

/// An IPv4 packet that nobody may cut in pieces.
pub(crate) fn uncut(packet: Vec<u8>) -> Vec<u8> {
    with_header(packet, |header| header.dont_fragment = true)
}

/// An IPv4 packet with this identification.
pub(crate) fn identified(packet: Vec<u8>, identification: u16) -> Vec<u8> {
    with_header(packet, |header| header.identification = identification)
}

fn with_header(mut packet: Vec<u8>, change: impl FnOnce(&mut Ipv4Header)) -> Vec<u8> {
    let mut header = Ipv4HeaderSlice::from_slice(&packet)
        .expect("an IP header")
        .to_header();
    change(&mut header);
    header.header_checksum = header.calc_header_checksum();
    packet[..20].copy_from_slice(&header.to_bytes());
    packet
}

fn built<E: std::fmt::Debug>(write: impl FnOnce(&mut Vec<u8>) -> Result<(), E>) -> Vec<u8> {
    let mut packet = Vec::new();
    write(&mut packet).expect("a packet can be built");
    packet
}
