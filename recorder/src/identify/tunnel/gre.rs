//! Generic routing encapsulation (RFC 2784, RFC 2890), and PPTP's version of it (RFC 2637).

use std::fmt::{Result, Write};

use super::erspan;
use crate::identify::{access::ppp, field, phrase::Phrase};

/// Flags of the first two octets; each adds a word, but for the last, which is PPTP's.
const CHECKSUM: u16 = 0x8000;
const KEY: u16 = 0x2000;
const SEQUENCE: u16 = 0x1000;
const ACKNOWLEDGMENT: u16 = 0x0080;

const VERSION: u16 = 0x0007;

/// Describes what follows the addresses.
pub(crate) fn describe(out: &mut Phrase, packet: &[u8]) -> Result {
    let (Some(flags), Some(ether_type)) = (field::be16(packet, 0), field::be16(packet, 2)) else {
        return out.write_str(", cut header");
    };
    let mut at = 4;
    if flags & CHECKSUM != 0 {
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
        1 => return point_to_point(out, flags, packet),
        version => return write!(out, ", version {version}"),
    }
    let has_sequence = flags & SEQUENCE != 0;
    if has_sequence {
        at += 4;
    }
    match packet.get(at..) {
        Some(frame) if ether_type == erspan::TYPE_1_AND_2 && !has_sequence => {
            erspan::describe_without_header(out, frame)
        }
        Some(packet) => super::describe_inside(out, ether_type, packet),
        None => out.write_str(", cut header"),
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
