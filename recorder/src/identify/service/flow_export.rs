//! What routers tell of their flows: NetFlow (RFC 3954), IPFIX (RFC 7011), sFlow (version 5).

use std::fmt::{Result, Write};

use crate::identify::{field, phrase::Phrase};

/// Describes a datagram if it begins with one of their versions, and with a count or length that fits.
pub(crate) fn describe(out: &mut Phrase, payload: &[u8]) -> Option<Result> {
    let [a, b] = [field::be16(payload, 0)?, field::be16(payload, 2)?];
    match (a, b) {
        // sFlow's version has four octets, and so has the version of the address after it.
        (0, 5) => {
            matches!(field::be32(payload, 4)?, 1 | 2).then(|| out.write_str(", sFlow version 5"))
        }
        (5, 1..=30) => Some(write!(out, ", NetFlow version 5, {b} flows")),
        (9, 1..=1000) => Some(out.write_str(", NetFlow version 9")),
        (10, 16..) if payload.len() <= usize::from(b) => Some(out.write_str(", IPFIX")),
        _ => None,
    }
}
