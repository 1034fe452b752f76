//! Mirrored frames in GRE: ERSPAN types I, II and III (draft-foschiano-erspan-03, section 4).

use std::fmt::{Result, Write};

use crate::identify::{ethernet, field, phrase::Phrase};

/// The `EtherType` of the first two, of which only the second has a header, and a sequence number in GRE's.
pub(crate) const TYPE_1_AND_2: u16 = 0x88be;

/// In the last octet of type III's header: 8 octets more follow.
const PLATFORM: u8 = 0x01;

pub(crate) fn describe(out: &mut Phrase, ether_type: u16, packet: &[u8]) -> Result {
    let (kind, header) = if ether_type == TYPE_1_AND_2 {
        ("II", 8)
    } else {
        let has_more = packet.get(11).is_some_and(|flags| flags & PLATFORM != 0);
        ("III", if has_more { 20 } else { 12 })
    };
    write!(out, "ERSPAN type {kind}")?;
    match (field::be16(packet, 2), packet.get(header..)) {
        (Some(session), Some(frame)) => {
            write!(out, " session {}", session & 0x03ff)?;
            ethernet::describe_inside(out, frame)
        }
        _ => out.write_str(", cut header"),
    }
}

/// Goes on to a frame of type I.
pub(crate) fn describe_without_header(out: &mut Phrase, frame: &[u8]) -> Result {
    out.push_str(", ERSPAN type I");
    ethernet::describe_inside(out, frame)
}
