//! IPv6 (RFC 8200).

use std::fmt::{Result, Write};

use etherparse::{
    IpNumber, LaxIpv6Slice,
    err::{
        ipv6::{HeaderError, HeaderSliceError},
        ipv6_exts,
    },
    ip_number,
};

use super::{endpoints::Endpoints, transport};
use crate::identify::{field, phrase::Phrase};

pub(crate) fn describe(out: &mut Phrase, packet: &[u8]) -> Result {
    let after_header = packet.get(40..).unwrap_or_default();
    let (packet, stopped) = match LaxIpv6Slice::from_slice(packet) {
        Ok(parsed) => parsed,
        Err(HeaderSliceError::Len(_)) => return out.write_str("IPv6, cut header"),
        Err(HeaderSliceError::Content(HeaderError::UnexpectedVersion { version_number })) => {
            return write!(out, "IPv6, version {version_number} in its header");
        }
    };
    let header = packet.header();
    let endpoints = Endpoints::V6(header.source(), header.destination());

    let payload = packet.payload();
    if payload.fragmented {
        return transport::describe_fragment(out, endpoints, payload.ip_number);
    }
    if stopped.is_none()
        && let Some(index) = security_parameters_index(header.next_header(), after_header)
    {
        write!(out, "AH SPI {index:#010x}, ")?;
    }
    match stopped {
        None => transport::describe(out, endpoints, payload.ip_number, payload.payload),
        Some((error, _)) => {
            out.push_str("IPv6 ");
            endpoints.addresses(out);
            out.write_str(match error {
                ipv6_exts::HeaderSliceError::Len(_) => ", cut extension header",
                ipv6_exts::HeaderSliceError::Content(
                    ipv6_exts::HeaderError::HopByHopNotAtStart,
                ) => ", hop-by-hop options not first",
                ipv6_exts::HeaderSliceError::Content(ipv6_exts::HeaderError::IpAuth(_)) => {
                    ", authentication header too short"
                }
            })
        }
    }
}

/// Of an authentication header (RFC 4302) among the extension headers, if there is one. Not by etherparse: its iterator
/// over them reads beyond the end of one that is cut (0.21).
fn security_parameters_index(mut number: IpNumber, mut rest: &[u8]) -> Option<u32> {
    loop {
        let [next, length] = field::octets(rest, 0)?;
        let length = match number {
            ip_number::AUTHENTICATION_HEADER => return field::be32(rest, 4),
            ip_number::IPV6_HEADER_HOP_BY_HOP
            | ip_number::IPV6_ROUTE_HEADER
            | ip_number::IPV6_DESTINATION_OPTIONS => (usize::from(length) + 1) * 8,
            ip_number::IPV6_FRAGMENTATION_HEADER => 8,
            _ => return None,
        };
        (number, rest) = (IpNumber(next), rest.get(length..)?);
    }
}

#[cfg(test)]
mod tests {
    use crate::identify::tests::{claim, claim_ipv6};

    #[test]
    fn a_cut_or_impossible_header_is_said_to_be_so() {
        claim("86dd", "IPv6, cut header");
        claim("86dd 60000000 0008 11 40 fe80", "IPv6, cut header");
        claim(
            &format!("86dd 45000000 0008 11 40 {}", "00".repeat(32)),
            "IPv6, version 4 in its header",
        );
    }

    #[test]
    fn extension_headers_are_stepped_over() {
        // Hop-by-hop options, routing, destination options, an atomic fragment (RFC 6946).
        claim_ipv6(
            0,
            "2b 00 050200000000 3c 00 000000000000 2c 00 010400000000 11 00 0000 00000001 0222 0223 0008 0000",
            "UDP [fe80::1]:546 > [ff02::1:2]:547",
        );
    }

    #[test]
    fn a_fragment_has_no_ports() {
        claim_ipv6(
            44,
            "11 00 0001 00000001 0222 0223",
            "IPv6 fragment, UDP, fe80::1 > ff02::1:2",
        );
        claim_ipv6(
            44,
            "fd 00 05a8 00000001",
            "IPv6 fragment, protocol 253, fe80::1 > ff02::1:2",
        );
    }

    #[test]
    fn a_cut_or_misplaced_extension_header_is_said_to_be_so() {
        claim_ipv6(
            43,
            "11 00 00",
            "IPv6 fe80::1 > ff02::1:2, cut extension header",
        );
        claim_ipv6(
            60,
            "00 00 010400000000 11 00 010400000000",
            "IPv6 fe80::1 > ff02::1:2, hop-by-hop options not first",
        );
        claim_ipv6(
            51,
            "11 00 0000 00000000 00000000",
            "IPv6 fe80::1 > ff02::1:2, authentication header too short",
        );
    }

    #[test]
    fn a_packet_may_end_with_its_headers() {
        claim_ipv6(59, "", "IPv6 no next header fe80::1 > ff02::1:2");
    }
}
