//! PPP (RFC 1661): its control protocols, and the packets that it carries.

use std::fmt::{Result, Write};

use crate::identify::{
    bridge::{cdp, isis},
    internet::{ipv4, ipv6},
    phrase::Phrase,
    tunnel::mpls,
};

/// Describes a frame from its protocol on, or from the address and control field before it (RFC 1662, 3.1).
pub(crate) fn describe(out: &mut Phrase, frame: &[u8]) -> Result {
    let frame = frame.strip_prefix(&[0xff, 0x03]).unwrap_or(frame);
    // An odd first octet is the whole of a compressed field (RFC 1661, 2).
    let (protocol, packet) = match *frame {
        [low, ref packet @ ..] if low & 1 == 1 => (u16::from(low), packet),
        [high, low, ref packet @ ..] => (u16::from_be_bytes([high, low]), packet),
        _ => return out.write_str("PPP, cut header"),
    };
    match protocol {
        0x0021 => ipv4::describe(out, packet),
        0x0057 => ipv6::describe(out, packet),
        0x0023 => isis::describe(out, packet),
        0x0207 => cdp::describe(out, "CDP", packet),
        0x0281 | 0x0283 => mpls::describe(out, packet),
        0xc021 => control(out, "LCP", packet),
        0xc023 => authentication(out, "PAP", ["request", "ack", "nak", ""], packet),
        0xc223 => {
            let codes = ["challenge", "response", "success", "failure"];
            authentication(out, "CHAP", codes, packet)
        }
        0x8021 => control(out, "IPCP", packet),
        0x8023 => control(out, "OSINLCP", packet),
        0x8031 => control(out, "BCP", packet),
        0x8057 => control(out, "IPV6CP", packet),
        0x8207 => control(out, "CDPCP", packet),
        0x8281 => control(out, "MPLSCP", packet),
        0x80fd => control(out, "CCP", packet),
        0x8053 => control(out, "ECP", packet),
        _ => match name(protocol) {
            Some(name) => write!(out, "PPP {name}"),
            None => write!(out, "PPP protocol {protocol:#06x}"),
        },
    }
}

/// IANA's *PPP DLL Protocol Numbers*.
fn name(protocol: u16) -> Option<&'static str> {
    Some(match protocol {
        0x002b => "IPX",
        0x002d => "compressed TCP",
        0x002f => "uncompressed TCP",
        0x0029 => "AppleTalk",
        0x0031 => "bridging",
        0x003d => "multilink fragment",
        0x00fd => "compressed datagram",
        0xc025 => "link quality report",
        0xc227 => "EAP",
        _ => return None,
    })
}

/// RFC 1661, section 5; RFC 1570, section 1.1; RFC 1962, section 3.
fn control(out: &mut Phrase, protocol: &str, packet: &[u8]) -> Result {
    const CODES: [&str; 16] = [
        "vendor specific",
        "configure request",
        "configure ack",
        "configure nak",
        "configure reject",
        "terminate request",
        "terminate ack",
        "code reject",
        "protocol reject",
        "echo request",
        "echo reply",
        "discard request",
        "identification",
        "time remaining",
        "reset request",
        "reset ack",
    ];
    match packet.first() {
        Some(&code) => match CODES.get(usize::from(code)) {
            Some(name) => write!(out, "PPP {protocol} {name}"),
            None => write!(out, "PPP {protocol} code {code}"),
        },
        None => write!(out, "PPP {protocol}, cut header"),
    }
}

/// RFC 1334, RFC 1994: codes from 1 on.
fn authentication(out: &mut Phrase, protocol: &str, codes: [&str; 4], packet: &[u8]) -> Result {
    match packet.first() {
        Some(&code) => match codes.get(usize::from(code).wrapping_sub(1)) {
            Some(name) if !name.is_empty() => write!(out, "PPP {protocol} {name}"),
            _ => write!(out, "PPP {protocol} code {code}"),
        },
        None => write!(out, "PPP {protocol}, cut header"),
    }
}

#[cfg(test)]
mod tests {
    use crate::identify::tests::claim_link_type;

    #[test]
    fn each_protocol_is_known_by_its_number() {
        for (frame, expected) in [
            (
                "0023 83 14 01 00 11 01 00 00 03 192168001001",
                "IS-IS point-to-point hello, system 1921.6800.1001",
            ),
            ("0207 02 b4 0000 0001 0007 737731", "CDP, device sw1"),
            ("8023 01 01 0004", "PPP OSINLCP configure request"),
            ("8031 02 01 0004", "PPP BCP configure ack"),
            ("8207 01 01 0004", "PPP CDPCP configure request"),
            ("c021 0c 01 0008 11223344", "PPP LCP identification"),
            ("c021 10 01 0004", "PPP LCP code 16"),
        ] {
            claim_link_type(9, &format!("ff03 {frame}"), expected);
        }
    }
}
