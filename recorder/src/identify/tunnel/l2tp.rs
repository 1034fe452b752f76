//! L2TP: version 2 over UDP (RFC 2661, 3.1), version 3 over IP or UDP (RFC 3931, 4.1).

use std::fmt::{Result, Write};

use crate::identify::{access::ppp, field, phrase::Phrase};

/// Flags: a control message; a length, sequence numbers, an offset are there.
const CONTROL: u16 = 0x8000;
const LENGTH: u16 = 0x4000;
const SEQUENCE: u16 = 0x0800;
const OFFSET: u16 = 0x0200;

const VERSION: u16 = 0x000f;
const RESERVED: u16 = 0x34f0;

/// The whole first field of version 3, whose control messages have a length and are numbered.
const DATA_3: u16 = 3;
const CONTROL_3: u16 = CONTROL | LENGTH | SEQUENCE | 3;

/// Describes a datagram if it is one of L2TP's.
pub(crate) fn describe(out: &mut Phrase, payload: &[u8]) -> Option<Result> {
    match field::be16(payload, 0)? {
        CONTROL_3 => {
            out.push_str(", L2TPv3");
            Some(control_version_3(out, payload))
        }
        DATA_3 => {
            let session = field::be32(payload, 4)?;
            Some(write!(out, ", L2TPv3, session {session:#010x}"))
        }
        flags => version_2(out, flags, payload),
    }
}

fn version_2(out: &mut Phrase, flags: u16, payload: &[u8]) -> Option<Result> {
    (flags & (VERSION | RESERVED) == 2).then_some(())?;
    let length = if flags & LENGTH == 0 {
        None
    } else {
        field::be16(payload, 2)
    };
    let mut at = if flags & LENGTH == 0 { 2 } else { 4 };
    let (tunnel, session) = (field::be16(payload, at)?, field::be16(payload, at + 2)?);
    at += 4;
    if flags & SEQUENCE != 0 {
        at += 4;
    }
    if flags & OFFSET != 0 {
        at += 2 + usize::from(field::be16(payload, at)?);
    }
    let rest = payload.get(at..).unwrap_or_default();
    Some(
        write!(out, ", L2TP tunnel {tunnel} session {session}").and_then(|()| {
            if flags & CONTROL != 0 {
                // A message without any attribute acknowledges.
                return match length {
                    Some(length) if usize::from(length) <= at => out.write_str(", ZLB"),
                    _ => control(out, rest),
                };
            }
            out.inside()?;
            ppp::describe(out, rest)
        }),
    )
}

/// The first attribute's value is the message's type (RFC 2661, 4.4.1; RFC 3931, 5.4.1).
fn control(out: &mut Phrase, attributes: &[u8]) -> Result {
    let Some(kind) = field::be16(attributes, 6) else {
        return out.write_str(", cut header");
    };
    match kind {
        1 => out.write_str(", SCCRQ"),
        2 => out.write_str(", SCCRP"),
        3 => out.write_str(", SCCCN"),
        4 => out.write_str(", StopCCN"),
        6 => out.write_str(", HELLO"),
        7 => out.write_str(", OCRQ"),
        8 => out.write_str(", OCRP"),
        9 => out.write_str(", OCCN"),
        10 => out.write_str(", ICRQ"),
        11 => out.write_str(", ICRP"),
        12 => out.write_str(", ICCN"),
        14 => out.write_str(", CDN"),
        15 => out.write_str(", WEN"),
        16 => out.write_str(", SLI"),
        20 => out.write_str(", ACK"),
        _ => write!(out, ", message {kind}"),
    }
}

/// Describes what follows the addresses: session 0 is the control connection's.
pub(crate) fn describe_version_3(out: &mut Phrase, packet: &[u8]) -> Result {
    match field::be32(packet, 0) {
        Some(0) => control_version_3(out, &packet[4..]),
        Some(session) => write!(out, ", session {session:#010x}"),
        None => out.write_str(", cut header"),
    }
}

/// Flags, length, the connection, two numbers; then attributes.
fn control_version_3(out: &mut Phrase, message: &[u8]) -> Result {
    const HEADER: usize = 12;

    let (Some(length), Some(connection)) = (field::be16(message, 2), field::be32(message, 4))
    else {
        return out.write_str(", control, cut header");
    };
    write!(out, ", control connection {connection:#010x}")?;
    if usize::from(length) <= HEADER {
        return out.write_str(", ZLB");
    }
    control(out, message.get(HEADER..).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use crate::identify::tests::claim_ipv4;

    #[track_caller]
    fn claim(message: &str, expected: &str) {
        claim_ipv4(
            17,
            &format!("06a5 06a5 0000 0000 {message}"),
            &format!("UDP 10.0.0.1:1701 > 10.0.0.2:1701{expected}"),
        );
    }

    #[test]
    fn a_message_without_attributes_acknowledges_unless_it_is_cut() {
        claim(
            "c802 000c 0001 0000 0000 0000",
            ", L2TP tunnel 1 session 0, ZLB",
        );
        claim(
            "c802 0014 0001 0000 0000 0000",
            ", L2TP tunnel 1 session 0, cut header",
        );
    }

    #[test]
    fn reserved_bits_tell_another_protocol() {
        claim("fff2 000c 0001 0000 0000 0000", "");
    }

    #[test]
    fn version_3_has_connections_and_sessions() {
        let message = "c803 0014 00000007 0001 0001 8008 0000 0000 0001";
        let told = ", control connection 0x00000007, SCCRQ";
        claim(message, &format!(", L2TPv3{told}"));
        claim(
            "c803 000c 00000007 0001 0001",
            ", L2TPv3, control connection 0x00000007, ZLB",
        );
        claim("0003 0000 00000009", ", L2TPv3, session 0x00000009");
        claim_ipv4(
            115,
            &format!("00000000 {message}"),
            &format!("L2TP 10.0.0.1 > 10.0.0.2{told}"),
        );
    }
}
