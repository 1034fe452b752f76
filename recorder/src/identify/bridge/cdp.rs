//! The Cisco discovery protocol, and Foundry's of the same shape: who the neighbour is, and by which port it sends.

use std::fmt::{Result, Write};

use crate::identify::{field, foreign, phrase::Phrase};

/// Version, time to live, checksum.
const HEADER: usize = 4;

/// Type and length of a field, which the length counts.
const FIELD: u16 = 4;

const DEVICE: u16 = 1;
const PORT: u16 = 3;

/// Describes `payload` of the protocol `name`.
pub(crate) fn describe(out: &mut Phrase, name: &str, payload: &[u8]) -> Result {
    out.push_str(name);
    let mut rest = payload.get(HEADER..).unwrap_or_default();
    let mut is_whole = payload.len() > HEADER;
    let mut has_device = false;
    while let (Some(kind), Some(length)) = (field::be16(rest, 0), field::be16(rest, 2)) {
        if length < FIELD {
            return write!(out, ", field length {length} is too short");
        }
        let Some(value) = rest.get(FIELD.into()..length.into()) else {
            is_whole = false;
            break;
        };
        match kind {
            // One that is said again is not told again: this bounds the phrase.
            DEVICE if !has_device => {
                has_device = true;
                foreign::titled(out, ", device ", value);
            }
            PORT => foreign::titled(out, ", port ", value),
            _ => {}
        }
        if kind == PORT {
            break;
        }
        rest = &rest[length.into()..];
    }
    if is_whole {
        Ok(())
    } else {
        out.write_str(", cut header")
    }
}

#[cfg(test)]
mod tests {
    use crate::identify::tests::claim;

    #[test]
    fn a_field_without_room_for_its_own_header_cuts_nothing() {
        claim(
            "0017 aaaa03 00000c 2000 02 b4 0000 0001 0007 737731 0003 0000",
            "CDP, device sw1, field length 0 is too short",
        );
        claim(
            "0013 aaaa03 00000c 2000 02 b4 0000 0001 0009 737731",
            "CDP, cut header",
        );
    }

    #[test]
    fn a_device_that_is_said_twice_is_told_once() {
        claim(
            "0022 aaaa03 00000c 2000 02 b4 0000 0001 0007 737731 0001 0007 737732 0003 0008 65746830",
            "CDP, device sw1, port eth0",
        );
    }
}
