//! The Extreme discovery protocol.

use std::fmt::{Result, Write};

use crate::identify::{address, field, foreign, phrase::Phrase};

/// Version, length, checksum, sequence number, and the sender's address.
const HEADER: usize = 16;
const SENDER: usize = 10;

/// Begins each field, before its type and its length, which counts all four octets.
const MARKER: u8 = 0x99;
const DISPLAY: u8 = 1;

pub(crate) fn describe(out: &mut Phrase, payload: &[u8]) -> Result {
    out.push_str("EDP");
    let Some(sender) = field::octets(payload, SENDER) else {
        return out.write_str(", cut header");
    };
    let mut rest = payload.get(HEADER..).unwrap_or_default();
    while let (Some(&[MARKER, kind]), Some(length)) = (rest.first_chunk(), field::be16(rest, 2)) {
        let Some(value) = rest.get(4..length.into()) else {
            break;
        };
        if kind == DISPLAY {
            foreign::titled(out, ", system ", value);
            break;
        }
        rest = &rest[length.into()..];
    }
    out.push_str(", from ");
    address::mac(out, sender);
    Ok(())
}
