//! `ICMPv6` messages, neighbour discovery and multicast listener discovery among them
//! (RFC 4443, RFC 4861, RFC 3810 and IANA's *`ICMPv6` Parameters*), named as tcpdump and Wireshark name them.

use std::fmt::{Result, Write};

use etherparse::ip_number;

use super::{endpoints::Endpoints, quoted, transport};
use crate::identify::{address, field, phrase::Phrase};

pub(crate) fn describe(out: &mut Phrase, endpoints: Endpoints, message: &[u8]) -> Result {
    let &[kind, code, ..] = message else {
        return transport::describe_cut(out, endpoints, ip_number::IPV6_ICMP);
    };
    match name(kind, code) {
        // Only this version's is longer (RFC 3810, 8.1); a shorter one may have been cut.
        Some(_) if kind == 130 && message.len() >= 28 => out.push_str("MLDv2 query"),
        Some(name) => out.push_str(name),
        None => write!(out, "ICMPv6 type {kind} code {code}")?,
    }
    out.push(' ');
    endpoints.addresses(out);
    match kind {
        2 => {
            if let Some(mtu) = field::be32(message, 4) {
                write!(out, ", MTU {mtu}")?;
            }
            return quoted::describe(out, message);
        }
        1 | 3 | 4 => return quoted::describe(out, message),
        // The multicast group, unless all are asked for, or the neighbour (RFC 2710, 3; RFC 4861, 4.3).
        130..=132 => address(out, ", group ", message, 8),
        135 | 136 => address(out, ", target ", message, 8),
        137 => {
            address(out, ", target ", message, 8);
            address(out, ", destination ", message, 24);
        }
        // RFC 3810, 5.2: how many records there are, and the group of the first.
        143 => match field::be16(message, 6) {
            Some(1) => address(out, ", group ", message, 12),
            Some(records) => write!(out, ", {records} groups")?,
            None => {}
        },
        _ => {}
    }
    Ok(())
}

/// Tells an address, if it was captured and is one.
fn address(out: &mut Phrase, title: &str, message: &[u8], at: usize) {
    if let Some(address) = field::octets(message, at)
        && address != [0; 16]
    {
        out.push_str(title);
        address::ipv6(out, address);
    }
}

fn name(kind: u8, code: u8) -> Option<&'static str> {
    Some(match (kind, code) {
        (1, 0) => "ICMPv6 no route to destination",
        (1, 1) => "ICMPv6 communication administratively prohibited",
        (1, 2) => "ICMPv6 beyond scope of source address",
        (1, 3) => "ICMPv6 address unreachable",
        (1, 4) => "ICMPv6 port unreachable",
        (1, 5) => "ICMPv6 source address failed policy",
        (1, 6) => "ICMPv6 reject route to destination",
        // RFC 6550, RFC 8883.
        (1, 7) => "ICMPv6 error in source routing header",
        (1, 8) => "ICMPv6 headers too long",
        (2, _) => "ICMPv6 packet too big",
        (3, 0) => "ICMPv6 time exceeded in transit",
        (3, 1) => "ICMPv6 reassembly time exceeded",
        (4, _) => "ICMPv6 parameter problem",
        (128, _) => "ICMPv6 echo request",
        (129, _) => "ICMPv6 echo reply",
        (130, _) => "MLD query",
        (131, _) => "MLDv1 report",
        (132, _) => "MLDv1 done",
        (133, _) => "ICMPv6 router solicitation",
        (134, _) => "ICMPv6 router advertisement",
        (135, _) => "ICMPv6 neighbor solicitation",
        (136, _) => "ICMPv6 neighbor advertisement",
        (137, _) => "ICMPv6 redirect",
        (138, _) => "ICMPv6 router renumbering",
        (139, _) => "ICMPv6 node information query",
        (140, _) => "ICMPv6 node information reply",
        (141, _) => "ICMPv6 inverse neighbor discovery solicitation",
        (142, _) => "ICMPv6 inverse neighbor discovery advertisement",
        (143, _) => "MLDv2 report",
        (144, _) => "ICMPv6 home agent address discovery request",
        (145, _) => "ICMPv6 home agent address discovery reply",
        (146, _) => "ICMPv6 mobile prefix solicitation",
        (147, _) => "ICMPv6 mobile prefix advertisement",
        (148, _) => "ICMPv6 certification path solicitation",
        (149, _) => "ICMPv6 certification path advertisement",
        (151, _) => "ICMPv6 multicast router advertisement",
        (152, _) => "ICMPv6 multicast router solicitation",
        (153, _) => "ICMPv6 multicast router termination",
        (154, _) => "ICMPv6 fast handover",
        (155, _) => "ICMPv6 RPL control",
        (156, _) => "ICMPv6 locator update",
        (157, _) => "ICMPv6 duplicate address request",
        (158, _) => "ICMPv6 duplicate address confirmation",
        (159, _) => "ICMPv6 MPL control",
        (160, _) => "ICMPv6 extended echo request",
        (161, _) => "ICMPv6 extended echo reply",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use crate::identify::tests::claim_ipv6;

    #[test]
    fn a_message_is_named_by_its_type_and_code() {
        for (message, text) in [
            ("8000", "ICMPv6 echo request"),
            ("8100", "ICMPv6 echo reply"),
            ("8500", "ICMPv6 router solicitation"),
            ("8600", "ICMPv6 router advertisement"),
            ("8700", "ICMPv6 neighbor solicitation"),
            ("8800", "ICMPv6 neighbor advertisement"),
            ("8200", "MLD query"),
            ("0104", "ICMPv6 port unreachable"),
            ("0107", "ICMPv6 error in source routing header"),
        ] {
            claim_ipv6(
                58,
                &format!("{message} 0000 00000000"),
                &format!("{text} fe80::1 > ff02::1:2"),
            );
        }
    }

    #[test]
    fn a_message_tells_whom_it_asks_for() {
        let address = "fe80 0000 0000 0000 0000 0000 0000 0009";
        claim_ipv6(
            58,
            &format!("8700 0000 00000000 {address}"),
            "ICMPv6 neighbor solicitation fe80::1 > ff02::1:2, target fe80::9",
        );
        claim_ipv6(
            58,
            "8f00 0000 0000 0001 04 00 0000 ff020000000000000000000000000016",
            "MLDv2 report fe80::1 > ff02::1:2, group ff02::16",
        );
    }

    #[test]
    fn an_unknown_message_is_its_numbers() {
        claim_ipv6(58, "c8 07", "ICMPv6 type 200 code 7 fe80::1 > ff02::1:2");
    }

    #[test]
    fn a_cut_message_is_said_to_be_cut() {
        claim_ipv6(58, "80", "ICMPv6 fe80::1 > ff02::1:2, cut header");
    }
}
