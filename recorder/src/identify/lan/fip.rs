//! The FCoE initialization protocol (FC-BB-5, 7.8.7; FC-BB-6 and `scsi/fc/fc_fip.h` for VN2VN): operation and subcode.

use std::fmt::{Result, Write};

use crate::identify::{field, phrase::Phrase};

pub(crate) fn describe(out: &mut Phrase, payload: &[u8]) -> Result {
    out.push_str("FIP");
    let (Some(operation), Some(&subcode)) = (field::be16(payload, 2), payload.get(5)) else {
        return out.write_str(", cut header");
    };
    match (operation, subcode) {
        (1, 1) => out.write_str(" discovery solicitation"),
        (1, 2) => out.write_str(" discovery advertisement"),
        (2, 1) => out.write_str(" link service request"),
        (2, 2) => out.write_str(" link service reply"),
        (3, 1) => out.write_str(" keep-alive"),
        (3, 2) => out.write_str(" clear virtual links"),
        (4, 1) => out.write_str(" VLAN request"),
        (4, 2) => out.write_str(" VLAN notification"),
        (5, 1) => out.write_str(" VN2VN probe request"),
        (5, 2) => out.write_str(" VN2VN probe reply"),
        (5, 3) => out.write_str(" VN2VN claim notification"),
        (5, 4) => out.write_str(" VN2VN claim response"),
        (5, 5) => out.write_str(" VN2VN beacon"),
        _ => write!(out, " operation {operation} subcode {subcode}"),
    }
}
