//! SNMP (RFC 1157, RFC 3416, RFC 3412): version and operation, by the tags of its encoding (X.690).

use std::fmt::{Result, Write};

use crate::identify::phrase::Phrase;

const INTEGER: u8 = 0x02;
const OCTET_STRING: u8 = 0x04;
const SEQUENCE: u8 = 0x30;

/// Describes a datagram if it is one of SNMP's. The community is not told: it is a password.
pub(crate) fn describe(out: &mut Phrase, payload: &[u8]) -> Option<Result> {
    let message = content(payload, SEQUENCE)?;
    let [INTEGER, 1, version, ref rest @ ..] = *message else {
        return None;
    };
    let name = match version {
        0 => "SNMPv1",
        1 => "SNMPv2c",
        3 => return Some(out.write_str(", SNMPv3")),
        _ => return None,
    };
    let operation = match *rest {
        [OCTET_STRING, length, ref rest @ ..] if length < 0x80 => rest.get(usize::from(length))?,
        _ => return None,
    };
    let operation = match operation {
        0xa0 => "get",
        0xa1 => "get-next",
        0xa2 => "response",
        0xa3 => "set",
        0xa4 | 0xa7 => "trap",
        0xa5 => "get-bulk",
        0xa6 => "inform",
        0xa8 => "report",
        _ => return None,
    };
    Some(write!(out, ", {name} {operation}"))
}

/// What follows the tag and a length, which a cut datagram need not have.
fn content(octets: &[u8], tag: u8) -> Option<&[u8]> {
    let (&[first, length], rest) = octets.split_first_chunk()?;
    (first == tag).then_some(())?;
    // A longer length is in as many octets more.
    let more = if length < 0x80 { 0 } else { length & 0x7f };
    rest.get(usize::from(more)..)
}
