//! USB, as Linux (`Documentation/usb/usbmon.rst`) and USBPcap record it.

use std::fmt::{Result, Write};

use crate::identify::{field, phrase::Phrase};

const TRANSFERS: [&str; 4] = ["isochronous", "interrupt", "control", "bulk"];

/// In the octet of the endpoint: towards the host.
const IN: u8 = 0x80;

/// The header begins with an identifier of 64 bits; numbers are in the host's byte order, a bus has but eight bits.
pub(crate) fn describe_linux(out: &mut Phrase, packet: &[u8]) -> Result {
    let (Some([event, transfer, endpoint, device]), Some(bus)) =
        (field::octets(packet, 8), field::le16(packet, 12))
    else {
        return out.write_str("USB, cut header");
    };
    let event = match event {
        b'S' => "submission",
        b'C' => "completion",
        b'E' => "error",
        _ => return out.write_str("USB"),
    };
    describe(
        out,
        transfer,
        endpoint,
        event,
        bus.min(bus.swap_bytes()),
        device.into(),
    )
}

/// Little-endian: length of the header, request, status, function, direction, bus, device, endpoint, transfer.
pub(crate) fn describe_usbpcap(out: &mut Phrase, packet: &[u8]) -> Result {
    let (Some(&information), Some(bus), Some(device), Some([endpoint, transfer])) = (
        packet.get(16),
        field::le16(packet, 17),
        field::le16(packet, 19),
        field::octets(packet, 21),
    ) else {
        return out.write_str("USB, cut header");
    };
    let event = if information & 1 == 0 {
        "submission"
    } else {
        "completion"
    };
    describe(out, transfer, endpoint, event, bus, device)
}

fn describe(
    out: &mut Phrase,
    transfer: u8,
    endpoint: u8,
    event: &str,
    bus: u16,
    device: u16,
) -> Result {
    match TRANSFERS.get(usize::from(transfer)) {
        Some(name) => write!(out, "USB {name}")?,
        None => write!(out, "USB transfer type {transfer}")?,
    }
    let direction = if endpoint & IN == 0 { "out" } else { "in" };
    let endpoint = endpoint & !IN;
    write!(out, " {direction} {event}, {bus}.{device}.{endpoint}")
}
