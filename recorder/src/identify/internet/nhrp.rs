//! Next hop resolution (RFC 2332, 5.2.1): who has an address beyond a network of many, such as a multipoint tunnel.

use std::fmt::{Result, Write};

use crate::identify::phrase::Phrase;

pub(crate) fn describe(out: &mut Phrase, packet: &[u8]) -> Result {
    out.push_str("NHRP");
    match packet.get(17) {
        Some(1) => out.write_str(" resolution request"),
        Some(2) => out.write_str(" resolution reply"),
        Some(3) => out.write_str(" registration request"),
        Some(4) => out.write_str(" registration reply"),
        Some(5) => out.write_str(" purge request"),
        Some(6) => out.write_str(" purge reply"),
        Some(7) => out.write_str(" error indication"),
        // Cisco's.
        Some(8) => out.write_str(" traffic indication"),
        Some(kind) => write!(out, " type {kind}"),
        None => out.write_str(", cut header"),
    }
}
