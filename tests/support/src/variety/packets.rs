//! IP packets in the forms in which they travel, and frames that are none.

use std::net::IpAddr;

use etherparse::{
    IcmpEchoHeader, Icmpv4Header, Icmpv4Type, Icmpv6Header, Icmpv6Type, IpFragOffset, IpNumber,
    Ipv4Header, Ipv4Options, Ipv6FlowLabel, Ipv6Header, TcpHeader, UdpHeader, ip_number,
};

use super::{Facts, Flow, Rest};
use crate::{Pair, frame::UNHANDLED};

pub(super) const IPV4: u16 = 0x0800;
pub(super) const IPV6: u16 = 0x86dd;
const ARP: u16 = 0x0806;
/// Where a later fragment begins in its packet, in units of eight bytes.
const LATER: u16 = 0x40;

/// An extension header of IPv6: its number, and its bytes behind the number of the next.
#[derive(Clone, Copy)]
struct Extension(IpNumber, &'static [u8]);

/// RFC 8200, 4.3 and 4.6: padding, and an option for experiments (RFC 4727) that is skipped where it is not known.
const HOP_BY_HOP: Extension = Extension(ip_number::IPV6_HEADER_HOP_BY_HOP, &[0, 1, 4, 0, 0, 0, 0]);
const DESTINATION: Extension = Extension(
    ip_number::IPV6_DEST_OPTIONS,
    &[1, 0x1e, 12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
);
/// Three such options, in 528 bytes.
const LONG: Extension = Extension(ip_number::IPV6_DEST_OPTIONS, &{
    let mut bytes = [0; 527];
    bytes[0] = 65;
    (bytes[1], bytes[2]) = (0x1e, 253);
    (bytes[256], bytes[257]) = (0x1e, 253);
    (bytes[511], bytes[512]) = (0x1e, 14);
    bytes
});
/// RFC 8200, 4.4, of a type for experiments (RFC 4727), at its end.
const ROUTING: Extension = Extension(ip_number::IPV6_ROUTE_HEADER, &[0, 253, 0, 0, 0, 0, 0]);
/// RFC 8200, 4.5: of a packet that is whole, the first part of one, and another.
const ONLY: Extension = Extension(
    ip_number::IPV6_FRAGMENTATION_HEADER,
    &[0, 0, 0, 0, 0, 0x47, 0x11],
);
const FIRST: Extension = Extension(
    ip_number::IPV6_FRAGMENTATION_HEADER,
    &[0, 0, 1, 0, 0, 0x47, 0x11],
);
const OTHER: Extension = Extension(
    ip_number::IPV6_FRAGMENTATION_HEADER,
    &[0, (LATER >> 5) as u8, 0, 0, 0, 0x47, 0x11],
);
/// RFC 4302: its length is in units of four bytes, and begins behind two of them.
const AUTHENTICATION: Extension = Extension(
    ip_number::AUTHENTICATION_HEADER,
    &[
        4, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    ],
);

/// Makes a packet whose data end in these bytes.
type Form = fn(Flow, &[u8]) -> Rest;

/// Forms of packets of IPv4.
pub(super) const FORMS4: &[(&str, Form)] = &[
    ("IPv4 options", behind_options),
    ("first fragment", |flow, end| {
        let first = filled(flow, end);
        ipv4(flow, &first, |header| header.more_fragments = true)
    }),
    ("later fragment", |flow, end| {
        let offset = IpFragOffset::try_new(LATER).expect("a packet can be so long");
        let set = |header: &mut Ipv4Header| header.fragment_offset = offset;
        ipv4(without_ports(flow), end, set)
    }),
];

/// Forms of packets of IPv6.
pub(super) const FORMS6: &[(&str, Form)] = &[
    ("hop-by-hop options", |flow, end| {
        behind(&[HOP_BY_HOP], flow, end)
    }),
    ("destination options", |flow, end| {
        behind(&[DESTINATION], flow, end)
    }),
    ("long options", |flow, end| behind(&[LONG], flow, end)),
    ("routing header", |flow, end| behind(&[ROUTING], flow, end)),
    ("authentication header", |flow, end| {
        behind(&[AUTHENTICATION], flow, end)
    }),
    ("only fragment", |flow, end| behind(&[ONLY], flow, end)),
    ("five extension headers", |flow, end| {
        let all = [HOP_BY_HOP, DESTINATION, ROUTING, ONLY, AUTHENTICATION];
        behind(&all, flow, end)
    }),
    ("first fragment", |flow, end| {
        ipv6(&[FIRST], flow, &filled(flow, end))
    }),
    ("later fragment", |flow, end| {
        ipv6(&[OTHER], without_ports(flow), end)
    }),
    ("later fragment behind options", |flow, end| {
        ipv6(&[HOP_BY_HOP, OTHER], without_ports(flow), end)
    }),
];

/// A packet that is nothing but its data.
pub(super) fn plain(flow: Flow, end: &[u8]) -> Rest {
    ip(flow, &transport(flow, end))
}

/// One with options before its data.
pub(super) fn behind_options(flow: Flow, end: &[u8]) -> Rest {
    if flow.is_ipv6() {
        return behind(&[HOP_BY_HOP, DESTINATION], flow, end);
    }
    // RFC 791, 3.1: no operation.
    let options = Ipv4Options::from([1; 8]);
    ipv4(flow, &transport(flow, end), |header| {
        header.options = options;
    })
}

fn behind(extensions: &[Extension], flow: Flow, end: &[u8]) -> Rest {
    ipv6(extensions, flow, &transport(flow, end))
}

/// A packet that carries this.
pub(super) fn ip(flow: Flow, payload: &[u8]) -> Rest {
    if flow.is_ipv6() {
        ipv6(&[], flow, payload)
    } else {
        ipv4(flow, payload, |_| {})
    }
}

fn ipv4(flow: Flow, payload: &[u8], set: impl FnOnce(&mut Ipv4Header)) -> Rest {
    let mut header = header4(flow);
    header.identification = 0x4711;
    header.dont_fragment = false;
    set(&mut header);
    header.total_len = (header.header_len() + payload.len()) as u16;
    header.header_checksum = header.calc_header_checksum();
    rest(IPV4, flow, [&header.to_bytes()[..], payload].concat())
}

fn ipv6(extensions: &[Extension], flow: Flow, payload: &[u8]) -> Rest {
    let mut header = header6(flow);
    let mut bytes = Vec::new();
    let behind = extensions.iter().map(|Extension(number, _)| *number);
    let mut numbers = behind.chain([flow.protocol]);
    header.next_header = numbers.next().unwrap_or(flow.protocol);
    for (Extension(_, rest), next) in extensions.iter().zip(numbers) {
        bytes.push(next.0);
        bytes.extend_from_slice(rest);
    }
    bytes.extend_from_slice(payload);
    header.payload_length = bytes.len() as u16;
    rest(IPV6, flow, [&header.to_bytes()[..], &bytes].concat())
}

fn header4(flow: Flow) -> Ipv4Header {
    let (IpAddr::V4(saddr), IpAddr::V4(daddr)) = (flow.saddr, flow.daddr) else {
        panic!("{flow} is none of IPv4");
    };
    let (saddr, daddr) = (saddr.octets(), daddr.octets());
    Ipv4Header::new(0, 64, flow.protocol, saddr, daddr).expect("nothing is not too long")
}

fn header6(flow: Flow) -> Ipv6Header {
    let (IpAddr::V6(saddr), IpAddr::V6(daddr)) = (flow.saddr, flow.daddr) else {
        panic!("{flow} is none of IPv6");
    };
    Ipv6Header {
        traffic_class: 0,
        flow_label: Ipv6FlowLabel::ZERO,
        payload_length: 0,
        next_header: flow.protocol,
        hop_limit: 64,
        source: saddr.octets(),
        destination: daddr.octets(),
    }
}

fn rest(ether_type: u16, flow: Flow, bytes: Vec<u8>) -> Rest {
    Rest {
        type_or_length: ether_type,
        bytes,
        facts: Facts {
            vlans: Vec::new(),
            tags: Vec::new(),
            ether_type,
            layers: vec![flow],
        },
    }
}

fn without_ports(flow: Flow) -> Flow {
    Flow {
        ports: None,
        ..flow
    }
}

/// As a first fragment has to be: with a multiple of eight bytes.
fn filled(flow: Flow, end: &[u8]) -> Vec<u8> {
    let missing = transport(flow, end).len().next_multiple_of(8) - transport(flow, end).len();
    transport(flow, &[&vec![0; missing], end].concat())
}

/// The header of a packet's own protocol, and its data.
pub(super) fn transport(flow: Flow, data: &[u8]) -> Vec<u8> {
    let [from, to] = flow.ports.unwrap_or_default();
    let short = "a packet is short";
    let echo = IcmpEchoHeader { id: 7, seq: 1 };
    let header = match flow.protocol {
        IpNumber::TCP => {
            let mut header = TcpHeader::new(from, to, 1, 64_000);
            (header.ack, header.acknowledgment_number) = (true, 1);
            header.checksum = if flow.is_ipv6() {
                header.calc_checksum_ipv6(&header6(flow), data)
            } else {
                header.calc_checksum_ipv4(&header4(flow), data)
            }
            .expect(short);
            header.to_bytes().to_vec()
        }
        IpNumber::UDP => {
            let header = if flow.is_ipv6() {
                UdpHeader::with_ipv6_checksum(from, to, &header6(flow), data)
            } else {
                UdpHeader::with_ipv4_checksum(from, to, &header4(flow), data)
            };
            header.expect(short).to_bytes().to_vec()
        }
        IpNumber::ICMP => {
            let header = Icmpv4Header::with_checksum(Icmpv4Type::EchoRequest(echo), data);
            header.to_bytes().to_vec()
        }
        IpNumber::IPV6_ICMP => {
            let Ipv6Header {
                source,
                destination,
                ..
            } = header6(flow);
            let kind = Icmpv6Type::EchoRequest(echo);
            let header = Icmpv6Header::with_checksum(kind, source, destination, data);
            header.expect(short).to_bytes().to_vec()
        }
        IpNumber::SCTP => {
            // RFC 9260, 3.1 and 3.3.1: a tag, no checksum; one piece of data.
            let piece = [0, 3]
                .into_iter()
                .chain((16 + data.len() as u16).to_be_bytes());
            [from.to_be_bytes(), to.to_be_bytes()]
                .concat()
                .into_iter()
                .chain([0x47, 0x11, 0, 0, 0, 0, 0, 0])
                .chain(piece)
                .chain([0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0])
                .collect()
        }
        other => panic!("{other:?} has no header here"),
    };
    [&header, data].concat()
}

/// Makes a frame that ends in these bytes.
type Frame = fn(&[u8]) -> Rest;

/// Frames that are no IP.
pub(super) const NOT_IP: [(&str, Frame); 3] = [
    ("a protocol that nothing handles", |end| {
        other(UNHANDLED, end.to_vec())
    }),
    ("ARP request", |end| {
        let sender = [2, 0, 0, 0, 0, 1];
        let (own, asked) = (Pair::SENDER.octets(), Pair::RECEIVER.octets());
        let kind = [0, 1, 8, 0, 6, 4, 0, 1];
        other(
            ARP,
            [&kind[..], &sender, &own, &[0; 6], &asked, end].concat(),
        )
    }),
    ("spanning tree", |end| {
        let bytes = [&[0x42, 0x42, 3][..], &[0; 35], end].concat();
        other(bytes.len() as u16, bytes)
    }),
];

fn other(type_or_length: u16, bytes: Vec<u8>) -> Rest {
    Rest {
        type_or_length,
        bytes,
        facts: Facts {
            vlans: Vec::new(),
            tags: Vec::new(),
            ether_type: type_or_length,
            layers: Vec::new(),
        },
    }
}
