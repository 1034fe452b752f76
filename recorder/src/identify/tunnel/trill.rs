//! TRILL (RFC 6325, 3): frames between bridges that route, by nicknames.

use std::fmt::{Result, Write};

use crate::identify::{ethernet, field, phrase::Phrase};

/// Version, options' length and hop count; two nicknames.
const HEADER: usize = 6;

pub(crate) fn describe(out: &mut Phrase, packet: &[u8]) -> Result {
    out.push_str("TRILL");
    let (Some(first), Some(egress), Some(ingress)) = (
        field::be16(packet, 0),
        field::be16(packet, 2),
        field::be16(packet, 4),
    ) else {
        return out.write_str(", cut header");
    };
    write!(out, " nickname {ingress:#06x} > {egress:#06x}")?;
    // In words of four octets.
    let options = usize::from(first >> 6 & 0x1f) * 4;
    match packet.get(HEADER + options..) {
        Some(frame) => ethernet::describe_inside(out, frame),
        None => out.write_str(", cut header"),
    }
}
