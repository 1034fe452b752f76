//! IEEE 802.3 frames with a length field, and the logical link control inside them (ISO/IEC 8802-2).

use std::fmt::{Result, Write};

use super::snap;
use crate::identify::{
    bridge::{isis, stp},
    internet,
    lan::ipx,
    phrase::Phrase,
};

/// The service access points that are looked into.
const SAP_IP: u8 = 0x06;
const SAP_STP: u8 = 0x42;
const SAP_SNAP: u8 = 0xaa;
const SAP_ISO: u8 = 0xfe;
const SAP_IPX: u8 = 0xe0;

/// Unnumbered information, and the bit of the control field that any format may have set (ISO/IEC 8802-2, 5.4).
const UI: u8 = 0x03;
const POLL_FINAL: u8 = 0x10;

/// What a station answers for all that is in it, and who is meant then (ISO/IEC 8802-2, 3.3.1.2 and 5.4.1).
const XID: u8 = 0xaf;
const TEST: u8 = 0xe3;
const SAP_NULL: u8 = 0x00;

/// Octets before a bridged frame, which align it (RFC 2684, 5.2).
const BRIDGED_PADDING: usize = 2;

/// Lengths that are remembered as `EtherType`s: of Xerox PUP, Nixdorf and Sprite, from before there were lengths
/// (RFC 1700, *Ethernet Numbers of Interest*).
const ONCE_ETHERTYPES: [u16; 4] = [0x0200, 0x0201, 0x0400, 0x0500];

/// Describes what follows a length field; `present` octets of it were in the frame, padding included, and `rest` was captured.
///
/// The length itself is said where it may be what is wrong: nothing else identifies the frame, as when somebody took it for an
/// `EtherType`, or the frame is shorter than it says.
pub(crate) fn describe_framed(
    out: &mut Phrase,
    length: u16,
    present: Option<usize>,
    rest: &[u8],
) -> Result {
    let data = &rest[..rest.len().min(length.into())];
    let present = present.filter(|&present| usize::from(length) > present);
    let is_known = is_known(data);
    let was_ethertype = ONCE_ETHERTYPES.contains(&length);

    if present.is_some() || !is_known || was_ethertype {
        write!(out, "802.3 frame, length {length}")?;
        if was_ethertype {
            write!(out, " ({length:#06x} on the wire, which is no EtherType)")?;
        } else if !is_known {
            write!(out, " ({length:#06x} on the wire)")?;
        }
        if let Some(present) = present {
            write!(out, " but {present} present")?;
        }
        out.push_str(", ");
    }
    if data.len() < 3 && length < 3 {
        return out.write_str("no LLC header");
    }
    describe(out, data)
}

/// Describes what begins with an LLC header, as also within other link layers.
pub(crate) fn describe(out: &mut Phrase, data: &[u8]) -> Result {
    let &[dsap, ssap, control, ref information @ ..] = data else {
        return out.write_str("LLC, cut header");
    };
    // No LLC at all: the IPX header begins with a checksum that is never used (the kernel's eth_type_trans() tells it so, too).
    if [dsap, ssap] == [0xff, 0xff] {
        out.push_str("Novell raw 802.3 ");
        return ipx::describe(out, data);
    }
    let format = control & !POLL_FINAL;
    match (sap(dsap, ssap, format), format) {
        (Some(SAP_STP), UI) => stp::describe(out, information),
        (Some(SAP_SNAP), UI) => snap::describe(out, information, BRIDGED_PADDING),
        // RFC 948.
        (Some(SAP_IP), UI) => {
            out.push_str("LLC ");
            internet::describe(out, information)
        }
        (Some(SAP_ISO), UI) => {
            out.push_str("LLC ");
            isis::describe(out, information)
        }
        (Some(SAP_IPX), UI) => {
            out.push_str("LLC ");
            ipx::describe(out, information)
        }
        (sap, format) => {
            match sap.and_then(name) {
                Some(name) => write!(out, "LLC {name}")?,
                None => write!(out, "LLC DSAP {dsap:#04x} SSAP {ssap:#04x}")?,
            }
            match unnumbered(format) {
                Some(format) => write!(out, " {format}"),
                None => Ok(()),
            }
        }
    }
}

/// The unnumbered commands and responses but for UI, which is the usual one (ISO/IEC 8802-2, 5.4).
fn unnumbered(format: u8) -> Option<&'static str> {
    Some(match format {
        XID => "XID",
        TEST => "TEST",
        0x6f => "SABME",
        0x43 => "DISC",
        0x63 => "UA",
        0x0f => "DM",
        0x87 => "FRMR",
        _ => return None,
    })
}

/// Whether the frame is more than a pair of numbers.
fn is_known(data: &[u8]) -> bool {
    match *data {
        [0xff, 0xff, _, ..] => true,
        [dsap, ssap, control, ..] => sap(dsap, ssap, control & !POLL_FINAL)
            .and_then(name)
            .is_some(),
        _ => false,
    }
}

