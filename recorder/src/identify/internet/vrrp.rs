//! VRRP, versions 2 and 3, which begin alike (RFC 3768, 5.1; RFC 9568, 5.1), and CARP, to which nobody gave a number of its own.

use std::fmt::{Result, Write};

use etherparse::ip_number;

use super::{endpoints::Endpoints, transport};
use crate::identify::phrase::Phrase;

/// CARP's version and type, which are VRRP's, and the words of its digest and counter, which VRRP would have as so many
/// addresses (FreeBSD's `netinet/ip_carp.h`).
const CARP: u8 = 0x21;
const CARP_WORDS: u8 = 7;

/// How long such a message is: CARP's always; VRRP's with seven addresses, between header and authentication.
const CARP_LENGTH: usize = 36;
const VRRP_LENGTH: usize = 8 + 7 * 4 + 8;

/// Describes a packet, padding left out; one that was cut may be either's.
pub(crate) fn describe(out: &mut Phrase, endpoints: Endpoints, packet: &[u8]) -> Result {
    let &[version, router, priority, ref rest @ ..] = packet else {
        return transport::describe_cut(out, endpoints, ip_number::VRRP);
    };
    let (name, group, rank) = match (version, rest, packet.len()) {
        (CARP, [CARP_WORDS, ..], CARP_LENGTH) => ("CARP", "VHID", "skew"),
        (CARP, [CARP_WORDS, ..], ..VRRP_LENGTH) | (CARP, [], _) => {
            ("VRRP or CARP", "ID", "priority or skew")
        }
        _ => ("VRRP", "VRID", "priority"),
    };
    out.push_str(name);
    out.push(' ');
    endpoints.addresses(out);
    let version = version >> 4;
    write!(
        out,
        ", version {version}, {group} {router}, {rank} {priority}"
    )
}

#[cfg(test)]
mod tests {
    use crate::identify::tests::claim_ipv4;

    #[test]
    fn carp_is_told_by_the_length_that_vrrp_would_not_have() {
        for (rest, said) in [
            (32, "CARP 10.0.0.1 > 10.0.0.2, version 2, VHID 1, skew 100"),
            (
                40,
                "VRRP 10.0.0.1 > 10.0.0.2, version 2, VRID 1, priority 100",
            ),
            (
                16,
                "VRRP or CARP 10.0.0.1 > 10.0.0.2, version 2, ID 1, priority or skew 100",
            ),
        ] {
            let rest = "5a".repeat(rest);
            claim_ipv4(112, &format!("21 01 64 07 {rest}"), said);
        }
        claim_ipv4(
            112,
            "21 01 64 01 00 01 0000 0a0000fe 0000000000000000",
            "VRRP 10.0.0.1 > 10.0.0.2, version 2, VRID 1, priority 100",
        );
        claim_ipv4(112, "21 01", "VRRP 10.0.0.1 > 10.0.0.2, cut header");
    }
}
