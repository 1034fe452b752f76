//! SCTP (RFC 9260): the first chunk of a packet.

use std::fmt::{Result, Write};

use crate::identify::phrase::Phrase;

/// Ports, verification tag, checksum.
const HEADER: usize = 12;

/// Describes what follows the ports.
pub(crate) fn describe(out: &mut Phrase, packet: &[u8]) -> Result {
    match packet.get(HEADER) {
        Some(&kind) => match name(kind) {
            Some(name) => write!(out, ", {name}"),
            None => write!(out, ", chunk type {kind}"),
        },
        None => Ok(()),
    }
}

/// IANA's *SCTP Chunk Types*.
fn name(kind: u8) -> Option<&'static str> {
    Some(match kind {
        0 => "DATA",
        1 => "INIT",
        2 => "INIT ACK",
        3 => "SACK",
        4 => "HEARTBEAT",
        5 => "HEARTBEAT ACK",
        6 => "ABORT",
        7 => "SHUTDOWN",
        8 => "SHUTDOWN ACK",
        9 => "ERROR",
        10 => "COOKIE ECHO",
        11 => "COOKIE ACK",
        14 => "SHUTDOWN COMPLETE",
        15 => "AUTH",
        64 => "I-DATA",
        128 => "ASCONF-ACK",
        130 => "RE-CONFIG",
        132 => "PAD",
        192 => "FORWARD TSN",
        193 => "ASCONF",
        194 => "I-FORWARD-TSN",
        _ => return None,
    })
}
