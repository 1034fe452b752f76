//! The precision time protocol (IEEE 1588), over Ethernet and UDP.

use std::fmt::{Result, Write};

use crate::identify::phrase::Phrase;

/// The versions whose header is this one: 2 and 2.1.
const VERSION: u8 = 2;

/// Whether a payload begins as a message does.
pub(crate) fn is_likely(payload: &[u8]) -> bool {
    matches!(*payload, [kind, version, ..] if version & 0x0f == VERSION && name(kind).is_some())
}

/// IEEE 1588-2019, table 35: the type is in the low four bits of the first octet, the domain in the fifth.
pub(crate) fn describe(out: &mut Phrase, payload: &[u8]) -> Result {
    out.push_str("PTP");
    let &[kind, version, _, _, domain, ..] = payload else {
        return out.write_str(", cut header");
    };
    if version & 0x0f != VERSION {
        return write!(out, ", version {}", version & 0x0f);
    }
    match name(kind) {
        Some(name) => write!(out, " {name}, domain {domain}"),
        None => write!(out, " type {:#03x}, domain {domain}", kind & 0x0f),
    }
}

fn name(kind: u8) -> Option<&'static str> {
    Some(match kind & 0x0f {
        0x0 => "Sync",
        0x1 => "Delay_Req",
        0x2 => "Pdelay_Req",
        0x3 => "Pdelay_Resp",
        0x8 => "Follow_Up",
        0x9 => "Delay_Resp",
        0xa => "Pdelay_Resp_Follow_Up",
        0xb => "Announce",
        0xc => "Signaling",
        0xd => "Management",
        _ => return None,
    })
}
