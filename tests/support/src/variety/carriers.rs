//! What a frame can be carried in: tags, labels, tunnels.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use etherparse::{IpNumber, ip_number};

use super::{
    Facts, Flow, Rest,
    packets::{IPV4, ip, transport},
};

const C_TAG: u16 = 0x8100;
const S_TAG: u16 = 0x88a8;
const MPLS: u16 = 0x8847;
const PPPOE: u16 = 0x8864;
/// An Ethernet frame within GRE or GENEVE.
const BRIDGED: u16 = 0x6558;
/// PPP within GRE.
const PPP: u16 = 0x880b;
const VXLAN: u16 = 4789;
const GENEVE: u16 = 6081;
const VXLAN_GPE: u16 = 4790;
const GTP_U: u16 = 2152;
const L2TP: u16 = 1701;
const HSR: u16 = 0x892f;

type Carry = fn(Rest) -> Rest;

/// Tags before all else.
pub(super) const TAGS: &[(&str, Carry)] = &[
    ("VLAN 42", |rest| tagged(C_TAG, 42, rest)),
    ("priority tag", |rest| tagged(C_TAG, 0, rest)),
    ("VLANs 7 and 42 (802.1ad)", two_tags),
    ("VLANs 7 and 42 (802.1Q)", |rest| {
        tagged(C_TAG, 7, tagged(C_TAG, 42, rest))
    }),
];

/// Tunnels.
pub(super) const TUNNELS: &[(&str, Carry)] = &[
    ("one MPLS label", |rest| {
        labelled(&[0, 0x01, 0x01, 64], rest)
    }),
    ("two MPLS labels", |rest| {
        labelled(&[0, 0x02, 0x00, 64, 0, 0x01, 0x01, 64], rest)
    }),
    ("PPPoE", |rest| in_pppoe(&[0, ppp(&rest)], rest)),
    ("PPPoE with a compressed protocol", |rest| {
        in_pppoe(&[ppp(&rest)], rest)
    }),
    ("PPTP", in_pptp),
    ("IP in IPv4", |rest| in_ip(outer4(), rest)),
    ("IP in IPv6", |rest| in_ip(outer6(), rest)),
    ("GRE", |rest| in_gre([0, 0], &[], rest)),
    ("GRE with checksum, key and number", |rest| {
        // RFC 2784 and 2890: the checksum is not verified here.
        let fields = [0, 0, 0, 0, 0, 0, 0, 7, 0, 0, 0, 1];
        in_gre([0xb0, 0], &fields, rest)
    }),
    ("Ethernet in GRE", |rest| {
        in_gre([0, 0], &[], as_frame(BRIDGED, rest))
    }),
    ("VXLAN", |rest| in_vxlan(outer4(), rest)),
    ("VXLAN over IPv6", |rest| in_vxlan(outer6(), rest)),
    ("VLAN in VXLAN", |rest| {
        in_vxlan(outer4(), tagged(C_TAG, 42, rest))
    }),
    ("IP in IPv4 in VXLAN", |rest| {
        in_vxlan(outer4(), in_ip(outer4(), rest))
    }),
    ("GENEVE", |rest| {
        // RFC 8926, 3.4 and 3.5: an option of eight bytes.
        let header = [&[2, 0][..], &BRIDGED.to_be_bytes(), &[0, 0, 7, 0]].concat();
        let option = [0xff, 0xff, 1, 1, 0, 0, 0, 0];
        in_udp(outer4(), GENEVE, &[header, option.to_vec()].concat(), rest)
    }),
    ("GTP-U with an extension header", in_gtp_u),
    ("VXLAN-GPE with a service header", in_service_header),
    ("L2TP to another port", in_l2tp),
    ("HSR", |rest| {
        // IEC 62439-3, 5.6: path and size, a sequence number.
        let kind = rest.type_or_length.to_be_bytes();
        before(HSR, &[&[0, 52, 0, 1][..], &kind].concat(), rest)
    }),
];

/// Two tags, as a provider's network has them (IEEE 802.1ad).
pub(super) fn two_tags(rest: Rest) -> Rest {
    tagged(S_TAG, 7, tagged(C_TAG, 42, rest))
}

fn tagged(tag: u16, vlan: u16, rest: Rest) -> Rest {
    let mut facts = rest.facts;
    facts.vlans.insert(0, vlan);
    facts.tags.insert(0, tag);
    let bytes = [
        &vlan.to_be_bytes()[..],
        &rest.type_or_length.to_be_bytes(),
        &rest.bytes,
    ];
    Rest {
        type_or_length: tag,
        bytes: bytes.concat(),
        facts,
    }
}

/// What has no packet of its own before what it carries.
fn before(ether_type: u16, header: &[u8], rest: Rest) -> Rest {
    Rest {
        type_or_length: ether_type,
        bytes: [header, &rest.bytes].concat(),
        facts: Facts {
            vlans: Vec::new(),
            tags: rest.facts.tags,
            ether_type,
            layers: rest.facts.layers,
        },
    }
}

/// RFC 3032: labels, of which the last says that it is.
fn labelled(labels: &[u8], rest: Rest) -> Rest {
    before(MPLS, labels, rest)
}

/// The numbers that PPP has for IPv4 and IPv6.
fn ppp(rest: &Rest) -> u8 {
    if rest.type_or_length == IPV4 {
        0x21
    } else {
        0x57
    }
}

