//! The subnetwork access protocol: protocols named by an organization and its number (IEEE 802, clause 9.2.3; RFC 1042).

use std::fmt::{Result, Write};

use super::{ethertype, payload};

/// The protocol identifier is an `EtherType`: RFC 1042, and IEEE 802.1H's bridge-tunnel encapsulation.
const RFC_1042: [u8; 3] = [0x00, 0x00, 0x00];
const BRIDGE_TUNNEL: [u8; 3] = [0x00, 0x00, 0xf8];

pub(super) fn describe(out: &mut String, information: &[u8]) -> Result {
    let Some((&[a, b, c, high, low], rest)) = information.split_first_chunk::<5>() else {
        return out.write_str("SNAP, cut header");
    };
    let oui = [a, b, c];
    let pid = u16::from_be_bytes([high, low]);

    if (oui == RFC_1042 || oui == BRIDGE_TUNNEL) && pid >= ethertype::MIN {
        out.push_str("SNAP, ");
        return payload::describe(out, pid, rest);
    }
    match name(oui, pid) {
        Some(name) => out.write_str(name),
        None => write!(out, "SNAP OUI {a:02x}:{b:02x}:{c:02x} PID {pid:#06x}"),
    }
}

/// Neighbour discovery and spanning trees of the vendors, named as Wireshark names them (`llc.cisco_pid` and its like).
fn name(oui: [u8; 3], pid: u16) -> Option<&'static str> {
    Some(match (oui, pid) {
        ([0x00, 0x00, 0x0c], 0x0102) => "DRiP",
        ([0x00, 0x00, 0x0c], 0x0104) => "PAgP",
        ([0x00, 0x00, 0x0c], 0x0105) => "MLS hello",
        ([0x00, 0x00, 0x0c], 0x010b) => "PVST+ BPDU",
        ([0x00, 0x00, 0x0c], 0x010c) => "Cisco VLAN bridge BPDU",
        ([0x00, 0x00, 0x0c], 0x0111) => "UDLD",
        ([0x00, 0x00, 0x0c], 0x2000) => "CDP",
        ([0x00, 0x00, 0x0c], 0x2001) => "CGMP",
        ([0x00, 0x00, 0x0c], 0x2003) => "VTP",
        ([0x00, 0x00, 0x0c], 0x2004) => "DTP",
        ([0x00, 0x00, 0x81], 0x01a1 | 0x01a2) => "Nortel discovery protocol",
        ([0x00, 0xe0, 0x2b], 0x00bb) => "EDP",
        ([0x00, 0xe0, 0x52], 0x2000) => "FDP",
        ([0x08, 0x00, 0x07], 0x809b) => "AppleTalk",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::super::tests::claim;

    #[test]
    fn ciscos_protocols_are_named() {
        claim("0008 aaaa03 00000c 010b", "PVST+ BPDU");
        claim("0008 aaaa03 00000c 2000", "CDP");
        claim("0008 aaaa03 00000c 2003", "VTP");
        claim("0008 aaaa03 00000c 2004", "DTP");
        claim("0008 aaaa03 00000c 0111", "UDLD");
        claim("0008 aaaa03 00000c 0104", "PAgP");
    }

    #[test]
    fn an_unknown_protocol_is_its_two_numbers() {
        claim("0008 aaaa03 001122 3344", "SNAP OUI 00:11:22 PID 0x3344");
        claim("0008 aaaa03 000000 0004", "SNAP OUI 00:00:00 PID 0x0004");
    }

    #[test]
    fn an_encapsulated_ethertype_is_described_as_itself() {
        claim("0008 aaaa03 000000 88cc", "SNAP, LLDP");
        claim("0008 aaaa03 0000f8 8137", "SNAP, IPX");
    }

    #[test]
    fn a_cut_header_is_said_to_be_cut() {
        claim("0007 aaaa03 00000c 20", "SNAP, cut header");
    }
}
