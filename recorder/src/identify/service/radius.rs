//! RADIUS (RFC 2865, section 3; RFC 2866; RFC 5176): the message by its code.

use std::fmt::{Result, Write};

use crate::identify::{field, phrase::Phrase};

/// The header, and the longest message.
const LENGTHS: std::ops::RangeInclusive<usize> = 20..=4096;

/// Describes a datagram if it is one of RADIUS': a known code, and a length that holds what is here.
pub(crate) fn describe(out: &mut Phrase, payload: &[u8]) -> Option<Result> {
    let name = match payload.first()? {
        1 => "access request",
        2 => "access accept",
        3 => "access reject",
        4 => "accounting request",
        5 => "accounting response",
        11 => "access challenge",
        12 => "status server",
        40 => "disconnect request",
        41 => "disconnect ACK",
        42 => "disconnect NAK",
        43 => "CoA request",
        44 => "CoA ACK",
        45 => "CoA NAK",
        _ => return None,
    };
    let length = usize::from(field::be16(payload, 2)?);
    (LENGTHS.contains(&length) && payload.len() <= length).then_some(())?;
    let id = payload.get(1)?;
    Some(write!(out, ", RADIUS {name}, id {id}"))
}
