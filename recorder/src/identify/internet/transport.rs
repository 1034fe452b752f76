//! What an IP packet carries, by its protocol number (IANA's *Assigned Internet Protocol Numbers*).

use std::fmt::{Result, Write};

use etherparse::{IpNumber, ip_number};

use super::{
    eigrp, endpoints::Endpoints, icmp, icmpv6, igmp, ipv4, ipv6, ospf, pim, sctp, tcp, udp, vrrp,
};
use crate::identify::{
    ethernet, field,
    phrase::Phrase,
    tunnel::{gre, l2tp, mpls},
};

pub(crate) fn describe(
    out: &mut Phrase,
    endpoints: Endpoints,
    number: IpNumber,
    payload: &[u8],
) -> Result {
    match number {
        ip_number::TCP => tcp::describe(out, endpoints, payload),
        ip_number::UDP => udp::describe(out, endpoints, payload),
        ip_number::ICMP => icmp::describe(out, endpoints, payload),
        ip_number::IPV6_ICMP => icmpv6::describe(out, endpoints, payload),
        ip_number::IGMP => igmp::describe(out, endpoints, payload),
        ip_number::VRRP => vrrp::describe(out, endpoints, payload),
        ip_number::UDP_LITE | ip_number::DCCP => describe_ports(out, endpoints, number, payload),
        ip_number::SCTP => {
            describe_ports(out, endpoints, number, payload)?;
            sctp::describe(out, payload)
        }
        _ => {
            protocol(out, endpoints, number)?;
            out.push(' ');
            endpoints.addresses(out);
            describe_content(out, number, payload)
        }
    }
}

/// What follows the name and the addresses of a protocol without ports.
fn describe_content(out: &mut Phrase, number: IpNumber, payload: &[u8]) -> Result {
    match number {
        ip_number::IPV4 => {
            out.inside()?;
            ipv4::describe(out, payload)
        }
        ip_number::IPV6 => {
            out.inside()?;
            ipv6::describe(out, payload)
        }
        ip_number::GRE => gre::describe(out, payload),
        ip_number::ENCAPSULATING_SECURITY_PAYLOAD => {
            number_after(out, ", SPI ", field::be32(payload, 0))
        }
        ip_number::EIGRP => eigrp::describe(out, payload),
        ip_number::OSPFIGP => ospf::describe(out, payload),
        // The version, and an Ethernet frame (RFC 3378).
        ip_number::ETHER_IP => match payload.get(2..) {
            Some(frame) => ethernet::describe_inside(out, frame),
            None => out.write_str(", cut header"),
        },
        // Newer than etherparse, too (RFC 8986, 10.1).
        IpNumber(143) => ethernet::describe_inside(out, payload),
        ip_number::PIM => pim::describe(out, payload),
        ip_number::LAYER2_TUNNELING_PROTOCOL => l2tp::describe_version_3(out, payload),
        ip_number::MPLS_IN_IP => {
            out.inside()?;
            mpls::describe(out, payload)
        }
        _ => Ok(()),
    }
}

fn number_after(out: &mut Phrase, title: &str, number: Option<u32>) -> Result {
    match number {
        Some(number) => write!(out, "{title}{number:#010x}"),
        None => out.write_str(", cut header"),
    }
}

/// A part of a packet, `offset` bytes behind its beginning: its ports, if it has them at all, say little without the other
/// parts.
pub(crate) fn describe_fragment(
    out: &mut Phrase,
    endpoints: Endpoints,
    number: IpNumber,
    offset: u16,
) -> Result {
    write!(out, "{} fragment, ", endpoints.version())?;
    match name(number) {
        Some(name) => out.push_str(name),
        None => write!(out, "protocol {}", number.0)?,
    }
    out.push_str(", ");
    endpoints.addresses(out);
    write!(out, ", offset {offset}")
}

/// A packet that ends before the header of protocol `number` does.
pub(crate) fn describe_cut(out: &mut Phrase, endpoints: Endpoints, number: IpNumber) -> Result {
    protocol(out, endpoints, number)?;
    out.push(' ');
    endpoints.addresses(out);
    out.write_str(", cut header")
}

