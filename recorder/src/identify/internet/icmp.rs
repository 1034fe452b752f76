//! ICMP messages (RFC 792 and IANA's *ICMP Parameters*), named as tcpdump and `linux/icmp.h` name them.

use std::fmt::{Result, Write};

use etherparse::ip_number;

use super::{endpoints::Endpoints, quoted, transport};
use crate::identify::{address, field, phrase::Phrase};

pub(crate) fn describe(out: &mut Phrase, endpoints: Endpoints, message: &[u8]) -> Result {
    let &[kind, code, ..] = message else {
        return transport::describe_cut(out, endpoints, ip_number::ICMP);
    };
    match name(kind, code) {
        Some(name) => {
            out.push_str("ICMP ");
            out.push_str(name);
        }
        None => write!(out, "ICMP type {kind} code {code}")?,
    }
    out.push(' ');
    endpoints.addresses(out);
    match (kind, code) {
        // The route's MTU (RFC 1191, 4), which older routers leave at zero.
        (3, 4) => {
            if let Some(mtu @ 1..) = field::be16(message, 6) {
                write!(out, ", MTU {mtu}")?;
            }
        }
        (5, _) => {
            if let Some(gateway) = field::octets(message, 4) {
                out.push_str(", gateway ");
                address::ipv4(out, gateway);
            }
        }
        (3 | 4 | 11 | 12, _) => {}
        _ => return Ok(()),
    }
    quoted::describe(out, message)
}

fn name(kind: u8, code: u8) -> Option<&'static str> {
    Some(match (kind, code) {
        (0, _) => "echo reply",
        (3, code) => return unreachable(code),
        (4, _) => "source quench",
        (5, 0) => "redirect for the network",
        (5, 1) => "redirect for the host",
        (5, 2) => "redirect for the type of service and network",
        (5, 3) => "redirect for the type of service and host",
        (8, _) => "echo request",
        (9, _) => "router advertisement",
        (10, _) => "router solicitation",
        (11, 0) => "time exceeded in transit",
        (11, 1) => "reassembly time exceeded",
        (12, _) => "parameter problem",
        (13, _) => "timestamp request",
        (14, _) => "timestamp reply",
        (15, _) => "information request",
        (16, _) => "information reply",
        (17, _) => "address mask request",
        (18, _) => "address mask reply",
        (30, _) => "traceroute",
        (42, _) => "extended echo request",
        (43, _) => "extended echo reply",
        _ => return None,
    })
}

/// RFC 792, RFC 1122 (3.2.2.1), RFC 1812 (5.2.7.1).
fn unreachable(code: u8) -> Option<&'static str> {
    Some(match code {
        0 => "network unreachable",
        1 => "host unreachable",
        2 => "protocol unreachable",
        3 => "port unreachable",
        4 => "fragmentation needed",
        5 => "source route failed",
        6 => "network unknown",
        7 => "host unknown",
        8 => "source host isolated",
        9 => "network administratively prohibited",
        10 => "host administratively prohibited",
        11 => "network unreachable for type of service",
        12 => "host unreachable for type of service",
        13 => "communication administratively prohibited",
        14 => "host precedence violation",
        15 => "precedence cutoff in effect",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use crate::identify::tests::claim_ipv4;

    #[test]
    fn a_message_is_named_by_its_type_and_code() {
        for (message, text) in [
            ("0800", "ICMP echo request"),
            ("0000", "ICMP echo reply"),
            ("0301", "ICMP host unreachable"),
            ("0303", "ICMP port unreachable"),
            ("0304", "ICMP fragmentation needed"),
            ("030d", "ICMP communication administratively prohibited"),
            ("0f00", "ICMP information request"),
            ("1000", "ICMP information reply"),
            ("1e00", "ICMP traceroute"),
            ("0b00", "ICMP time exceeded in transit"),
        ] {
            claim_ipv4(
                1,
                &format!("{message} 0000 00000000"),
                &format!("{text} 10.0.0.1 > 10.0.0.2"),
            );
        }
    }

    #[test]
    fn an_error_tells_what_it_is_about() {
        let quoted = "4500 0030 0000 0000 4011 0000 0a000002 0a000001 0fa0 0035 0020 0000";
        claim_ipv4(
            1,
            &format!("0304 0000 00000578 {quoted}"),
            "ICMP fragmentation needed 10.0.0.1 > 10.0.0.2, MTU 1400, about UDP 10.0.0.2:4000 > 10.0.0.1:53",
        );
        claim_ipv4(
            1,
            &format!("0501 0000 0a0000fe {quoted}"),
            "ICMP redirect for the host 10.0.0.1 > 10.0.0.2, gateway 10.0.0.254, about UDP 10.0.0.2:4000 > 10.0.0.1:53",
        );
    }

    #[test]
    fn a_quote_of_eight_octets_is_not_cut() {
        for (protocol, payload, said) in [
            (6, "0fa0 0050 00000001", "TCP 10.0.0.2:4000 > 10.0.0.1:80"),
            (
                132,
                "0b59 0b5a 00000000",
                "SCTP 10.0.0.2:2905 > 10.0.0.1:2906",
            ),
            (89, "0201 002c 01010101", "OSPF 10.0.0.2 > 10.0.0.1"),
            (47, "0000 0800 45000030", "GRE 10.0.0.2 > 10.0.0.1, IPv4"),
        ] {
            claim_ipv4(
                1,
                &format!(
                    "0301 0000 00000000 4500 0030 0000 0000 40 {protocol:02x} 0000 0a000002 0a000001 {payload}"
                ),
                &format!("ICMP host unreachable 10.0.0.1 > 10.0.0.2, about {said}"),
            );
        }
        claim_ipv4(
            1,
            "0301 0000 00000000 4500 0030 0000 0000 40 06 0000 0a000002 0a000001 0fa0 0050",
            "ICMP host unreachable 10.0.0.1 > 10.0.0.2, about TCP 10.0.0.2:4000 > 10.0.0.1:80, cut header",
        );
    }

    #[test]
    fn an_unknown_message_is_its_numbers() {
        claim_ipv4(1, "63 07", "ICMP type 99 code 7 10.0.0.1 > 10.0.0.2");
        claim_ipv4(1, "03 40", "ICMP type 3 code 64 10.0.0.1 > 10.0.0.2");
    }

    #[test]
    fn a_cut_message_is_said_to_be_cut() {
        claim_ipv4(1, "08", "ICMP 10.0.0.1 > 10.0.0.2, cut header");
    }
}
