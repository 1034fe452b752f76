//! IEEE 802.3 frames with a length field, and the logical link control inside them (ISO/IEC 8802-2).

use std::fmt::{Result, Write};

use super::{snap, stp};

/// The service access points that are looked into.
const SAP_STP: u8 = 0x42;
const SAP_SNAP: u8 = 0xaa;
const SAP_ISO: u8 = 0xfe;

/// Unnumbered formats, without the poll/final bit (ISO/IEC 8802-2, 5.4).
const UI: u8 = 0x03;
const XID: u8 = 0xaf;
const TEST: u8 = 0xe3;
const POLL_FINAL: u8 = 0x10;

/// Describes what follows a length field; `present` octets of it were in the frame, padding included, and `rest` was captured.
///
/// The length itself is said where it may be what is wrong: nothing else identifies the frame, as when somebody took it for an
/// `EtherType`, or the frame is shorter than it says.
pub(super) fn describe(out: &mut String, length: usize, present: usize, rest: &[u8]) -> Result {
    let data = &rest[..rest.len().min(length)];
    if length > present {
        write!(out, "802.3 frame, length {length} but {present} present, ")?;
    } else if !is_known(data) {
        write!(out, "802.3 frame, length {length}, ")?;
    }
    let &[dsap, ssap, control, ref information @ ..] = data else {
        return out.write_str(if length < 3 {
            "no LLC header"
        } else {
            "cut header"
        });
    };

    match (sap(dsap, ssap), control & !POLL_FINAL) {
        // No LLC at all: the IPX header begins with a checksum that is never used (the kernel's eth_type_trans() tells it so, too).
        _ if [dsap, ssap] == [0xff, 0xff] => out.write_str("Novell raw 802.3 IPX"),
        (Some(SAP_STP), UI) => stp::describe(out, information),
        (Some(SAP_SNAP), UI) => snap::describe(out, information),
        (Some(SAP_ISO), UI) => write!(out, "LLC {}", network_layer(information)),
        (same, control) => match (same.and_then(name), control) {
            (Some(name), XID) => write!(out, "LLC {name} XID"),
            (Some(name), TEST) => write!(out, "LLC {name} TEST"),
            (Some(name), _) => write!(out, "LLC {name}"),
            (None, _) => write!(out, "LLC DSAP {dsap:#04x} SSAP {ssap:#04x}"),
        },
    }
}

/// Whether the frame is more than a pair of numbers.
fn is_known(data: &[u8]) -> bool {
    match *data {
        [0xff, 0xff, _, ..] => true,
        [dsap, ssap, _, ..] => sap(dsap, ssap).and_then(name).is_some(),
        _ => false,
    }
}

/// The one address that both fields hold; their lowest bits tell group from individual, and response from command.
fn sap(dsap: u8, ssap: u8) -> Option<u8> {
    (dsap & !1 == ssap & !1).then_some(dsap & !1)
}

/// IEEE's list of standard LLC addresses, and what others took for themselves (Wireshark's `llc.dsap`).
fn name(sap: u8) -> Option<&'static str> {
    Some(match sap {
        0x00 => "null SAP",
        0x02 => "sublayer management",
        0x04 => "SNA path control",
        0x06 => "IP",
        0x08 | 0x0c => "SNA",
        0x0e => "PROWAY network management",
        0x10 | 0xe0 => "IPX",
        SAP_STP => "STP",
        0x4e => "EIA RS-511",
        0x7e => "X.25",
        0x80 => "XNS",
        0x82 => "BACnet",
        0x8e => "PROWAY active station list",
        0x98 => "ARP",
        SAP_SNAP => "SNAP",
        0xb4 => "HP JetDirect",
        0xba | 0xbc => "VINES",
        0xf0 => "NetBIOS",
        0xf4 => "IBM network management",
        0xf8 => "HP extended LLC",
        0xfa => "Ungermann-Bass",
        0xfc => "remote program load",
        SAP_ISO => "ISO network layer",
        _ => return None,
    })
}

/// The protocol that the first octet of an ISO network layer packet tells (ISO/IEC TR 9577).
fn network_layer(information: &[u8]) -> &'static str {
    match information.first() {
        Some(0x81) => "CLNP",
        Some(0x82) => "ES-IS",
        Some(0x83) => "IS-IS",
        _ => "ISO network layer",
    }
}

#[cfg(test)]
mod tests {
    use super::super::{
        describe,
        tests::{claim, octets},
    };

    #[test]
    fn a_known_service_access_point_is_named() {
        claim("0004 e0e0 03 ff", "LLC IPX");
        claim("0003 f0f0 03", "LLC NetBIOS");
        claim("0003 f0f1 7f", "LLC NetBIOS");
        claim("0003 fefe 03", "LLC ISO network layer");
        claim("0004 fefe 03 83", "LLC IS-IS");
        claim("0004 fefe 03 82", "LLC ES-IS");
        claim("0003 8282 03", "LLC BACnet");
    }

    #[test]
    fn an_access_points_layer_2_update_is_an_xid_of_the_null_sap() {
        claim("0006 0001 af 810100", "LLC null SAP XID");
        claim("0003 0001 f3", "LLC null SAP TEST");
    }

    #[test]
    fn unknown_or_unlike_service_access_points_are_numbers_after_the_length() {
        claim(
            "0003 1234 03",
            "802.3 frame, length 3, LLC DSAP 0x12 SSAP 0x34",
        );
        claim(
            "0003 e042 03",
            "802.3 frame, length 3, LLC DSAP 0xe0 SSAP 0x42",
        );
    }

    #[test]
    fn a_length_of_0x0400_is_no_ethertype() {
        let frame = octets("ffffffffffff 020000000001 0400 5678 9a");
        let mut out = String::new();
        describe(&mut out, &frame, 14 + 1024);
        assert_eq!(out, "802.3 frame, length 1024, LLC DSAP 0x56 SSAP 0x78");
    }

    #[test]
    fn a_length_beyond_the_frames_end_is_said() {
        claim(
            "0400 424203 0000 00 00",
            "802.3 frame, length 1024 but 7 present, STP BPDU",
        );
        claim(
            "0400 5678 9a",
            "802.3 frame, length 1024 but 3 present, LLC DSAP 0x56 SSAP 0x78",
        );
    }

    #[test]
    fn padding_is_not_taken_for_llc() {
        claim("0000 424203", "802.3 frame, length 0, no LLC header");
        claim("0002 424203", "802.3 frame, length 2, no LLC header");
    }

    #[test]
    fn a_cut_llc_header_is_said_to_be_cut() {
        let frame = octets("0180c2000000 020000000001 0026 4242");
        let mut out = String::new();
        describe(&mut out, &frame, 60);
        assert_eq!(out, "802.3 frame, length 38, cut header");
    }

    #[test]
    fn two_octets_of_ones_are_novells_raw_802_3() {
        claim("0005 ffff 0022 00", "Novell raw 802.3 IPX");
        claim("0003 ffff 00", "Novell raw 802.3 IPX");
    }
}
