//! PPP over Ethernet (RFC 2516).

use std::fmt::{Result, Write};

use super::ppp;
use crate::identify::{field, foreign, phrase::Phrase};

/// Version and type, code, session, length.
const HEADER: usize = 6;

/// The tag with the access concentrator's name (appendix A).
const AC_NAME: u16 = 0x0102;

pub(crate) fn describe_discovery(out: &mut Phrase, payload: &[u8]) -> Result {
    let (Some(code), Some(session)) = (payload.get(1), field::be16(payload, 2)) else {
        return out.write_str("PPPoE discovery, cut header");
    };
    match code {
        0x07 => out.push_str("PPPoE PADO"),
        0x09 => out.push_str("PPPoE PADI"),
        0x19 => out.push_str("PPPoE PADR"),
        0x65 => out.push_str("PPPoE PADS"),
        0xa7 => out.push_str("PPPoE PADT"),
        _ => write!(out, "PPPoE discovery, code {code:#04x}")?,
    }
    // None has been given out before.
    if session != 0 {
        write!(out, ", session {session:#06x}")?;
    }
    let mut rest = content(payload);
    while let (Some(tag), Some(length)) = (field::be16(rest, 0), field::be16(rest, 2)) {
        let Some(value) = rest.get(4..4 + usize::from(length)) else {
            break;
        };
        if tag == AC_NAME {
            foreign::titled(out, ", from ", value);
            break;
        }
        rest = &rest[4 + usize::from(length)..];
    }
    Ok(())
}

pub(crate) fn describe_session(out: &mut Phrase, payload: &[u8]) -> Result {
    let (Some(session), HEADER..) = (field::be16(payload, 2), payload.len()) else {
        return out.write_str("PPPoE session, cut header");
    };
    write!(out, "PPPoE session {session:#06x}")?;
    out.inside()?;
    ppp::describe(out, content(payload))
}

/// What the length counts (section 4); behind it there may be padding.
fn content(payload: &[u8]) -> &[u8] {
    field::counted(payload, HEADER, field::be16(payload, 4))
}

#[cfg(test)]
mod tests {
    use crate::identify::tests::claim;

    #[test]
    fn padding_is_no_tag() {
        claim(
            "8863 11 07 0000 0004 0101 0000 0102 0004 62726173",
            "PPPoE PADO",
        );
    }

    #[test]
    fn padding_is_no_frame_of_ppp() {
        claim(
            "8864 11 00 0011 0000 c021 09 01 0008 12345678",
            "PPPoE session 0x0011, PPP, cut header",
        );
    }
}
