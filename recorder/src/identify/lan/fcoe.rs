//! Fibre Channel over Ethernet (FC-BB-5, 7.7): the Fibre Channel header within (FC-FS-3, clause 9).

use std::fmt::{Result, Write};

use crate::identify::{field, phrase::Phrase};

/// Version, reserved, start of frame.
const HEADER: usize = 14;

pub(crate) fn describe(out: &mut Phrase, payload: &[u8]) -> Result {
    out.push_str("FCoE");
    match payload.get(HEADER..) {
        Some(frame) => describe_fibre_channel(out, frame),
        None => out.write_str(", cut header"),
    }
}

/// Describes what follows the name of the link.
pub(crate) fn describe_fibre_channel(out: &mut Phrase, frame: &[u8]) -> Result {
    let (Some(destination), Some(source), Some(&kind)) = (
        field::octets(frame, 1),
        field::octets(frame, 5),
        frame.get(8),
    ) else {
        return out.write_str(", cut header");
    };
    match kind {
        0x00 => out.push_str(" basic link service"),
        0x01 => out.push_str(" extended link service"),
        0x05 => out.push_str(" IP"),
        0x08 => out.push_str(" FCP"),
        0x20 => out.push_str(" common transport"),
        0x22 => out.push_str(" fabric"),
        0x28 => out.push_str(" NVMe"),
        _ => write!(out, " type {kind:#04x}")?,
    }
    port(out, ", ", source)?;
    port(out, " > ", destination)
}

fn port(out: &mut Phrase, title: &str, [domain, area, port]: [u8; 3]) -> Result {
    write!(out, "{title}{domain:02x}.{area:02x}.{port:02x}")
}
