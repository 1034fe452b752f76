//! Wi-Fi (IEEE 802.11, clause 9): the kind of frame, from whom to whom, the network's name, and what data it carries.

use std::fmt::{Result, Write};

use crate::identify::{address, ethernet::llc, field, foreign, phrase::Phrase};

/// Bits of the second octet of frame control.
const TO_DISTRIBUTION: u8 = 0x01;
const FROM_DISTRIBUTION: u8 = 0x02;
const PROTECTED: u8 = 0x40;
const ORDER: u8 = 0x80;

/// The header of a frame with three addresses.
const HEADER: usize = 24;

/// Describes a frame after what the capturing system tells of it: radiotap's header, Prism's, AVS', or PPI's.
pub(crate) fn describe_after_header(out: &mut Phrase, link_type: u32, packet: &[u8]) -> Result {
    const PRISM: u32 = 119;
    const RADIOTAP: u32 = 127;
    const AVS: u32 = 163;
    let header = match link_type {
        RADIOTAP => field::le16(packet, 2).map(u32::from),
        // AVS' came under Prism's number too: its version tells it.
        PRISM | AVS if packet.starts_with(&[0x80, 0x21, 0x10]) => field::be32(packet, 4),
        PRISM => Some(144),
        AVS => field::be32(packet, 4),
        // PPI tells which link type follows its header.
        _ => match (field::le16(packet, 2), field::le32(packet, 4)) {
            (Some(length), Some(105)) => Some(length.into()),
            (_, Some(link_type)) => return write!(out, "PPI, link type {link_type}"),
            _ => None,
        },
    };
    let frame = header.and_then(|header| packet.get(header as usize..));
    describe(out, frame.unwrap_or_default())
}

pub(crate) fn describe(out: &mut Phrase, frame: &[u8]) -> Result {
    let &[control, flags, ..] = frame else {
        return out.write_str("802.11, cut header");
    };
    // Version 1 has another header (9.8), and what others have is not known.
    if let version @ 1.. = control & 0x03 {
        return write!(out, "802.11, protocol version {version}");
    }
    let (kind, subtype) = (control >> 2 & 0x03, control >> 4);
    match kind {
        0 => management(out, subtype, frame),
        1 => match CONTROL[usize::from(subtype)] {
            "" => write!(out, "802.11 control subtype {subtype}"),
            name => write!(out, "802.11 {name}"),
        },
        2 => data(out, subtype, flags, frame),
        _ => write!(out, "802.11 extension subtype {subtype}"),
    }
}

/// IEEE 802.11, table 9-1.
const MANAGEMENT: [&str; 16] = [
    "association request",
    "association response",
    "reassociation request",
    "reassociation response",
    "probe request",
    "probe response",
    "timing advertisement",
    "",
    "beacon",
    "ATIM",
    "disassociation",
    "authentication",
    "deauthentication",
    "action",
    "action without ack",
    "",
];

const CONTROL: [&str; 16] = [
    "",
    "",
    "trigger",
    "TACK",
    "beamforming report poll",
    "NDP announcement",
    "control extension",
    "control wrapper",
    "block ack request",
    "block ack",
    "PS-poll",
    "RTS",
    "CTS",
    "ack",
    "CF-end",
    "CF-end and ack",
];

fn management(out: &mut Phrase, subtype: u8, frame: &[u8]) -> Result {
    match MANAGEMENT[usize::from(subtype)] {
        "" => write!(out, "802.11 management subtype {subtype}")?,
        name => write!(out, "802.11 {name}")?,
    }
    ends(out, frame, 10, 4)?;
    // Of these the name is the first element, after fixed fields of a known length.
    let fixed = match subtype {
        0 => 4,
        2 => 10,
        4 => 0,
        5 | 8 => 12,
        _ => return Ok(()),
    };
    let elements = frame.get(HEADER + fixed..).unwrap_or_default();
    if let [0, length @ 1..=32, rest @ ..] = elements
        && let Some(name) = rest.get(..usize::from(*length))
    {
        foreign::titled(out, ", SSID ", name);
    }
    Ok(())
}

fn data(out: &mut Phrase, subtype: u8, flags: u8, frame: &[u8]) -> Result {
    let has_quality = subtype & 0x08 != 0;
    let is_null = subtype & 0x04 != 0;
    out.push_str(match (has_quality, is_null) {
        (false, false) => "802.11 data",
        (true, false) => "802.11 QoS data",
        (false, true) => "802.11 null",
        (true, true) => "802.11 QoS null",
    });
    // Which address is whose depends on the way (table 9-30).
    let (source, destination, mut header) = match flags & (TO_DISTRIBUTION | FROM_DISTRIBUTION) {
        0 => (10, 4, HEADER),
        TO_DISTRIBUTION => (10, 16, HEADER),
        FROM_DISTRIBUTION => (16, 4, HEADER),
        _ => (24, 16, HEADER + 6),
    };
    ends(out, frame, source, destination)?;
    if is_null {
        return Ok(());
    }
    if flags & PROTECTED != 0 {
        return out.write_str(", encrypted");
    }
    if has_quality {
        header += if flags & ORDER == 0 { 2 } else { 6 };
    }
    match frame.get(header..) {
        Some(payload) if payload.starts_with(&[0xaa, 0xaa, 0x03]) => {
            out.inside()?;
            llc::describe(out, payload)
        }
        _ => Ok(()),
    }
}

fn ends(out: &mut Phrase, frame: &[u8], source: usize, destination: usize) -> Result {
    let (Some(source), Some(destination)) = (
        field::octets(frame, source),
        field::octets(frame, destination),
    ) else {
        return out.write_str(", cut header");
    };
    out.push(' ');
    address::mac(out, source);
    out.push_str(" > ");
    address::mac(out, destination);
    Ok(())
}
