//! DHCPv6 (RFC 9915): the message's type.

use std::fmt::{Result, Write};

use crate::identify::{field, phrase::Phrase};

/// RFC 9915, 7.3, from 1 on.
const TYPES: [&str; 13] = [
    "solicit",
    "advertise",
    "request",
    "confirm",
    "renew",
    "rebind",
    "reply",
    "release",
    "decline",
    "reconfigure",
    "information request",
    "relay-forward",
    "relay-reply",
];

/// A relay's header is longer than a client's.
const RELAY: u8 = 12;

/// The highest option (IANA's *DHCPv6 Option Codes*), and some more to come.
const OPTION_MAX: u16 = 200;

/// Describes a datagram if it is a message of DHCPv6's: a known type, and an option that is there and fits.
pub(crate) fn describe(out: &mut Phrase, payload: &[u8]) -> Option<Result> {
    let &kind = payload.first()?;
    let name = TYPES.get(usize::from(kind).wrapping_sub(1))?;
    let options = if kind < RELAY { 4 } else { 34 };
    let option = field::be16(payload, options)?;
    (1..=OPTION_MAX).contains(&option).then_some(())?;
    Some(write!(out, ", DHCPv6 {name}"))
}
