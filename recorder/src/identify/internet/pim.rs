//! PIM (RFC 7761, 4.9): the message by its type.

use std::fmt::{Result, Write};

use crate::identify::phrase::Phrase;

const NAMES: [&str; 11] = [
    "hello",
    "register",
    "register-stop",
    "join/prune",
    "bootstrap",
    "assert",
    "graft",
    "graft-ack",
    "candidate RP advertisement",
    "state refresh",
    "DF election",
];

/// Describes what follows the addresses.
pub(crate) fn describe(out: &mut Phrase, packet: &[u8]) -> Result {
    let Some(first) = packet.first() else {
        return out.write_str(", cut header");
    };
    write!(out, ", version {}", first >> 4)?;
    match NAMES.get(usize::from(first & 0x0f)) {
        Some(name) => write!(out, " {name}"),
        None => write!(out, " type {}", first & 0x0f),
    }
}
