//! MikroTik's neighbour discovery: fields of a type, a length and a value.

use std::fmt::Result;

use crate::identify::{address, field, foreign, phrase::Phrase};

/// Two octets of header, two of a sequence number.
const HEADER: usize = 4;

const MAC_ADDRESS: u16 = 1;
const IDENTITY: u16 = 5;

/// Describes a datagram if it is one of MNDP's: its first field is the sender's address.
pub(crate) fn describe(out: &mut Phrase, payload: &[u8]) -> Option<Result> {
    let mut rest = payload.get(HEADER..)?;
    (field::be16(rest, 0)? == MAC_ADDRESS && field::be16(rest, 2)? == 6).then_some(())?;
    let sender = field::octets(rest, 4)?;
    out.push_str(", MNDP from ");
    address::mac(out, sender);
    while let (Some(kind), Some(length)) = (field::be16(rest, 0), field::be16(rest, 2)) {
        let Some(value) = rest.get(4..4 + usize::from(length)) else {
            break;
        };
        if kind == IDENTITY {
            foreign::titled(out, ", system ", value);
            break;
        }
        rest = &rest[4 + usize::from(length)..];
    }
    Some(Ok(()))
}
