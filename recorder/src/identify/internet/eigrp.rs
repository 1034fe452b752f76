//! EIGRP (RFC 7868, 6.5.1): the packet by its opcode, and the autonomous system.

use std::fmt::{Result, Write};

use crate::identify::{field, phrase::Phrase};

/// Describes what follows the addresses.
pub(crate) fn describe(out: &mut Phrase, packet: &[u8]) -> Result {
    let (Some(&opcode), Some(system)) = (packet.get(1), field::be16(packet, 18)) else {
        return out.write_str(", cut header");
    };
    match opcode {
        1 => out.push_str(", update"),
        3 => out.push_str(", query"),
        4 => out.push_str(", reply"),
        5 => out.push_str(", hello"),
        10 => out.push_str(", SIA query"),
        11 => out.push_str(", SIA reply"),
        _ => write!(out, ", opcode {opcode}")?,
    }
    write!(out, ", AS {system}")
}
