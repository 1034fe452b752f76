//! GOOSE, GSE management and sampled values (IEC 61850-8-1 annex C, 61850-9-2): the application that a frame belongs to.

use std::fmt::{Result, Write};

use crate::identify::{field, phrase::Phrase};

/// Describes what follows the protocol's name.
pub(crate) fn describe(out: &mut Phrase, payload: &[u8]) -> Result {
    match field::be16(payload, 0) {
        Some(application) => write!(out, ", APPID {application:#06x}"),
        None => out.write_str(", cut header"),
    }
}
