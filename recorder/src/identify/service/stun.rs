//! STUN (RFC 8489, section 5): the method and the class.

use std::fmt::{Result, Write};

use crate::identify::{field, phrase::Phrase};

const MAGIC: u32 = 0x2112_a442;

/// The header, which the length does not count.
const HEADER: usize = 20;

/// Describes a datagram if it is a message of STUN's from end to end.
pub(crate) fn describe_whole(out: &mut Phrase, payload: &[u8]) -> Option<Result> {
    let length = usize::from(field::be16(payload, 2)?);
    // Of a packet that was cut less may be there.
    let is_whole = length % 4 == 0 && payload.len() <= HEADER + length;
    is_whole.then(|| describe(out, payload))?
}

/// Describes a datagram if it has STUN's cookie, and the two zeros that tell it from what else the port may have.
pub(crate) fn describe(out: &mut Phrase, payload: &[u8]) -> Option<Result> {
    let kind = field::be16(payload, 0)?;
    (kind & 0xc000 == 0 && field::be32(payload, 4)? == MAGIC).then_some(())?;
    // The two bits of the class lie among the twelve of the method (figure 3).
    let method = kind & 0x000f | (kind & 0x00e0) >> 1 | (kind & 0x3e00) >> 2;
    let class = match kind & 0x0110 {
        0x0000 => "request",
        0x0010 => "indication",
        0x0100 => "success response",
        _ => "error response",
    };
    Some(match method {
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

#[cfg(test)]
mod tests {
    use crate::identify::tests::claim_ipv4;

    #[test]
    fn the_class_is_no_part_of_the_method() {
        for (kind, said) in [
            ("0011", "binding indication"),
            ("0111", "binding error response"),
            ("0021", "method 0x011 request"),
            ("0131", "method 0x011 error response"),
            ("0200", "method 0x080 request"),
            ("3fff", "method 0xfff error response"),
        ] {
            claim_ipv4(
                17,
                &format!("0fa0 0d96 0000 0000 {kind} 0000 2112a442 000102030405060708090a0b"),
                &format!("UDP 10.0.0.1:4000 > 10.0.0.2:3478, STUN {said}"),
            );
        }
    }
}
