//! The keys of IPsec (RFC 7296, 3.1; RFC 2408), and its packets through translators of addresses (RFC 3948).

use std::fmt::{Result, Write};

use crate::identify::{field, phrase::Phrase};

const HEADER: usize = 28;

/// Describes a datagram if it is one of IKE's: a version that there is, and an exchange that it has.
pub(crate) fn describe(out: &mut Phrase, payload: &[u8]) -> Option<Result> {
    (payload.len() >= HEADER).then_some(())?;
    let [version, exchange] = field::octets(payload, 17)?;
    let (name, exchange) = match (version, exchange) {
        (0x20, 34) => ("IKEv2", "IKE_SA_INIT"),
        (0x20, 35) => ("IKEv2", "IKE_AUTH"),
        (0x20, 36) => ("IKEv2", "CREATE_CHILD_SA"),
        (0x20, 37) => ("IKEv2", "INFORMATIONAL"),
        (0x10, 2) => ("IKEv1", "main mode"),
        (0x10, 4) => ("IKEv1", "aggressive mode"),
        (0x10, 5) => ("IKEv1", "informational"),
        (0x10, 6) => ("IKEv1", "transaction"),
        (0x10, 32) => ("IKEv1", "quick mode"),
        _ => return None,
    };
    Some(write!(out, ", {name} {exchange}"))
}

/// RFC 3948, 2.2 and 2.3: four zeros before IKE's header, or a single octet of ones.
pub(crate) fn describe_traversal(out: &mut Phrase, payload: &[u8]) -> Option<Result> {
    if payload == [0xff] {
        return Some(out.write_str(", NAT keepalive"));
    }
    describe(out, payload.strip_prefix(&[0; 4])?)
}

/// RFC 3948, 2.1: whatever begins with an index; lower ones are nobody's (RFC 4303, 2.1).
pub(crate) fn describe_esp(out: &mut Phrase, payload: &[u8]) -> Option<Result> {
    let index = field::be32(payload, 0).filter(|index| *index >= 0x100)?;
    Some(write!(out, ", ESP, SPI {index:#010x}"))
}
