//! Tags that stand between the addresses and the payload's own `EtherType`.

use std::fmt::{Result, Write};

use super::payload;
use crate::identify::{ethernet, field, phrase::Phrase};

/// HSR (IEC 62439-3, 5.6): path and size of the frame, a sequence number.
pub(crate) fn hsr(out: &mut Phrase, rest: &[u8]) -> Result {
    out.push_str("HSR");
    match (field::be16(rest, 0), field::be16(rest, 2)) {
        (Some(path), Some(sequence)) => {
            write!(out, " path {} sequence {sequence}", path >> 12)?;
            then(out, rest, 4)
        }
        _ => out.write_str(", cut header"),
    }
}

/// The R-Tag (IEEE 802.1CB, 7.8): reserved, then a sequence number.
pub(crate) fn r_tag(out: &mut Phrase, rest: &[u8]) -> Result {
    out.push_str("802.1CB R-Tag");
    match field::be16(rest, 2) {
        Some(sequence) => {
            write!(out, " sequence {sequence}")?;
            then(out, rest, 4)
        }
        None => out.write_str(", cut header"),
    }
}

/// VN-Tag: 16 bits each of destination and source interface, with flags.
pub(crate) fn vn_tag(out: &mut Phrase, rest: &[u8]) -> Result {
    out.push_str("VN-Tag");
    match (field::be16(rest, 0), field::be16(rest, 2)) {
        (Some(destination), Some(source)) => {
            write!(
                out,
                " destination {} source {}",
                destination & 0x3fff,
                source & 0x0fff
            )?;
            then(out, rest, 4)
        }
        _ => out.write_str(", cut header"),
    }
}

/// E-Tag (IEEE 802.1BR, 7.6): the E-channel that it goes to is in the second 16 bits.
pub(crate) fn e_tag(out: &mut Phrase, rest: &[u8]) -> Result {
    out.push_str("802.1BR E-Tag");
    match field::be16(rest, 2) {
        Some(channel) => {
            write!(out, " {:#06x}", channel & 0x3fff)?;
            then(out, rest, 6)
        }
        None => out.write_str(", cut header"),
    }
}

/// Cisco metadata: version and length, an option that holds a security group tag.
pub(crate) fn cisco_metadata(out: &mut Phrase, rest: &[u8]) -> Result {
    out.push_str("Cisco metadata");
    match field::be16(rest, 4) {
        Some(group) => {
            write!(out, " SGT {group}")?;
            then(out, rest, 6)
        }
        None => out.write_str(", cut header"),
    }
}

/// The backbone service tag (IEEE 802.1Q, 9.7): a service identifier, then the customer's frame.
pub(crate) fn i_tag(out: &mut Phrase, rest: &[u8]) -> Result {
    out.push_str("802.1ah I-SID ");
    match (field::be24(rest, 1), rest.get(4..)) {
        (Some(service), Some(frame)) => {
            write!(out, "{service}")?;
            ethernet::describe_inside(out, frame)
        }
        _ => out.write_str("cut header"),
    }
}

/// Goes on with the `EtherType` at an offset.
fn then(out: &mut Phrase, rest: &[u8], at: usize) -> Result {
    match (field::be16(rest, at), rest.get(at + 2..)) {
        (Some(ether_type), Some(payload)) => {
            out.inside()?;
            payload::describe(out, ether_type, payload)
        }
        _ => out.write_str(", cut header"),
    }
}
