//! Generic routing encapsulation (RFC 2784, RFC 2890), and PPTP's version of it (RFC 2637).

use std::fmt::{Result, Write};

use super::erspan;
use crate::identify::{
    access::ppp,
    bridge::{cdp, isis},
    ethernet, field,
    internet::nhrp,
    phrase::Phrase,
};

/// Flags of the first two octets. Each adds a word, the first two the same one; behind the words, the second adds a route, which is
/// RFC 1701's, and the last is PPTP's.
const CHECKSUM: u16 = 0x8000;
const ROUTING: u16 = 0x4000;
const KEY: u16 = 0x2000;
const SEQUENCE: u16 = 0x1000;
const ACKNOWLEDGMENT: u16 = 0x0080;

const VERSION: u16 = 0x0007;

/// What version 1 carries: PPTP (RFC 2637, 4.1), and Ethernet between `MikroTik`'s routers, as Wireshark knows it too.
const PPP: u16 = 0x880b;
const ETHERNET_OVER_IP: u16 = 0x6400;

/// Describes what follows the addresses.
pub(crate) fn describe(out: &mut Phrase, packet: &[u8]) -> Result {
    let (Some(flags), Some(ether_type)) = (field::be16(packet, 0), field::be16(packet, 2)) else {
        return out.write_str(", cut header");
    };
    let mut at = 4;
    if flags & (CHECKSUM | ROUTING) != 0 {
        at += 4;
    }
    match flags & VERSION {
        0 => {
            if flags & KEY != 0 {
                match field::be32(packet, at) {
                    Some(key) => write!(out, ", key {key:#010x}")?,
                    None => return out.write_str(", cut header"),
                }
                at += 4;
            }
        }
        1 if ether_type == PPP => return point_to_point(out, flags, packet),
        1 if ether_type == ETHERNET_OVER_IP => return ethernet_over_ip(out, packet),
        version => return write!(out, ", version {version}"),
    }
    let has_sequence = flags & SEQUENCE != 0;
    if has_sequence {
        at += 4;
    }
    let rest = packet.get(at..).and_then(|rest| match flags & ROUTING {
        0 => Some(rest),
        _ => behind_route(rest),
    });
    match rest {
        Some(frame) if ether_type == erspan::TYPE_1_AND_2 && !has_sequence => {
            erspan::describe_without_header(out, frame)
        }
        Some(packet) => describe_payload(out, ether_type, packet),
        None => out.write_str(", cut header"),
    }
}

/// Goes on to what an `EtherType` announces, or one of the numbers beside them.
fn describe_payload(out: &mut Phrase, kind: u16, packet: &[u8]) -> Result {
    let describe = match kind {
        // It comes back within a packet that the sender made for it, as Cisco's routers do.
        0 => return out.write_str(", keepalive"),
        // RFC 1701 has the first; Cisco's are the others.
        0x00fe => isis::describe,
        0x2000 => |out: &mut Phrase, packet: &[u8]| cdp::describe(out, "CDP", packet),
        0x2001 => nhrp::describe,
        _ => return super::describe_inside(out, kind, packet),
    };
    out.inside()?;
    describe(out, packet)
}

/// What follows the source route entries (RFC 1701): a family, an offset and a length each; the last has neither family nor length.
fn behind_route(mut rest: &[u8]) -> Option<&[u8]> {
    loop {
        let (&[high, low, _, length], entry) = rest.split_first_chunk::<4>()?;
        if [high, low, length] == [0; 3] {
            return Some(entry);
        }
        rest = entry.get(length.into()..)?;
    }
}

/// The key is the payload's length, and the tunnel in the other byte order.
fn ethernet_over_ip(out: &mut Phrase, packet: &[u8]) -> Result {
    let Some(tunnel) = field::be16(packet, 6).map(u16::swap_bytes) else {
        return out.write_str(", cut header");
    };
    write!(out, ", EoIP tunnel {tunnel}")?;
    match packet.get(8..) {
        // It only says that it is there.
        None | Some([]) => Ok(()),
        Some(frame) => ethernet::describe_inside(out, frame),
    }
}

/// The key is the payload's length and the call.
fn point_to_point(out: &mut Phrase, flags: u16, packet: &[u8]) -> Result {
    let Some(call) = field::be16(packet, 6) else {
        return out.write_str(", cut header");
    };
    write!(out, ", PPTP call {call}")?;
    let at = [SEQUENCE, ACKNOWLEDGMENT]
        .into_iter()
        .filter(|flag| flags & flag != 0)
        .fold(8, |at, _| at + 4);
    match packet.get(at..) {
        // It only acknowledges.
        _ if flags & SEQUENCE == 0 => Ok(()),
        Some(frame) => {
            out.inside()?;
            ppp::describe(out, frame)
        }
        None => out.write_str(", cut header"),
    }
}

#[cfg(test)]
mod tests {
    use crate::identify::tests::claim_ipv4;

    #[track_caller]
    fn claim(packet: &str, expected: &str) {
        claim_ipv4(47, packet, &format!("GRE 10.0.0.1 > 10.0.0.2{expected}"));
    }

    #[test]
    fn a_checksum_or_a_route_brings_both_fields_of_a_word() {
        claim("8000 88ca 0000 0000 0207", ", TIPC");
        claim("4000 88ca 0000 0000 0000 00 00", ", TIPC");
        claim("c000 88ca 0000 0000 0000 00 00", ", TIPC");
    }

    #[test]
    fn what_is_no_ethertype_is_known_by_its_number() {
        claim("0000 0000", ", keepalive");
        claim(
            "0000 2001 0001 0800 0000000000 00ff 0044 0000 0000 01 01 0400",
            ", NHRP resolution request",
        );
        claim(
            "0000 00fe 83 14 01 00 11 01 00 00 03 192168001001 001e 0014 00",
            ", IS-IS point-to-point hello, system 1921.6800.1001",
        );
        claim("0000 2000 02 b4 0000 0001 0007 737731", ", CDP, device sw1");
        claim("0000 0004", ", protocol type 0x0004");
    }

    #[test]
    fn a_vlan_tag_may_be_carried_and_a_length_may_not() {
        claim("0000 8100 0064 88ca", ", VLAN 100, TIPC");
        claim(
            "0000 8100 0064 0007 424203 0000 00 80",
            ", VLAN 100, STP TCN BPDU",
        );
        claim("0000 0007 424203 0000 00 80", ", protocol type 0x0007");
    }

    #[test]
    fn a_route_is_stepped_over() {
        let route = "0800 00 08 0a000003 0a000004 0800 00 00";
        claim(
            &format!("7000 88ca 0000 0000 00000007 00000001 {route} 0000 00 00"),
            ", key 0x00000007, TIPC",
        );
        claim(&format!("4000 88ca 0000 0000 {route} 0000"), ", cut header");
    }
}