/// RFC 2516; the protocol may be compressed to one byte (RFC 1661, 6.5).
fn in_pppoe(protocol: &[u8], rest: Rest) -> Rest {
    let length = (protocol.len() + rest.bytes.len()) as u16;
    let header = [&[0x11, 0, 0, 7][..], &length.to_be_bytes(), protocol].concat();
    before(PPPOE, &header, rest)
}

fn outer4() -> Flow {
    let address = |host| IpAddr::V4(Ipv4Addr::new(203, 0, 113, host));
    outer(address(1), address(2))
}

fn outer6() -> Flow {
    let address = |host| IpAddr::V6(Ipv6Addr::new(0x2001, 0xdb8, 0xff, 0, 0, 0, 0, host));
    outer(address(1), address(2))
}

/// The ends of a tunnel, which are nobody's.
fn outer(saddr: IpAddr, daddr: IpAddr) -> Flow {
    Flow {
        protocol: ip_number::UDP,
        saddr,
        daddr,
        ports: None,
    }
}

/// The tunnel's packet, and what is in it behind the tunnel's own layer.
fn around(flow: Flow, payload: &[u8], inner: Facts) -> Rest {
    let mut rest = ip(flow, payload);
    rest.facts.layers.extend(inner.layers);
    rest.facts.tags = inner.tags;
    rest
}

fn in_ip(flow: Flow, rest: Rest) -> Rest {
    let protocol = if rest.type_or_length == IPV4 {
        ip_number::IPV4
    } else {
        ip_number::IPV6
    };
    around(Flow { protocol, ..flow }, &rest.bytes, rest.facts)
}

fn in_gre(flags: [u8; 2], fields: &[u8], rest: Rest) -> Rest {
    let protocol: IpNumber = ip_number::GRE;
    let kind = rest.type_or_length.to_be_bytes();
    let payload = [&flags[..], &kind, fields, &rest.bytes].concat();
    let flow = Flow {
        protocol,
        ..outer4()
    };
    around(flow, &payload, rest.facts)
}

/// RFC 2637, 4.1: the length, the call, a sequence number, an acknowledgement, and PPP with all that may be before a packet.
fn in_pptp(rest: Rest) -> Rest {
    let frame = [&[0xff, 3, 0, ppp(&rest)][..], &rest.bytes].concat();
    let length = (frame.len() as u16).to_be_bytes();
    let fields = [&length[..], &[0, 7, 0, 0, 0, 1, 0, 0, 0, 1]].concat();
    let rest = Rest {
        type_or_length: PPP,
        bytes: frame,
        facts: rest.facts,
    };
    in_gre([0x30, 0x81], &fields, rest)
}

/// RFC 7348: the network is 7.
fn in_vxlan(flow: Flow, rest: Rest) -> Rest {
    in_udp(flow, VXLAN, &[8, 0, 0, 0, 0, 0, 7, 0], rest)
}

fn in_udp(flow: Flow, port: u16, header: &[u8], rest: Rest) -> Rest {
    let flow = Flow {
        ports: Some([49_152, port]),
        ..flow
    };
    let Rest { bytes, facts, .. } = as_frame(BRIDGED, rest);
    around(flow, &transport(flow, &[header, &bytes].concat()), facts)
}

/// 3GPP TS 29.281, 5: the tunnel is 7, and a PDU session container follows the header (TS 38.415, 5.5.2).
fn in_gtp_u(rest: Rest) -> Rest {
    let length = (8 + rest.bytes.len() as u16).to_be_bytes();
    let header = [&[0x34, 255][..], &length, &[0, 0, 0, 7, 0, 0, 0, 0x85]].concat();
    let payload = [&header[..], &[1, 0, 1, 0], &rest.bytes].concat();
    between([GTP_U, GTP_U], &payload, rest.facts)
}

/// draft-ietf-nvo3-vxlan-gpe and RFC 8300: the network is 7, and so is the path; an IP packet is announced by its version.
fn in_service_header(rest: Rest) -> Rest {
    let next = if rest.type_or_length == IPV4 { 1 } else { 2 };
    let tunnel = [12, 0, 0, 4, 0, 0, 7, 0];
    let service = [0, 2, 2, next, 0, 0, 7, 255];
    let payload = [&tunnel[..], &service, &rest.bytes].concat();
    between([49_152, VXLAN_GPE], &payload, rest.facts)
}

/// RFC 2661, 3.1: with its length and sequence numbers, as it comes back to who has a port of his own.
fn in_l2tp(rest: Rest) -> Rest {
    let length = (12 + 4 + rest.bytes.len() as u16).to_be_bytes();
    let numbers = [0, 7, 0, 7, 0, 1, 0, 0];
    let ppp = [0xff, 3, 0, ppp(&rest)];
    let payload = [&[0x48, 2][..], &length, &numbers, &ppp, &rest.bytes].concat();
    between([L2TP, 49_152], &payload, rest.facts)
}

/// A datagram between the ends of a tunnel.
fn between(ports: [u16; 2], payload: &[u8], facts: Facts) -> Rest {
    let flow = Flow {
        ports: Some(ports),
        ..outer4()
    };
    around(flow, &transport(flow, payload), facts)
}

/// With link addresses before it.
fn as_frame(type_or_length: u16, rest: Rest) -> Rest {
    let addresses = [2, 0, 0, 0, 1, 2, 2, 0, 0, 0, 1, 1];
    let kind = rest.type_or_length.to_be_bytes();
    Rest {
        type_or_length,
        bytes: [&addresses[..], &kind, &rest.bytes].concat(),
        facts: rest.facts,
    }
}
