//! TFTP (RFC 1350): what is asked for.

use std::fmt::Result;

use crate::identify::{field, foreign, phrase::Phrase};

/// Describes a datagram if it is one of TFTP's requests; what follows it is sent between other ports.
pub(crate) fn describe(out: &mut Phrase, payload: &[u8]) -> Option<Result> {
    let name = match field::be16(payload, 0)? {
        1 => ", TFTP read",
        2 => ", TFTP write",
        _ => return None,
    };
    let mut strings = payload[2..].split(|&octet| octet == 0);
    let (file, mode) = (strings.next()?, strings.next()?);
    let is_mode = [&b"octet"[..], b"netascii", b"mail"]
        .iter()
        .any(|known| mode.eq_ignore_ascii_case(known));
    (is_mode && !file.is_empty()).then_some(())?;
    out.push_str(name);
    foreign::titled(out, " ", file);
    Some(Ok(()))
}
