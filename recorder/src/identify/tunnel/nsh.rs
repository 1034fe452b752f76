//! The network service header (RFC 8300, section 2).

use std::fmt::{Result, Write};

use crate::identify::{field, phrase::Phrase};

pub(crate) fn describe(out: &mut Phrase, packet: &[u8]) -> Result {
    out.push_str("NSH");
    let (Some(base), Some(&next), Some(service)) = (
        field::be16(packet, 0),
        packet.get(3),
        field::be32(packet, 4),
    ) else {
        return out.write_str(", cut header");
    };
    write!(out, " SPI {} SI {}", service >> 8, service & 0xff)?;
    // In words of four octets.
    match packet.get(usize::from(base & 0x3f) * 4..) {
        Some(packet) => super::describe_next(out, next, packet),
        None => out.write_str(", cut header"),
    }
}
