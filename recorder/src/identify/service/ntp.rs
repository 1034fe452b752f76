//! NTP (RFC 5905, 7.3): version and mode.

use std::fmt::{Result, Write};

use crate::identify::phrase::Phrase;

/// The header without extensions.
const HEADER: usize = 48;

/// Control messages (RFC 9327) are shorter.
const CONTROL: u8 = 6;

/// Describes a datagram if it is one of NTP's.
pub(crate) fn describe(out: &mut Phrase, payload: &[u8]) -> Option<Result> {
    let first = payload.first()?;
    let (version, mode) = (first >> 3 & 0x07, first & 0x07);
    let name = match mode {
        1 => "symmetric active",
        2 => "symmetric passive",
        3 => "client",
        4 => "server",
        5 => "broadcast",
        CONTROL => "control",
        _ => return None,
    };
    let is_whole = payload.len() >= if mode == CONTROL { 12 } else { HEADER };
    ((1..=4).contains(&version) && is_whole).then_some(())?;
    Some(write!(out, ", NTPv{version} {name}"))
}
