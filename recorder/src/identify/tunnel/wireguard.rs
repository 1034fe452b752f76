//! WireGuard (Donenfeld, *WireGuard*, 5.4): four messages, three of them of a known length.

use std::fmt::{Result, Write};

use crate::identify::{field, phrase::Phrase};

/// Describes a datagram if it is one of WireGuard's: the type is followed by three zeros.
pub(crate) fn describe(out: &mut Phrase, payload: &[u8]) -> Option<Result> {
    let (name, receiver, length_max) = match field::le32(payload, 0)? {
        1 => ("handshake initiation, sender", 4, 148),
        2 => ("handshake response, receiver", 8, 92),
        3 => ("cookie reply, receiver", 4, 64),
        4 => ("data, receiver", 4, usize::MAX),
        _ => return None,
    };
    (payload.len() <= length_max).then_some(())?;
    let index = field::le32(payload, receiver)?;
    Some(write!(out, ", WireGuard {name} {index:#010x}"))
}
