//! UDP (RFC 768).

use std::fmt::{Result, Write};

use etherparse::ip_number;

use super::{endpoints::Endpoints, transport};
use crate::identify::{field, phrase::Phrase, service};

/// The length field counts the header.
const HEADER: u16 = 8;

pub(crate) fn describe(out: &mut Phrase, endpoints: Endpoints, segment: &[u8]) -> Result {
    let Some((source, destination)) = transport::ports(segment) else {
        return transport::describe_cut(out, endpoints, ip_number::UDP);
    };
    out.push_str("UDP ");
    endpoints.sockets(out, source, destination);

    // Zero is no error: a jumbogram says so (RFC 2675, section 4), and a packet that is still on its way out.
    let content = match field::be16(segment, 4) {
        Some(length @ 1..HEADER) => return write!(out, ", length {length} is too short"),
        Some(length @ HEADER..) => Some(length - HEADER),
        _ => None,
    };
    let payload = field::counted(segment, HEADER.into(), content);
    service::describe(out, source, destination, payload)
}

#[cfg(test)]
mod tests {
    use crate::identify::tests::{claim_ipv4, claim_ipv6};

    #[test]
    fn a_datagram_is_named_with_its_ports() {
        claim_ipv4(17, "14e9 0035 0008 0000", "UDP 10.0.0.1:5353 > 10.0.0.2:53");
        claim_ipv6(
            17,
            "0222 0223 0008 0000",
            "UDP [fe80::1]:546 > [ff02::1:2]:547",
        );
    }

    #[test]
    fn two_ports_are_enough_of_a_cut_header() {
        claim_ipv4(17, "14e9 0035", "UDP 10.0.0.1:5353 > 10.0.0.2:53");
        claim_ipv4(17, "14e9 00", "UDP 10.0.0.1 > 10.0.0.2, cut header");
    }

    #[test]
    fn what_is_behind_the_length_is_no_payload() {
        claim_ipv4(
            17,
            "1194 1194 0009 0000 ff 00000000",
            "UDP 10.0.0.1:4500 > 10.0.0.2:4500, NAT keepalive",
        );
    }

    #[test]
    fn a_length_without_room_for_the_header_is_said() {
        claim_ipv4(
            17,
            "14e9 0035 0004 0000",
            "UDP 10.0.0.1:5353 > 10.0.0.2:53, length 4 is too short",
        );
        claim_ipv4(17, "14e9 0035 0000 0000", "UDP 10.0.0.1:5353 > 10.0.0.2:53");
    }
}
