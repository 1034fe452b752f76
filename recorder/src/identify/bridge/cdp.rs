//! The Cisco discovery protocol, and Foundry's of the same shape: who the neighbour is, and by which port it sends.

use std::fmt::{Result, Write};

use crate::identify::{field, foreign, phrase::Phrase};

/// Version, time to live, checksum.
const HEADER: usize = 4;

const DEVICE: u16 = 1;
const PORT: u16 = 3;

/// Describes `payload` of the protocol `name`.
pub(crate) fn describe(out: &mut Phrase, name: &str, payload: &[u8]) -> Result {
    out.push_str(name);
    let mut rest = payload.get(HEADER..).unwrap_or_default();
    let mut is_whole = payload.len() > HEADER;
    // Each field is a type, a length that counts both, and the value.
    while let (Some(kind), Some(length)) = (field::be16(rest, 0), field::be16(rest, 2)) {
        let Some(value) = rest.get(4..length.into()) else {
            is_whole = false;
            break;
        };
        match kind {
            DEVICE => foreign::titled(out, ", device ", value),
            PORT => foreign::titled(out, ", port ", value),
            _ => {}
        }
        if kind == PORT {
            break;
        }
        rest = &rest[length.into()..];
    }
    if is_whole {
        Ok(())
    } else {
        out.write_str(", cut header")
    }
}
