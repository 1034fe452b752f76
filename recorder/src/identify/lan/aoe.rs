//! ATA over Ethernet (`AoEr11`, section 2).

use std::fmt::{Result, Write};

use crate::identify::{field, phrase::Phrase};

const RESPONSE: u8 = 0x08;
const ERROR: u8 = 0x04;

pub(crate) fn describe(out: &mut Phrase, payload: &[u8]) -> Result {
    out.push_str("AoE");
    let (Some(&flags), Some(&error), Some(shelf), Some(&slot), Some(&command)) = (
        payload.first(),
        payload.get(1),
        field::be16(payload, 2),
        payload.get(4),
        payload.get(5),
    ) else {
        return out.write_str(", cut header");
    };
    match command {
        0 => out.push_str(" ATA"),
        1 => out.push_str(" configuration"),
        2 => out.push_str(" MAC mask"),
        3 => out.push_str(" reservation"),
        _ => write!(out, " command {command}")?,
    }
    let is_response = flags & RESPONSE != 0;
    out.push_str(if is_response { " response" } else { " request" });
    write!(out, ", shelf {shelf}, slot {slot}")?;
    if flags & ERROR != 0 {
        write!(out, ", error {error}")?;
    }
    Ok(())
}
