//! STUN (RFC 8489, section 5): the method and the class.

use std::fmt::{Result, Write};

use crate::identify::{field, phrase::Phrase};

const MAGIC: u32 = 0x2112_a442;

/// The header, which the length does not count.
const HEADER: usize = 20;

/// Describes a datagram if it is a message of STUN's from end to end.
pub(crate) fn describe_whole(out: &mut Phrase, payload: &[u8]) -> Option<Result> {
    let length = usize::from(field::be16(payload, 2)?);
    // Two zeros tell it from what else the port may have (section 5); of a packet that was cut less may be there.
    let is_whole = payload[0] & 0xc0 == 0 && length % 4 == 0 && payload.len() <= HEADER + length;
    is_whole.then(|| describe(out, payload))?
}

/// Describes a datagram if it has STUN's cookie.
pub(crate) fn describe(out: &mut Phrase, payload: &[u8]) -> Option<Result> {
    (field::be32(payload, 4)? == MAGIC).then_some(())?;
    let kind = field::be16(payload, 0)?;
    let class = match kind & 0x0110 {
        0x0000 => "request",
        0x0010 => "indication",
        0x0100 => "success response",
        _ => "error response",
    };
    Some(match kind & !0x0110 {
        0x0001 => write!(out, ", STUN binding {class}"),
        // Those of relays (RFC 8656, section 17).
        0x0003 => write!(out, ", STUN allocate {class}"),
        0x0004 => write!(out, ", STUN refresh {class}"),
        0x0006 => write!(out, ", STUN send {class}"),
        0x0007 => write!(out, ", STUN data {class}"),
        0x0008 => write!(out, ", STUN create permission {class}"),
        0x0009 => write!(out, ", STUN channel bind {class}"),
        method => write!(out, ", STUN method {method:#05x} {class}"),
    })
}
