//! Frame Relay (ITU-T Q.922, RFC 2427): the connection, and what it carries.

use std::fmt::{Result, Write};

use super::cisco_typed;
use crate::identify::{
    bridge::isis,
    ethernet::{ethertype, snap},
    field, internet,
    phrase::Phrase,
};

/// In each octet of the address: it is the last one.
const LAST: u8 = 0x01;

const UNNUMBERED: u8 = 0x03;

/// Where user and network tell each other of the connections' state: the first is the standard's (ITU-T Q.933, annex A), the last
/// Cisco's.
const SIGNALLING: [u16; 2] = [0, 1023];

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
        // A protocol, a reference of no octets, a message.
        [0x08 | 0x09, _, kind, ..] if SIGNALLING.contains(&connection) => match kind {
            0x75 => out.write_str(", LMI status enquiry"),
            0x7d => out.write_str(", LMI status"),
            _ => write!(out, ", LMI message {kind:#04x}"),
        },
        [0xcc | 0x8e, ref packet @ ..] => {
            out.inside()?;
            internet::describe(out, packet)
        }
        [0x81..=0x83, ..] => {
            out.inside()?;
            isis::describe(out, rest)
        }
        [0x80, ref rest @ ..] => {
            out.push_str(", ");
            snap::describe(out, rest, 0)
        }
        [protocol, ..] => write!(out, ", protocol {protocol:#04x}"),
        [] => out.write_str(", cut header"),
    }
}

#[cfg(test)]
mod tests {
    use crate::identify::tests::claim_link_type;

    #[test]
    fn user_and_network_tell_each_other_of_the_connections() {
        claim_link_type(
            107,
            "0001 03 08 00 75 95 01 01 00 03 02 01 00",
            "Frame Relay DLCI 0, LMI status enquiry",
        );
        claim_link_type(
            107,
            "fcf1 03 09 00 7d 01 01 00 03 02 01 00",
            "Frame Relay DLCI 1023, LMI status",
        );
    }

    #[test]
    fn a_bridged_frame_is_told() {
        claim_link_type(
            107,
            "1841 03 00 80 0080c2 0007 020000000002 020000000001 88ca",
            "Frame Relay DLCI 100, SNAP bridged Ethernet, TIPC",
        );
    }
}
