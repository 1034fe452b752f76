//! IPv6 (RFC 8200).

use std::fmt::{Result, Write};

use etherparse::{
    Ipv6HeaderSlice,
    err::ipv6::{HeaderError, HeaderSliceError},
    ip_number,
};

use super::{
    endpoints::Endpoints,
    extensions::{self, Content},
    transport,
};
use crate::identify::phrase::Phrase;

const HEADER: usize = 40;

pub(crate) fn describe(out: &mut Phrase, packet: &[u8]) -> Result {
    let (header, content) = match read(packet, out.length_max(packet)) {
        Ok(parts) => parts,
        Err(HeaderSliceError::Len(_)) => return out.write_str("IPv6, cut header"),
        Err(HeaderSliceError::Content(HeaderError::UnexpectedVersion { version_number })) => {
            return write!(out, "IPv6, version {version_number} in its header");
        }
    };
    let endpoints = Endpoints::V6(header.source(), header.destination());

    if let Some(offset) = content.fragment {
        return transport::describe_fragment(out, endpoints, content.number, offset);
    }
    match content.payload {
        Ok(payload) => {
            if let Some(index) = content.security_parameters_index {
                write!(out, "AH SPI {index:#010x}, ")?;
            }
            transport::describe(out, endpoints, content.number, payload)
        }
        Err(why) => {
            out.push_str("IPv6 ");
            endpoints.addresses(out);
            out.write_str(why)
        }
    }
}

/// The header, and what is behind it and its extensions, of a packet that was `whole` octets long before it was cut.
pub(crate) fn read(
    packet: &[u8],
    whole: usize,
) -> std::result::Result<(Ipv6HeaderSlice<'_>, Content<'_>), HeaderSliceError> {
    let header = Ipv6HeaderSlice::from_slice(packet)?;
    let rest = packet.get(HEADER..).unwrap_or_default();
    let rest = match header.payload_length() {
        // More than a length of 16 bits can tell: what only a jumbogram can have without one, its options (RFC 2675, 2), or
        // segments that the kernel put together (BIG TCP). Else there is nothing, and what follows is padding.
        0 if header.next_header() == ip_number::IPV6_HEADER_HOP_BY_HOP
            || whole > HEADER + usize::from(u16::MAX) =>
        {
            rest
        }
        length => rest.get(..length.into()).unwrap_or(rest),
    };
    Ok((header, extensions::read(header.next_header(), rest)))
}

#[cfg(test)]
mod tests {
    use crate::identify::{
        describe,
        tests::{claim, claim_ipv6, octets},
    };

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
            "IPv6 fragment, UDP, fe80::1 > ff02::1:2, offset 0",
        );
        claim_ipv6(
            44,
            "fd 00 05a8 00000001",
            "IPv6 fragment, protocol 253, fe80::1 > ff02::1:2, offset 1448",
        );
    }

    #[test]
    fn a_later_fragment_has_no_extension_headers_but_data() {
        claim_ipv6(
            44,
            "33 00 05a8 00000007 6162636465666768",
            "IPv6 fragment, AH, fe80::1 > ff02::1:2, offset 1448",
        );
        claim_ipv6(
            44,
            "3c 00 0081 00000007 0600 1234 56789abc 0000000000000000",
            "IPv6 fragment, IPv6-Opts, fe80::1 > ff02::1:2, offset 128",
        );
        claim_ipv6(
            44,
            "3c 00 0001 00000007 1100 010400000000 0222 0223",
            "IPv6 fragment, UDP, fe80::1 > ff02::1:2, offset 0",
        );
    }

    const ADDRESSES: &str = "fe800000000000000000000000000001 ff020000000000000000000000010002";

    #[test]
    fn a_packet_without_a_length_has_nothing_but_padding_behind_it() {
        claim(
            &format!("86dd 60000000 0000 11 40 {ADDRESSES} 000000000000"),
            "UDP fe80::1 > ff02::1:2, cut header",
        );
        claim(
            &format!("86dd 60000000 0000 3b 40 {ADDRESSES} 000000000000"),
            "IPv6 no next header fe80::1 > ff02::1:2",
        );
    }

    #[test]
    fn a_packet_too_long_for_a_length_has_none_and_is_not_padding() {
        let tcp = "0050 c000 00000001 00000000 5010 ffff 0000 0000";
        claim(
            &format!("86dd 60000000 0000 00 40 {ADDRESSES} 06 00 c2 04 00020000 {tcp}"),
            "TCP ACK [fe80::1]:80 > [ff02::1:2]:49152",
        );
        let frame = octets(&format!(
            "020000000002 020000000001 86dd 60000000 0000 06 40 {ADDRESSES} {tcp}"
        ));
        let mut out = String::new();
        describe(&mut out, &frame, 130_000);
        assert_eq!(out, "TCP ACK [fe80::1]:80 > [ff02::1:2]:49152");
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
