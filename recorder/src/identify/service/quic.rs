//! QUIC (RFC 9000, 17.2; RFC 9369; RFC 8999): packets with a long header, which tell their version.

use std::fmt::{Result, Write};

use crate::identify::{field, phrase::Phrase};

/// A long header, and with it a bit that is set in all but a version negotiation.
const LONG: u8 = 0x80;
const FIXED: u8 = 0x40;

/// The longest connection identifier of those versions.
const IDENTIFIER_MAX: u8 = 20;

/// Names of the two bits behind those in the first octet, in version 1; version 2 has them in another order.
const TYPES: [&str; 4] = ["Initial", "0-RTT", "Handshake", "Retry"];

/// Describes a datagram if it is one of QUIC's with a long header; those with a short one look like anything.
pub(crate) fn describe(out: &mut Phrase, payload: &[u8]) -> Option<Result> {
    let &first = payload.first()?;
    let version = field::be32(payload, 1)?;
    let has_bits = first & LONG != 0 && (first & FIXED != 0 || version == 0);
    has_bits.then_some(())?;
    let identifiers = payload.get(5..)?;
    if version == 0 {
        // Behind two identifiers of any length there is at least one version.
        let versions = without_identifier(without_identifier(identifiers)?)?;
        return (versions.len() >= 4).then(|| out.write_str(", QUIC version negotiation"));
    }
    // Of a packet that was cut they may be missing.
    let mut rest = Some(identifiers);
    for _ in 0..2 {
        let is_too_long = |from: &[u8]| from.first().is_some_and(|len| *len > IDENTIFIER_MAX);
        if rest.is_some_and(is_too_long) {
            return None;
        }
        rest = rest.and_then(without_identifier);
    }
    let number = usize::from(first >> 4 & 0x03);
    Some(match version {
        1 => write!(out, ", QUIC {}", TYPES[number]),
        0x6b33_43cf => write!(out, ", QUIC {}, version 2", TYPES[(number + 3) % 4]),
        // Drafts since the identifiers have lengths of an octet.
        0xff00_0017..=0xff00_00ff => {
            write!(out, ", QUIC {}, draft {}", TYPES[number], version & 0xff)
        }
        // Meta's, and those that are to be refused (15).
        0xface_b000..=0xface_b0ff => write!(out, ", QUIC version {version:#010x}"),
        _ if version & 0x0f0f_0f0f == 0x0a0a_0a0a => write!(out, ", QUIC version {version:#010x}"),
        _ => return None,
    })
}

/// What follows a connection identifier.
fn without_identifier(from: &[u8]) -> Option<&[u8]> {
    let (&length, rest) = from.split_first()?;
    rest.get(length.into()..)
}

#[cfg(test)]
mod tests {
    use crate::identify::tests::claim_ipv4;

    #[track_caller]
    fn claim(datagram: &str, said: &str) {
        let expected = format!("UDP 10.0.0.1:4000 > 10.0.0.2:443{said}");
        claim_ipv4(17, &format!("0fa0 01bb 0000 0000 {datagram}"), &expected);
    }

    #[test]
    fn a_long_header_tells_its_version() {
        for (first, said) in [
            ("c0 00000001", ", QUIC Initial"),
            ("e0 00000001", ", QUIC Handshake"),
            ("d0 6b3343cf", ", QUIC Initial, version 2"),
            ("c0 6b3343cf", ", QUIC Retry, version 2"),
            ("c0 ff00001d", ", QUIC Initial, draft 29"),
            ("c0 faceb002", ", QUIC version 0xfaceb002"),
            ("c0 1a2a3a4a", ", QUIC version 0x1a2a3a4a"),
            ("80 00000000", ", QUIC version negotiation"),
        ] {
            claim(&format!("{first} 02 1234 01 56 00000001"), said);
        }
        claim("c0 00000001 08 1234", ", QUIC Initial");
    }

    #[test]
    fn what_is_no_long_header_of_a_known_version_is_not_taken_for_one() {
        for datagram in [
            "40 00000001 02 1234 01 56 00000001",
            "80 00000001 02 1234 01 56 00000001",
            "c0 12345678 02 1234 01 56 00000001",
            "c0 00000001 ff 1234 01 56 00000001",
            "80 00000000 02 1234 01 56 000001",
            "c0 00000001 02 1234 ff 56",
        ] {
            claim(datagram, "");
        }
    }
}
