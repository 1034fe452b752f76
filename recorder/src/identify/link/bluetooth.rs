//! Bluetooth: between host and controller (Core specification, volume 4, parts A and E), and Low Energy on the air (volume 6, part B).

use std::fmt::{Result, Write};

use crate::identify::{address, field, phrase::Phrase};

/// The access address of advertising (volume 6, part B, 2.1.2).
const ADVERTISING: u32 = 0x8e89_bed6;

/// Volume 6, part B, 2.3.
const ADVERTISEMENTS: [&str; 8] = [
    "ADV_IND",
    "ADV_DIRECT_IND",
    "ADV_NONCONN_IND",
    "SCAN_REQ",
    "SCAN_RSP",
    "CONNECT_IND",
    "ADV_SCAN_IND",
    "ADV_EXT_IND",
];

/// By the indicator before each packet (volume 4, part A, 2). Numbers are little-endian.
pub(crate) fn describe_hci(out: &mut Phrase, packet: &[u8]) -> Result {
    out.push_str("Bluetooth HCI");
    let number = field::le16(packet, 1);
    match (packet.first(), number) {
        (Some(1), Some(opcode)) => write!(out, " command {opcode:#06x}"),
        (Some(2), Some(handle)) => write!(out, " ACL data, handle {:#05x}", handle & 0x0fff),
        (Some(3), Some(handle)) => write!(out, " SCO data, handle {:#05x}", handle & 0x0fff),
        (Some(4), Some(event)) => write!(out, " event {:#04x}", event & 0xff),
        (Some(5), Some(handle)) => write!(out, " ISO data, handle {:#05x}", handle & 0x0fff),
        (Some(kind), Some(_)) => write!(out, " packet type {kind}"),
        _ => out.write_str(", cut header"),
    }
}

pub(crate) fn describe_low_energy(out: &mut Phrase, packet: &[u8]) -> Result {
    out.push_str("Bluetooth LE");
    let (Some(access), Some(&header)) = (field::le32(packet, 0), packet.get(4)) else {
        return out.write_str(", cut header");
    };
    if access != ADVERTISING {
        return write!(out, " data, access address {access:#010x}");
    }
    let kind = usize::from(header & 0x0f);
    match ADVERTISEMENTS.get(kind) {
        Some(name) => write!(out, " {name}")?,
        None => return write!(out, " advertising type {kind}"),
    }
    // The first address is the sender's, in the order of the air.
    if let (0..=6, Some(mut sender)) = (kind, field::octets::<6>(packet, 6)) {
        sender.reverse();
        out.push_str(" from ");
        address::mac(out, sender);
    }
    Ok(())
}