/// The transport protocols that begin with two ports, as UDP does (RFC 3828, RFC 9260, RFC 4340).
fn describe_ports(
    out: &mut Phrase,
    endpoints: Endpoints,
    number: IpNumber,
    payload: &[u8],
) -> Result {
    let Some((source, destination)) = ports(payload) else {
        return describe_cut(out, endpoints, number);
    };
    protocol(out, endpoints, number)?;
    out.push(' ');
    endpoints.sockets(out, source, destination);
    Ok(())
}

/// The first two fields of every transport header with ports.
pub(crate) fn ports(payload: &[u8]) -> Option<(u16, u16)> {
    let &[a, b, c, d] = payload.first_chunk()?;
    Some((u16::from_be_bytes([a, b]), u16::from_be_bytes([c, d])))
}

fn protocol(out: &mut Phrase, endpoints: Endpoints, number: IpNumber) -> Result {
    match (endpoints, number, name(number)) {
        (Endpoints::V4(..), ip_number::IPV4, _) => out.write_str("IPIP"),
        (Endpoints::V4(..), ip_number::IPV6, _) => out.write_str("6in4"),
        (Endpoints::V6(..), ip_number::IPV4, _) => out.write_str("4in6"),
        (Endpoints::V6(..), ip_number::IPV6, _) => out.write_str("6in6"),
        (.., Some(name)) => out.write_str(name),
        (.., None) => write!(out, "{} protocol {}", endpoints.version(), number.0),
    }
}

/// IANA's keyword, but for those that read badly in a sentence.
pub(crate) fn name(number: IpNumber) -> Option<&'static str> {
    match number {
        ip_number::IPV4 => Some("encapsulated IPv4"),
        ip_number::IPV6 => Some("encapsulated IPv6"),
        ip_number::IPV6_ICMP => Some("ICMPv6"),
        ip_number::IPV6_NO_NEXT_HEADER => Some("IPv6 no next header"),
        ip_number::OSPFIGP => Some("OSPF"),
        ip_number::MOBILITY => Some("Mobile IPv6"),
        ip_number::UDP_LITE => Some("UDP-Lite"),
        ip_number::MANET => Some("MANET"),
        ip_number::ETHER_IP => Some("EtherIP"),
        // Newer than etherparse (RFC 8986, RFC 9491).
        IpNumber(143) => Some("Ethernet"),
        IpNumber(145) => Some("NSH"),
        // IANA's keyword is "Reserved", no protocol's name.
        IpNumber(255) => None,
        _ => number.keyword_str(),
    }
}

#[cfg(test)]
mod tests {
    use crate::identify::tests::{claim_ipv4, claim_ipv6};

    #[test]
    fn a_protocol_without_ports_is_named_before_the_addresses() {
        for (number, text) in [(46, "RSVP"), (108, "IPComp"), (124, "ISIS over IPv4")] {
            claim_ipv4(number, "00", &format!("{text} 10.0.0.1 > 10.0.0.2"));
        }
        claim_ipv6(135, "00", "Mobile IPv6 fe80::1 > ff02::1:2");
    }

    #[test]
    fn an_unknown_protocol_is_its_number() {
        claim_ipv4(253, "00", "IPv4 protocol 253 10.0.0.1 > 10.0.0.2");
        claim_ipv4(255, "00", "IPv4 protocol 255 10.0.0.1 > 10.0.0.2");
        claim_ipv6(200, "00", "IPv6 protocol 200 fe80::1 > ff02::1:2");
    }

    #[test]
    fn ports_are_told_of_every_protocol_that_begins_with_them() {
        claim_ipv4(
            132,
            "0b59 0b5a 00000000 00000000",
            "SCTP 10.0.0.1:2905 > 10.0.0.2:2906",
        );
        claim_ipv4(33, "0b59 0b5a", "DCCP 10.0.0.1:2905 > 10.0.0.2:2906");
        claim_ipv6(
            136,
            "0b59 0b5a 0008 0000",
            "UDP-Lite [fe80::1]:2905 > [ff02::1:2]:2906",
        );
        claim_ipv4(132, "0b59 0b", "SCTP 10.0.0.1 > 10.0.0.2, cut header");
    }
}
