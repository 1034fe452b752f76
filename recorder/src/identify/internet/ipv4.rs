//! IPv4 (RFC 791).

use std::fmt::{Result, Write};

use etherparse::{
    LaxIpv4Slice,
    err::{
        ip_auth,
        ipv4::{HeaderError, HeaderSliceError},
    },
};

use super::{endpoints::Endpoints, transport};
use crate::identify::phrase::Phrase;

pub(crate) fn describe(out: &mut Phrase, packet: &[u8]) -> Result {
    let (packet, stopped) = match LaxIpv4Slice::from_slice(packet) {
        Ok(parsed) => parsed,
        Err(HeaderSliceError::Len(_)) => return out.write_str("IPv4, cut header"),
        Err(HeaderSliceError::Content(HeaderError::UnexpectedVersion { version_number })) => {
            return write!(out, "IPv4, version {version_number} in its header");
        }
        Err(HeaderSliceError::Content(HeaderError::HeaderLengthSmallerThanHeader { ihl })) => {
            return write!(
                out,
                "IPv4, header length {} is too short",
                u16::from(ihl) * 4
            );
        }
    };
    let header = packet.header();
    let endpoints = Endpoints::V4(header.source(), header.destination());

    // Zero is none: a packet that is still to be cut into segments says so.
    if let length @ 1.. = header.total_len()
        && length < u16::from(header.ihl()) * 4
    {
        out.push_str("IPv4 ");
        endpoints.addresses(out);
        return write!(out, ", total length {length} is too short");
    }

    let payload = packet.payload();
    if payload.fragmented {
        // Not the payload's number: in all but the first fragment an extension header is data.
        let offset = header.fragments_offset().byte_offset();
        return transport::describe_fragment(out, endpoints, header.protocol(), offset);
    }
    match stopped {
        None => {
            if let Some(authentication) = packet.extensions().auth {
                write!(out, "AH SPI {:#010x}, ", authentication.spi())?;
            }
            transport::describe(out, endpoints, payload.ip_number, payload.payload)
        }
        Some(ip_auth::HeaderSliceError::Len(_)) => {
            transport::describe_cut(out, endpoints, header.protocol())
        }
        Some(ip_auth::HeaderSliceError::Content(_)) => {
            out.push_str("IPv4 ");
            endpoints.addresses(out);
            out.write_str(", authentication header too short")
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::identify::tests::{claim, claim_ipv4};

    #[test]
    fn a_cut_or_impossible_header_is_said_to_be_so() {
        claim("0800", "IPv4, cut header");
        claim(
            "0800 4500 001c 0000 0000 4011 0000 0a000001 0a0000",
            "IPv4, cut header",
        );
        claim(
            "0800 4600 001c 0000 0000 4011 0000 0a000001 0a000002 00",
            "IPv4, cut header",
        );
        claim(
            "0800 4300 001c 0000 0000 4011 0000 0a000001 0a000002",
            "IPv4, header length 12 is too short",
        );
        claim(
            "0800 6500 001c 0000 0000 4011 0000 0a000001 0a000002",
            "IPv4, version 6 in its header",
        );
    }

    #[test]
    fn a_fragment_has_no_ports() {
        claim(
            "0800 4500 0020 0000 2000 4011 0000 0a000001 0a000002 14e9 0035 0008 0000",
            "IPv4 fragment, UDP, 10.0.0.1 > 10.0.0.2, offset 0",
        );
        claim(
            "0800 4500 0020 0000 00b9 40fd 0000 0a000001 0a000002 14e9 0035 0008 0000",
            "IPv4 fragment, protocol 253, 10.0.0.1 > 10.0.0.2, offset 1480",
        );
    }

    #[test]
    fn an_authentication_header_is_told_before_what_it_protects() {
        claim_ipv4(
            51,
            "11 04 0000 00000001 00000001 000000000000000000000000 14e9 0035 0008 0000",
            "AH SPI 0x00000001, UDP 10.0.0.1:5353 > 10.0.0.2:53",
        );
        claim_ipv4(51, "11 04 0000", "AH 10.0.0.1 > 10.0.0.2, cut header");
        claim_ipv4(
            51,
            "11 00 0000 00000001 00000001 000000000000000000000000",
            "IPv4 10.0.0.1 > 10.0.0.2, authentication header too short",
        );
    }

    #[test]
    fn a_total_length_without_room_for_the_header_is_said() {
        claim(
            "0800 4500 0013 0000 0000 4011 0000 0a000001 0a000002 14e9 0035 0008 0000",
            "IPv4 10.0.0.1 > 10.0.0.2, total length 19 is too short",
        );
        claim(
            "0800 4500 0000 0000 0000 4011 0000 0a000001 0a000002 14e9 0035 0008 0000",
            "UDP 10.0.0.1:5353 > 10.0.0.2:53",
        );
    }

    #[test]
    fn padding_after_the_packet_is_not_taken_for_ports() {
        claim(
            "0800 4500 0014 0000 0000 4011 0000 0a000001 0a000002 0000 0000 0000 0000",
            "UDP 10.0.0.1 > 10.0.0.2, cut header",
        );
    }

    #[test]
    fn options_are_stepped_over() {
        claim(
            "0800 4600 0020 0000 0000 4011 0000 0a000001 0a000002 94040000 14e9 0035 0008 0000",
            "UDP 10.0.0.1:5353 > 10.0.0.2:53",
        );
    }
}
