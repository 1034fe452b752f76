//! Low-rate wireless networks (IEEE 802.15.4, clause 7): the kind of frame, its number and network. Little-endian.

use std::fmt::{Result, Write};

use crate::identify::{field, phrase::Phrase};

/// Describes what follows the pseudo-header of `LINKTYPE_IEEE802_15_4_TAP`: version, reserved, length.
pub(crate) fn describe_after_header(out: &mut Phrase, packet: &[u8]) -> Result {
    let frame = field::le16(packet, 2).and_then(|length| packet.get(usize::from(length)..));
    describe(out, frame.unwrap_or_default())
}

pub(crate) fn describe(out: &mut Phrase, frame: &[u8]) -> Result {
    out.push_str("IEEE 802.15.4");
    let (Some(control), Some(&number)) = (field::le16(frame, 0), frame.get(2)) else {
        return out.write_str(", cut header");
    };
    match control & 0x07 {
        0 => out.push_str(" beacon"),
        1 => out.push_str(" data"),
        2 => out.push_str(" acknowledgment"),
        3 => out.push_str(" command"),
        kind => return write!(out, " frame type {kind}"),
    }
    // Later versions may leave the number and the network out.
    if control >> 12 & 0x03 >= 2 {
        return Ok(());
    }
    write!(out, ", sequence {number}")?;
    match (control >> 10 & 0x03, field::le16(frame, 3)) {
        (2 | 3, Some(network)) => write!(out, ", PAN {network:#06x}"),
        _ => Ok(()),
    }
}
