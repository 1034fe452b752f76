//! RIP (RFC 2453, 3.6), and RIPng (RFC 2080, 2.1).

use std::fmt::{Result, Write};

use crate::identify::{field, phrase::Phrase};

const RIPNG_PORT: u16 = 521;

/// Describes a datagram if it is one of RIP's: a command, a version, two zeros.
pub(crate) fn describe(out: &mut Phrase, port: u16, payload: &[u8]) -> Option<Result> {
    let [command, version, 0, 0] = field::octets(payload, 0)? else {
        return None;
    };
    let name = match (port, version) {
        (RIPNG_PORT, 1) => "RIPng",
        (_, 1) => "RIPv1",
        (_, 2) => "RIPv2",
        _ => return None,
    };
    let command = match command {
        1 => "request",
        2 => "response",
        _ => return None,
    };
    Some(write!(out, ", {name} {command}"))
}
