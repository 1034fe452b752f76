//! HomePlug's management messages: of 1.0 (entries with a type of five bits) and of AV (IEEE 1901, a little-endian type).

use std::fmt::{Result, Write};

use crate::identify::{field, phrase::Phrase};

pub(crate) fn describe_1_0(out: &mut Phrase, payload: &[u8]) -> Result {
    out.push_str("HomePlug 1.0");
    match payload.get(1).map(|header| header & 0x1f) {
        Some(0x00) => out.write_str(" channel estimation request"),
        Some(0x01) => out.write_str(" channel estimation response"),
        Some(0x04) => out.write_str(" set network encryption key"),
        Some(0x06) => out.write_str(" confirm network encryption key"),
        Some(0x07) => out.write_str(" request parameters and statistics"),
        Some(0x08) => out.write_str(" parameters and statistics response"),
        Some(kind) => write!(out, ", MME type {kind:#04x}"),
        None => out.write_str(", cut header"),
    }
}

pub(crate) fn describe_av(out: &mut Phrase, payload: &[u8]) -> Result {
    match field::le16(payload, 1) {
        // The lowest two bits tell who speaks.
        Some(kind) => {
            let variant = ["request", "confirm", "indication", "response"][usize::from(kind & 3)];
            write!(out, "HomePlug AV {variant}, MMTYPE {kind:#06x}")
        }
        None => out.write_str("HomePlug AV, cut header"),
    }
}
