//! The ISO network layer: IS-IS (ISO/IEC 10589), ES-IS (ISO 9542), CLNP (ISO/IEC 8473).

use std::fmt::{Result, Write};

use crate::identify::{field, phrase::Phrase};

/// Describes a packet by its first octet, the network layer protocol (ISO/IEC TR 9577).
pub(crate) fn describe(out: &mut Phrase, packet: &[u8]) -> Result {
    match packet.first() {
        Some(0x81) => out.write_str("CLNP"),
        Some(0x82) => end_system(out, packet),
        Some(0x83) => intermediate_system(out, packet),
        Some(protocol) => write!(out, "ISO network layer, protocol {protocol:#04x}"),
        None => out.write_str("ISO network layer, cut header"),
    }
}

fn end_system(out: &mut Phrase, packet: &[u8]) -> Result {
    out.push_str("ES-IS");
    match packet.get(4).map(|kind| kind & 0x1f) {
        Some(2) => out.write_str(" end system hello"),
        Some(4) => out.write_str(" intermediate system hello"),
        Some(6) => out.write_str(" redirect"),
        Some(kind) => write!(out, " type {kind}"),
        None => out.write_str(", cut header"),
    }
}

fn intermediate_system(out: &mut Phrase, packet: &[u8]) -> Result {
    out.push_str("IS-IS");
    let Some(kind) = packet.get(4).map(|kind| kind & 0x1f) else {
        return out.write_str(", cut header");
    };
    // The name, and where the identifier of the system is that it comes from, or whose links it tells.
    let (name, system) = match kind {
        15 => ("L1 hello", 9),
        16 => ("L2 hello", 9),
        17 => ("point-to-point hello", 9),
        18 => ("L1 LSP", 12),
        20 => ("L2 LSP", 12),
        24 => ("L1 CSNP", 10),
        25 => ("L2 CSNP", 10),
        26 => ("L1 PSNP", 10),
        27 => ("L2 PSNP", 10),
        _ => return write!(out, " type {kind}"),
    };
    write!(out, " {name}")?;
    // Zero stands for six octets, which is what every system has (9.5).
    match (packet.get(3), field::octets(packet, system)) {
        (Some(0 | 6), Some(octets)) => {
            let digits = field::wide(octets);
            let (high, middle, low) = (digits >> 32, digits >> 16 & 0xffff, digits & 0xffff);
            write!(out, ", system {high:04x}.{middle:04x}.{low:04x}")
        }
        (Some(0 | 6), None) => out.write_str(", cut header"),
        (length, _) => {
            let length = length.copied().unwrap_or_default();
            write!(out, ", system identifiers of {length} octets")
        }
    }
}
