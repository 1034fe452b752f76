//! MAC control frames (IEEE 802.3 clause 31 and annex 31A).

use std::fmt::{Result, Write};

use crate::identify::{field, phrase::Phrase};

pub(crate) fn describe(out: &mut Phrase, payload: &[u8]) -> Result {
    let Some(opcode) = field::be16(payload, 0) else {
        return out.write_str("MAC control, cut header");
    };
    match (opcode, field::be16(payload, 2)) {
        (0x0001, Some(quanta)) => write!(out, "PAUSE, {quanta} quanta"),
        (0x0001, None) => out.write_str("PAUSE, cut header"),
        (0x0101, Some(classes)) => write!(out, "PFC PAUSE, classes {:#04x}", classes & 0xff),
        (0x0101, None) => out.write_str("PFC PAUSE, cut header"),
        _ => match name(opcode) {
            Some(name) => out.write_str(name),
            None => write!(out, "MAC control, opcode {opcode:#06x}"),
        },
    }
}

/// Table 31A-1.
fn name(opcode: u16) -> Option<&'static str> {
    Some(match opcode {
        0x0002 => "EPON gate",
        0x0003 => "EPON report",
        0x0004 => "EPON register request",
        0x0005 => "EPON register",
        0x0006 => "EPON register acknowledgement",
        0xfffe => "MAC control extension",
        _ => return None,
    })
}
