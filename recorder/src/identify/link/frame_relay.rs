//! Frame Relay (ITU-T Q.922, RFC 2427): the connection, and what it carries.

use std::fmt::{Result, Write};

use super::cisco_typed;
use crate::identify::{
    bridge::isis,
    ethernet::{ethertype, payload},
    field, internet,
    phrase::Phrase,
};

/// In each octet of the address: it is the last one.
const LAST: u8 = 0x01;

const UNNUMBERED: u8 = 0x03;

pub(crate) fn describe(out: &mut Phrase, packet: &[u8]) -> Result {
    out.push_str("Frame Relay");
    let Some((&[high, low], rest)) = packet.split_first_chunk() else {
        return out.write_str(", cut header");
    };
    if high & LAST != 0 || low & LAST == 0 {
        return Ok(());
    }
    let connection = u16::from(high >> 2) << 4 | u16::from(low >> 4);
    write!(out, " DLCI {connection}")?;
    // The network layer protocol after the control field; a zero pads it.
    let Some(rest) = rest.strip_prefix(&[UNNUMBERED]) else {
        // Cisco's encapsulation has a type at once.
        return match (field::be16(rest, 0), rest.get(2..)) {
            (Some(kind @ ethertype::MIN..), Some(packet)) => {
                out.inside()?;
                cisco_typed(out, kind, packet)
            }
            _ => Ok(()),
        };
    };
    let rest = rest.strip_prefix(&[0]).unwrap_or(rest);
    match *rest {
        [0xcc | 0x8e, ref packet @ ..] => {
            out.inside()?;
            internet::describe(out, packet)
        }
        [0x81..=0x83, ..] => {
            out.inside()?;
            isis::describe(out, rest)
        }
        [0x80, 0, 0, 0, ref rest @ ..] => match (field::be16(rest, 0), rest.get(2..)) {
            (Some(ether_type), Some(packet)) => {
                out.inside()?;
                payload::describe(out, ether_type, packet)
            }
            _ => out.write_str(", cut header"),
        },
        [protocol, ..] => write!(out, ", protocol {protocol:#04x}"),
        [] => out.write_str(", cut header"),
    }
}
