//! Geneve (RFC 8926, 3.4).

use std::fmt::{Result, Write};

use crate::identify::{field, phrase::Phrase};

/// Describes a datagram if it is one of Geneve's: version 0, and nothing where nothing is reserved.
pub(crate) fn describe(out: &mut Phrase, payload: &[u8]) -> Option<Result> {
    let &[options, flags, .., reserved] = payload.first_chunk::<8>()?;
    (options >> 6 == 0 && flags << 2 == 0 && reserved == 0).then_some(())?;
    let (ether_type, identifier) = (field::be16(payload, 2)?, field::be24(payload, 4)?);
    // In words of four octets.
    let rest = payload.get(8 + usize::from(options & 0x3f) * 4..);
    Some(
        write!(out, ", Geneve VNI {identifier}").and_then(|()| match rest {
            Some(rest) => super::describe_inside(out, ether_type, rest),
            None => out.write_str(", cut header"),
        }),
    )
}
