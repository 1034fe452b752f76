//! The subnetwork access protocol: protocols named by an organization and its number (IEEE 802, clause 9.2.3; RFC 1042).

use std::fmt::{Result, Write};

use super::ethertype;
use crate::identify::{
    bridge::{cdp, edp, pvst, stp, vtp},
    ethernet,
    internet::nhrp,
    lan::appletalk,
    phrase::Phrase,
};

/// The protocol identifier is an `EtherType`: RFC 1042, and IEEE 802.1H's bridge-tunnel encapsulation.
const RFC_1042: [u8; 3] = [0x00, 0x00, 0x00];
const BRIDGE_TUNNEL: [u8; 3] = [0x00, 0x00, 0xf8];

/// Describes what begins with an organization; before a bridged frame there are so many octets of `padding`.
pub(crate) fn describe(out: &mut Phrase, information: &[u8], padding: usize) -> Result {
    let Some((&[a, b, c, high, low], rest)) = information.split_first_chunk::<5>() else {
        return out.write_str("SNAP, cut header");
    };
    let oui = [a, b, c];
    let pid = u16::from_be_bytes([high, low]);

    if (oui == RFC_1042 || oui == BRIDGE_TUNNEL) && pid >= ethertype::MIN {
        out.push_str("SNAP");
        out.inside()?;
        return ethernet::describe_typed(out, pid, rest, None);
    }
    match (oui, pid) {
        (CISCO, 0x010b) => pvst::describe(out, rest),
        (CISCO, 0x2000) => cdp::describe(out, "CDP", rest),
        (FOUNDRY, 0x2000) => cdp::describe(out, "FDP", rest),
        (CISCO, 0x2003) => vtp::describe(out, rest),
        (EXTREME, 0x00bb) => edp::describe(out, rest),
        // With and without a frame check sequence (RFC 2684, 5.2; RFC 2427, 4.2).
        (BRIDGED, 0x0001 | 0x0007) => {
            out.push_str("SNAP bridged Ethernet");
            match rest.get(padding..) {
                Some(frame) => ethernet::describe_inside(out, frame),
                None => out.write_str(", cut header"),
            }
        }
        (BRIDGED, 0x000e) => {
            out.push_str("SNAP bridged ");
            stp::describe(out, rest)
        }
        (NHRP, 0x0003) => {
            out.push_str("SNAP ");
            nhrp::describe(out, rest)
        }
        (APPLE, ethertype::APPLETALK) => appletalk::describe(out, rest),
        _ => match name(oui, pid) {
            Some(name) => out.write_str(name),
            None => write!(out, "SNAP OUI {a:02x}:{b:02x}:{c:02x} PID {pid:#06x}"),
        },
    }
}

/// The same two numbers after an `EtherType` (IEEE 802, 9.2.4).
pub(crate) fn describe_extended(out: &mut Phrase, payload: &[u8]) -> Result {
    out.push_str("OUI extended EtherType");
    match *payload {
        [a, b, c, high, low, ..] => write!(
            out,
            ", OUI {a:02x}:{b:02x}:{c:02x} PID {:#06x}",
            u16::from_be_bytes([high, low])
        ),
        _ => out.write_str(", cut header"),
    }
}

const APPLE: [u8; 3] = [0x08, 0x00, 0x07];
const BRIDGED: [u8; 3] = [0x00, 0x80, 0xc2];
const CISCO: [u8; 3] = [0x00, 0x00, 0x0c];
const EXTREME: [u8; 3] = [0x00, 0xe0, 0x2b];
const FOUNDRY: [u8; 3] = [0x00, 0xe0, 0x52];
const NHRP: [u8; 3] = [0x00, 0x00, 0x5e];
const NORTEL: [u8; 3] = [0x00, 0x00, 0x81];

/// What else the vendors number, named as Wireshark names it (`llc.cisco_pid` and its like).
fn name(oui: [u8; 3], pid: u16) -> Option<&'static str> {
    Some(match (oui, pid) {
        (CISCO, 0x0102) => "DRiP",
        (CISCO, 0x0104) => "PAgP",
        (CISCO, 0x0105) => "MLS hello",
        (CISCO, 0x0108) => "RLQ BPDU request",
        (CISCO, 0x0109) => "RLQ BPDU response",
        (CISCO, 0x010c) => "Cisco VLAN bridge BPDU",
        (CISCO, 0x0111) => "UDLD",
        (CISCO, 0x0139) => "Cisco ACI miscabling protocol",
        (CISCO, 0x2001) => "CGMP",
        (CISCO, 0x2004) => "DTP",
        (CISCO, 0x200a) => "Cisco UplinkFast",
        (NORTEL, 0x01a1..=0x01a3) => "Nortel discovery protocol",
        ([0x00, 0x01, 0xe8], 0x0111) => "Force10 FEFD",
        ([0x00, 0x40, 0x96], 0x0000) => "Cisco WLCCP",
        ([0x00, 0x80, 0x5f], 0x0002) => "HP teaming heartbeat",
        ([0x00, 0x17, 0xf2], 0x0800) => "Apple AWDL",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use crate::identify::tests::claim;

    #[test]
    fn ciscos_protocols_are_named() {
        claim("0008 aaaa03 00000c 2004", "DTP");
        claim("0008 aaaa03 00000c 0111", "UDLD");
        claim("0008 aaaa03 00000c 0104", "PAgP");
    }

    #[test]
    fn a_bridged_frame_is_told_behind_its_padding() {
        let frame = "020000000002 020000000001 88ca";
        for pid in ["0001", "0007"] {
            claim(
                &format!("0018 aaaa03 0080c2 {pid} 0000 {frame}"),
                "SNAP bridged Ethernet, TIPC",
            );
        }
        claim(
            "000c aaaa03 0080c2 000e 0000 00 80",
            "SNAP bridged STP TCN BPDU",
        );
        claim("0008 aaaa03 0080c2 0002", "SNAP OUI 00:80:c2 PID 0x0002");
    }

    #[test]
    fn an_unknown_protocol_is_its_two_numbers() {
        claim("0008 aaaa03 001122 3344", "SNAP OUI 00:11:22 PID 0x3344");
        claim("0008 aaaa03 000000 0004", "SNAP OUI 00:00:00 PID 0x0004");
    }

    #[test]
    fn an_encapsulated_ethertype_is_described_as_itself() {
        claim("0008 aaaa03 000000 88cc", "SNAP, LLDP, cut header");
        claim("0008 aaaa03 0000f8 8137", "SNAP, IPX, cut header");
    }

    #[test]
    fn a_vlan_tag_may_be_encapsulated_and_carry_more_of_it() {
        claim(
            "000c aaaa03 000000 8100 0064 88cc",
            "SNAP, VLAN 100, LLDP, cut header",
        );
        claim(
            "0013 aaaa03 000000 8100 0064 0007 424203 0000 00 80",
            "SNAP, VLAN 100, STP TCN BPDU",
        );
        // Each length is that of what follows it.
        claim(
            "0030 aaaa03000000 8100 0064 0024 aaaa03000000 8100 0064 0018 aaaa03000000 8100 0064 000c aaaa03000000 8100 0064 88ca",
            "SNAP, VLAN 100, SNAP, VLAN 100, SNAP, VLAN 100, SNAP, more inside",
        );
    }

    #[test]
    fn a_cut_header_is_said_to_be_cut() {
        claim("0007 aaaa03 00000c 20", "SNAP, cut header");
    }
}
