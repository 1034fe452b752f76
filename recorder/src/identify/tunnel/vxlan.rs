//! VXLAN (RFC 7348), and its extension for other protocols (draft-ietf-nvo3-vxlan-gpe).

use std::fmt::{Result, Write};

use crate::identify::{ethernet, field, phrase::Phrase};

/// The identifier is valid; so is the next protocol.
const I: u8 = 0x08;
const P: u8 = 0x04;

/// Describes a datagram if it is one of VXLAN's.
pub(crate) fn describe(out: &mut Phrase, payload: &[u8]) -> Option<Result> {
    let (&[flags, _, _, next, .., reserved], rest) = payload.split_first_chunk::<8>()?;
    (flags & I != 0 && reserved == 0).then_some(())?;
    let identifier = field::be24(payload, 4)?;
    let name = if flags & P == 0 { "VXLAN" } else { "VXLAN-GPE" };
    Some(write!(out, ", {name} VNI {identifier}").and_then(|()| {
        if flags & P == 0 {
            ethernet::describe_inside(out, rest)
        } else {
            super::describe_next(out, next, rest)
        }
    }))
}
