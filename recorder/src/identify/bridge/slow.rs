//! The slow protocols (IEEE 802.3 annex 57A): link aggregation and its markers (IEEE 802.1AX), OAM, and ITU-T's clock quality.

use std::fmt::{Result, Write};

use crate::identify::{address, field, phrase::Phrase};

/// The organization of G.8264's messages.
const ITU_T: u32 = 0x0000_19a7;

pub(crate) fn describe(out: &mut Phrase, payload: &[u8]) -> Result {
    match payload.first() {
        Some(1) => lacp(out, payload),
        Some(2) => marker(out, payload),
        Some(3) => oam(out, payload),
        Some(10) => organization_specific(out, payload),
        Some(subtype) => write!(out, "slow protocol, subtype {subtype}"),
        None => out.write_str("slow protocol, cut header"),
    }
}

/// IEEE 802.1AX, 6.4.2.3: the actor's side comes first.
fn lacp(out: &mut Phrase, payload: &[u8]) -> Result {
    const STATE: [&str; 8] = [
        "activity",
        "timeout",
        "aggregation",
        "synchronization",
        "collecting",
        "distributing",
        "defaulted",
        "expired",
    ];
    out.push_str("LACP");
    if let Some(&kind @ (0 | 2..)) = payload.get(2) {
        return write!(out, ", field type {kind}");
    }
    let (Some(priority), Some(system), Some(key), Some(port), Some(&state)) = (
        field::be16(payload, 4),
        field::octets(payload, 6),
        field::be16(payload, 12),
        field::be16(payload, 16),
        payload.get(18),
    ) else {
        return out.write_str(", cut header");
    };
    write!(out, ", actor {priority}/")?;
    address::mac(out, system);
    write!(out, ", port {port}, key {key}")?;
    let set = (0..8).filter(|bit| state >> bit & 1 == 1);
    for (position, bit) in set.enumerate() {
        out.push_str(if position == 0 { ", " } else { "+" });
        out.push_str(STATE[bit]);
    }
    Ok(())
}

/// IEEE 802.1AX, 6.5.3.3.
fn marker(out: &mut Phrase, payload: &[u8]) -> Result {
    out.push_str("LACP marker");
    match payload.get(2) {
        Some(1) => {}
        Some(2) => out.push_str(" response"),
        Some(kind) => return write!(out, ", field type {kind}"),
        None => return out.write_str(", cut header"),
    }
    let (Some(port), Some(system)) = (field::be16(payload, 4), field::octets(payload, 6)) else {
        return out.write_str(", cut header");
    };
    out.push_str(", requester ");
    address::mac(out, system);
    write!(out, ", port {port}")
}

/// IEEE 802.3, table 57-4.
fn oam(out: &mut Phrase, payload: &[u8]) -> Result {
    out.push_str("Ethernet OAM");
    match payload.get(3) {
        Some(0x00) => out.write_str(" information"),
        Some(0x01) => out.write_str(" event notification"),
        Some(0x02) => out.write_str(" variable request"),
        Some(0x03) => out.write_str(" variable response"),
        Some(0x04) => out.write_str(" loopback control"),
        Some(0xfe) => out.write_str(" organization specific"),
        Some(code) => write!(out, " code {code:#04x}"),
        None => out.write_str(", cut header"),
    }
}

/// ITU-T G.8264, 11.3: the quality level is the low half of the octet after the first field's type and length.
fn organization_specific(out: &mut Phrase, payload: &[u8]) -> Result {
    match (field::be24(payload, 1), field::be16(payload, 4)) {
        (Some(ITU_T), Some(1)) => match field::octets(payload, 10) {
            Some([1, _, _, level]) => write!(out, "ESMC, quality level {:#04x}", level & 0x0f),
            Some([kind, ..]) => write!(out, "ESMC, field type {kind}"),
            None => out.write_str("ESMC, cut header"),
        },
        (Some(organization), Some(subtype)) => {
            write!(out, "OSSP, OUI {organization:#08x} subtype {subtype}")
        }
        _ => out.write_str("OSSP, cut header"),
    }
}

#[cfg(test)]
mod tests {
    use crate::identify::tests::claim;

    #[test]
    fn an_unknown_field_is_its_type_and_cuts_nothing() {
        let rest = "00".repeat(50);
        claim(
            &format!("8809 02 01 07 10 {rest}"),
            "LACP marker, field type 7",
        );
        claim(&format!("8809 01 01 00 00 {rest}"), "LACP, field type 0");
        claim(
            &format!("8809 0a 0019a7 0001 10 000000 02 0004 {rest}"),
            "ESMC, field type 2",
        );
    }
}
