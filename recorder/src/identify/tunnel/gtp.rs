//! User data of mobile networks: GTP-U (3GPP TS 29.281, clause 5).

use std::fmt::{Result, Write};

use crate::identify::{field, internet, phrase::Phrase};

/// Version 1 and the protocol's own bit; extension, sequence number or N-PDU number: any of them makes the header longer.
const VERSION_MASK: u8 = 0xf0;
const VERSION_1: u8 = 0x30;
const LONGER: u8 = 0x07;
const EXTENSION: u8 = 0x04;

const USER_DATA: u8 = 255;

/// Describes a datagram if it is one of GTP-U's.
pub(crate) fn describe(out: &mut Phrase, payload: &[u8]) -> Option<Result> {
    let &[flags, kind, ..] = payload else {
        return None;
    };
    (flags & VERSION_MASK == VERSION_1).then_some(())?;
    let name = match kind {
        1 => "echo request",
        2 => "echo response",
        26 => "error indication",
        31 => "extension headers",
        254 => "end marker",
        USER_DATA => "packet",
        _ => return None,
    };
    let tunnel = field::be32(payload, 4)?;
    Some(
        write!(out, ", GTP-U {name}, TEID {tunnel:#010x}").and_then(|()| {
            if kind != USER_DATA {
                return Ok(());
            }
            match content(flags, payload) {
                Some(packet) => {
                    out.inside()?;
                    internet::describe(out, packet)
                }
                None => out.write_str(", cut header"),
            }
        }),
    )
}

/// What follows the header and its extensions, whose lengths are in words of four octets.
fn content(flags: u8, payload: &[u8]) -> Option<&[u8]> {
    if flags & LONGER == 0 {
        return payload.get(8..);
    }
    let mut next = *payload.get(11)?;
    let mut rest = payload.get(12..)?;
    while flags & EXTENSION != 0 && next != 0 {
        let length = usize::from(*rest.first()?).max(1) * 4;
        next = *rest.get(length - 1)?;
        rest = rest.get(length..)?;
    }
    Some(rest)
}
