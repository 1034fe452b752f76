//! Fibre Channel over Ethernet (FC-BB-5, 7.7): the Fibre Channel header within (FC-FS-3, clause 9).

use std::fmt::{Result, Write};

use crate::identify::{field, phrase::Phrase};

/// Version, reserved, start of frame.
const HEADER: usize = 14;

/// What begins a header before the frame's own: a virtual fabric (FC-FS-3, clause 10).
const VIRTUAL_FABRIC: u8 = 0x50;

pub(crate) fn describe(out: &mut Phrase, payload: &[u8]) -> Result {
    out.push_str("FCoE");
    match payload.get(HEADER..) {
        Some(frame) => describe_fibre_channel(out, frame),
        None => out.write_str(", cut header"),
    }
}

/// Describes what follows the name of the link.
pub(crate) fn describe_fibre_channel(out: &mut Phrase, mut frame: &[u8]) -> Result {
    if let Some((&[VIRTUAL_FABRIC, _, high, low, ..], rest)) = frame.split_first_chunk::<8>() {
        write!(out, " VF {}", u16::from_be_bytes([high, low]) >> 1 & 0x0fff)?;
        frame = rest;
    }
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

#[cfg(test)]
mod tests {
    use crate::identify::tests::claim;

    #[test]
    fn a_virtual_fabric_is_told_before_what_is_in_it() {
        let before = format!("8906 {} 2e", "00".repeat(13));
        let header = "06 010203 00 040506 08 290000";
        claim(
            &format!("{before} {header}"),
            "FCoE FCP, 04.05.06 > 01.02.03",
        );
        claim(
            &format!("{before} 50 0400c8 00 ff0000 {header}"),
            "FCoE VF 100 FCP, 04.05.06 > 01.02.03",
        );
        claim(&format!("{before} 50 0400c8 00"), "FCoE, cut header");
    }
}