/// The one address that both fields hold, or one of them where the other is a whole station; their lowest bits tell group from
/// individual, and response from command.
fn sap(dsap: u8, ssap: u8, format: u8) -> Option<u8> {
    match (dsap & !1, ssap & !1) {
        (dsap, ssap) if dsap == ssap => Some(dsap),
        (SAP_NULL, sap) | (sap, SAP_NULL) if matches!(format, XID | TEST) => Some(sap),
        _ => None,
    }
}

/// IEEE's list of standard LLC addresses, and what others took for themselves (Wireshark's `llc.dsap`).
pub(crate) fn name(sap: u8) -> Option<&'static str> {
    Some(match sap {
        SAP_NULL => "null SAP",
        0x02 => "sublayer management",
        0x04 => "SNA path control",
        SAP_IP => "IP",
        0x08 | 0x0c => "SNA",
        0x0e => "PROWAY network management",
        0x10 | SAP_IPX => "IPX",
        0x14 | 0x20 | 0x34 | 0x54 | SAP_ISO => "ISO network layer",
        0x18 => "Texas Instruments",
        SAP_STP => "STP",
        0x4e => "EIA RS-511",
        0x7e => "X.25",
        0x80 => "XNS",
        0x82 => "BACnet",
        0x86 => "Nestar",
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
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use crate::identify::{
        describe,
        tests::{claim, octets},
    };

    #[test]
    fn a_known_service_access_point_is_named() {
        claim("0004 e0e0 03 ff", "LLC IPX, cut header");
        claim("0003 f0f0 03", "LLC NetBIOS");
        claim("0003 f0f1 7f", "LLC NetBIOS SABME");
        claim("0003 8282 03", "LLC BACnet");
    }

    #[test]
    fn an_ip_packet_may_be_in_llc_alone() {
        claim(
            "001f 0606 03 4500 001c 0000 0000 4011 0000 0a000001 0a000002 0fa0 0fa1 0008 0000",
            "LLC UDP 10.0.0.1:4000 > 10.0.0.2:4001",
        );
    }

    #[test]
    fn an_access_points_layer_2_update_is_an_xid_of_the_null_sap() {
        claim("0006 0001 af 810100", "LLC null SAP XID");
        claim("0003 0001 f3", "LLC null SAP TEST");
    }

    #[test]
    fn a_station_is_tested_by_a_service_access_point_and_the_other_way_round() {
        claim("0003 0004 f3", "LLC SNA path control TEST");
        claim("0003 f001 e3", "LLC NetBIOS TEST");
        claim("0006 00aa bf 810100", "LLC SNAP XID");
        claim(
            "0003 0012 e3",
            "802.3 frame, length 3 (0x0003 on the wire), LLC DSAP 0x00 SSAP 0x12 TEST",
        );
        claim(
            "0003 0004 03",
            "802.3 frame, length 3 (0x0003 on the wire), LLC DSAP 0x00 SSAP 0x04",
        );
    }

    #[test]
    fn unknown_or_unlike_service_access_points_are_numbers_after_the_length() {
        claim(
            "0003 1234 03",
            "802.3 frame, length 3 (0x0003 on the wire), LLC DSAP 0x12 SSAP 0x34",
        );
        claim(
            "0003 e042 03",
            "802.3 frame, length 3 (0x0003 on the wire), LLC DSAP 0xe0 SSAP 0x42",
        );
    }

    #[test]
    fn a_length_of_0x0400_is_no_ethertype() {
        let frame = octets("ffffffffffff 020000000001 0400 5678 9a");
        let mut out = String::new();
        describe(&mut out, &frame, 14 + 1024);
        assert_eq!(
            out,
            "802.3 frame, length 1024 (0x0400 on the wire, which is no EtherType), LLC DSAP 0x56 SSAP 0x78"
        );
    }

    #[test]
    fn a_length_beyond_the_frames_end_is_said() {
        claim(
            "0401 424203 0000 00 80",
            "802.3 frame, length 1025 but 7 present, STP TCN BPDU",
        );
        claim(
            "0400 5678 9a",
            "802.3 frame, length 1024 (0x0400 on the wire, which is no EtherType) but 3 present, LLC DSAP 0x56 SSAP 0x78",
        );
    }

    #[test]
    fn padding_is_not_taken_for_llc() {
        claim(
            "0000 424203",
            "802.3 frame, length 0 (0x0000 on the wire), no LLC header",
        );
        claim(
            "0002 424203",
            "802.3 frame, length 2 (0x0002 on the wire), no LLC header",
        );
    }

    #[test]
    fn a_cut_llc_header_is_said_to_be_cut() {
        let frame = octets("0180c2000000 020000000001 0026 4242");
        let mut out = String::new();
        describe(&mut out, &frame, 60);
        assert_eq!(
            out,
            "802.3 frame, length 38 (0x0026 on the wire), LLC, cut header"
        );
    }

    #[test]
    fn two_octets_of_ones_are_novells_raw_802_3() {
        claim("0005 ffff 0022 00", "Novell raw 802.3 IPX, cut header");
    }
}
