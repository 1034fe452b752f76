//! Rings with tokens: Token Ring (ISO/IEC 8802-5) and FDDI (ISO 9314-2), whose frames hold LLC.

use std::fmt::{Result, Write};

use crate::identify::{ethernet::llc, phrase::Phrase};

/// In the source address: a route follows, whose length is in its first octet.
const ROUTED: u8 = 0x80;

/// Access control, frame control, two addresses.
pub(crate) fn describe_ring(out: &mut Phrase, packet: &[u8]) -> Result {
    let Some(&[_, control, .., source, _, _, _, _, _]) = packet.first_chunk::<14>() else {
        return out.write_str("Token Ring, cut header");
    };
    let route = match packet.get(14) {
        Some(length) if source & ROUTED != 0 => usize::from(length & 0x1f),
        _ => 0,
    };
    match (control >> 6, packet.get(14 + route..)) {
        (1, Some(data)) => {
            out.push_str("Token Ring, ");
            llc::describe(out, data)
        }
        (0, _) => out.write_str("Token Ring MAC frame"),
        _ => out.write_str("Token Ring"),
    }
}

/// Frame control, two addresses.
pub(crate) fn describe_fddi(out: &mut Phrase, packet: &[u8]) -> Result {
    match (packet.first(), packet.get(13..)) {
        (Some(0x50..=0x57), Some(data)) => {
            out.push_str("FDDI, ");
            llc::describe(out, data)
        }
        (Some(control), Some(_)) => write!(out, "FDDI, frame control {control:#04x}"),
        _ => out.write_str("FDDI, cut header"),
    }
}
