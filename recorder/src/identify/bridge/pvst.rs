//! Cisco's spanning trees for each VLAN: a BPDU of IEEE's, and the VLAN after it.

use std::fmt::{Result, Write};

use super::stp;
use crate::identify::{field, phrase::Phrase};

/// Where the VLAN's type, length and value are: after the longer of the BPDUs, to which the shorter one is padded.
const VLAN: usize = 36;

pub(crate) fn describe(out: &mut Phrase, bpdu: &[u8]) -> Result {
    match *bpdu {
        [0, 0, _, 0x80, ..] => return out.write_str("PVST+ TCN BPDU"),
        [0, 0, 2, 0x02, ..] => out.push_str("Rapid PVST+ BPDU"),
        _ => out.push_str("PVST+ BPDU"),
    }
    if let (Some(0), Some(2), Some(vlan)) = (
        field::be16(bpdu, VLAN),
        field::be16(bpdu, VLAN + 2),
        field::be16(bpdu, VLAN + 4),
    ) {
        write!(out, ", VLAN {vlan}")?;
    }
    stp::parameters(out, bpdu)
}
