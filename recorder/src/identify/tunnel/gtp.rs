//! User data of mobile networks: GTP-U (3GPP TS 29.281, clause 5).

use std::fmt::{Result, Write};

use crate::identify::{field, phrase::Phrase};

/// Version 1 and the protocol's own bit; extension, sequence number or N-PDU number: any of them makes the header longer.
const VERSION_MASK: u8 = 0xf0;
const VERSION_1: u8 = 0x30;
const LONGER: u8 = 0x07;
const EXTENSION: u8 = 0x04;

const USER_DATA: u8 = 255;

/// Describes a datagram if it is one of GTP-U's.
pub(crate) fn describe(out: &mut Phrase, payload: &[u8]) -> Option<Result> {
    let &[flags, kind, ..] = payload else {
        return None;
    };
    (flags & VERSION_MASK == VERSION_1).then_some(())?;
    let name = match kind {
        1 => "echo request",
        2 => "echo response",
        26 => "error indication",
        31 => "extension headers",
        254 => "end marker",
        USER_DATA => "packet",
        _ => return None,
    };
    let tunnel = field::be32(payload, 4)?;
    Some(
        write!(out, ", GTP-U {name}, TEID {tunnel:#010x}").and_then(|()| {
            if kind != USER_DATA {
                return Ok(());
            }
            match content(flags, payload) {
                // An IP packet, an Ethernet frame, or anything: what it is was agreed upon before (TS 23.501, 5.6.10).
                Some(packet) => super::describe_unannounced(out, packet),
                None => out.write_str(", cut header"),
            }
        }),
    )
}

/// What follows the header and its extensions, whose lengths are in words of four octets.
fn content(flags: u8, payload: &[u8]) -> Option<&[u8]> {
    if flags & LONGER == 0 {
        return payload.get(8..);
    }
    let mut next = *payload.get(11)?;
    let mut rest = payload.get(12..)?;
    while flags & EXTENSION != 0 && next != 0 {
        let length = usize::from(*rest.first()?) * 4;
        if length == 0 {
            // No header is so short, so nobody knows where the next one is.
            return Some(&[]);
        }
        next = *rest.get(length - 1)?;
        rest = rest.get(length..)?;
    }
    Some(rest)
}

#[cfg(test)]
mod tests {
    use crate::identify::tests::claim_ipv4;

    #[track_caller]
    fn claim(user_data: &str, expected: &str) {
        claim_ipv4(
            17,
            &format!("0868 0868 0000 0000 30 ff 0000 00000064 {user_data}"),
            &format!("UDP 10.0.0.1:2152 > 10.0.0.2:2152, GTP-U packet, TEID 0x00000064{expected}"),
        );
    }

    const IPV4: &str = "4500 001c 0000 0000 4011 66cf 0a000001 0a000002 0fa0 0fa1 0008 0000";
    const TELLS_IPV4: &str = ", UDP 10.0.0.1:4000 > 10.0.0.2:4001";

    #[test]
    fn a_packet_or_a_frame_is_told_if_it_is_sure_to_be_one() {
        claim(IPV4, TELLS_IPV4);
        for first in ["649e", "0011"] {
            let addresses = format!("{first}f3112233 000c29aabbcc");
            claim(&format!("{addresses} 0800 {IPV4}"), TELLS_IPV4);
            claim(
                &format!("{addresses} 8100 0007 0800 {IPV4}"),
                &format!(", VLAN 7{TELLS_IPV4}"),
            );
            claim(&format!("{addresses} 88cc {IPV4}"), "");
        }
    }

    #[test]
    fn anything_else_is_not_told() {
        claim("", "");
        claim("0102030405", "");
        claim(&"45".repeat(60), "");
    }

    #[test]
    fn a_packet_is_told_behind_extension_headers() {
        let claim = |extensions: &str, expected: &str| {
            claim_ipv4(
                17,
                &format!("0868 0868 0000 0000 34 ff 0000 00000064 0000 00 {extensions} {IPV4}"),
                &format!(
                    "UDP 10.0.0.1:2152 > 10.0.0.2:2152, GTP-U packet, TEID 0x00000064{expected}"
                ),
            );
        };
        claim("85 01 0001 00", TELLS_IPV4);
        claim("85 01 0001 85 02 000000000000 00", TELLS_IPV4);
        claim("00", TELLS_IPV4);
        claim("85 00 0001 00", "");
    }
}
