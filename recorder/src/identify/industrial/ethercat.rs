//! EtherCAT (IEC 61158-4-12, clause 5): the first datagram's command and address. Little-endian.

use std::fmt::{Result, Write};

use crate::identify::{field, phrase::Phrase};

const COMMANDS: [&str; 15] = [
    "NOP", "APRD", "APWR", "APRW", "FPRD", "FPWR", "FPRW", "BRD", "BWR", "BRW", "LRD", "LWR",
    "LRW", "ARMW", "FRMW",
];

pub(crate) fn describe(out: &mut Phrase, payload: &[u8]) -> Result {
    out.push_str("EtherCAT");
    match field::le16(payload, 0).map(|header| header >> 12) {
        Some(1) => {}
        Some(4) => return out.write_str(" network variables"),
        Some(5) => return out.write_str(" mailbox"),
        Some(kind) => return write!(out, " type {kind}"),
        None => return out.write_str(", cut header"),
    }
    let (Some(&command), Some(position), Some(offset)) = (
        payload.get(2),
        field::le16(payload, 4),
        field::le16(payload, 6),
    ) else {
        return out.write_str(", cut header");
    };
    match COMMANDS.get(usize::from(command)) {
        Some(name) => write!(out, " {name}")?,
        None => return write!(out, " command {command}"),
    }
    match command {
        0 => Ok(()),
        // One logical address of 32 bits.
        10..=12 => write!(
            out,
            ", address {:#010x}",
            u32::from(offset) << 16 | u32::from(position)
        ),
        _ => write!(out, ", slave {position:#06x}, register {offset:#06x}"),
    }
}
