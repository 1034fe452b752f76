//! The configuration test protocol of Ethernet version 2.0, clause 8: frames that come back. Little-endian.

use std::fmt::{Result, Write};

use crate::identify::{address, field, phrase::Phrase};

pub(crate) fn describe(out: &mut Phrase, payload: &[u8]) -> Result {
    out.push_str("Ethernet loopback test");
    // So many octets of what was done before are skipped.
    let Some(skip) = field::le16(payload, 0) else {
        return out.write_str(", cut header");
    };
    let at = 2 + usize::from(skip);
    match (field::le16(payload, at), field::octets(payload, at + 2)) {
        (Some(1), _) => out.write_str(", reply"),
        (Some(2), Some(next)) => {
            out.push_str(", forward to ");
            address::mac(out, next);
            Ok(())
        }
        (Some(function), _) => write!(out, ", function {function}"),
        (None, _) => out.write_str(", cut header"),
    }
}
