//! Bidirectional forwarding detection (RFC 5880, 4.1): the session's state and its discriminators.

use std::fmt::{Result, Write};

use crate::identify::{field, phrase::Phrase};

/// The header without authentication.
const HEADER: usize = 24;

const STATES: [&str; 4] = ["AdminDown", "Down", "Init", "Up"];

/// Describes a datagram if it is a control packet of version 1.
pub(crate) fn describe(out: &mut Phrase, payload: &[u8]) -> Option<Result> {
    let [first, flags, _, length] = field::octets(payload, 0)?;
    (first >> 5 == 1 && usize::from(length) >= HEADER).then_some(())?;
    let (mine, yours) = (field::be32(payload, 4)?, field::be32(payload, 8)?);
    Some(write!(
        out,
        ", BFD {}, discriminators {mine:#010x} {yours:#010x}",
        STATES[usize::from(flags >> 6)]
    ))
}
