//! `MACsec`: the security tag of IEEE 802.1AE, clause 9.

use std::fmt::{Result, Write};

use super::tagged;
use crate::identify::{address, field, phrase::Phrase};

/// Bits of the tag's first octet (figure 9-2): an explicit SCI follows, the data is encrypted, and changed.
const SC: u8 = 0x20;
const E: u8 = 0x08;
const C: u8 = 0x04;

pub(crate) fn describe(out: &mut Phrase, payload: &[u8]) -> Result {
    out.push_str("MACsec");
    let (Some(&tci_an), Some(packet_number)) = (payload.first(), field::be32(payload, 2)) else {
        return out.write_str(", cut header");
    };
    write!(out, ", AN {}, PN {packet_number}", tci_an & 0x03)?;
    if tci_an & SC != 0 {
        let (Some(system), Some(port)) = (field::octets(payload, 6), field::be16(payload, 12))
        else {
            return out.write_str(", cut header");
        };
        out.push_str(", SCI ");
        address::mac(out, system);
        write!(out, "/{port}")?;
    }
    match (tci_an & (E | C), tci_an & SC) {
        // Only its integrity is protected: what follows the tag is as it was.
        (0, sci) => {
            let at = if sci == 0 { 6 } else { 14 };
            tagged::then(out, payload, at)
        }
        // Not the link's data, but what its ends agree upon (9.5).
        (E, _) => out.write_str(", of the key agreement"),
        (C, _) => out.write_str(", changed"),
        _ => out.write_str(", encrypted"),
    }
}
