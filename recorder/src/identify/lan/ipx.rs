//! IPX (Novell, *IPX Router Specification*, 2): network, node and socket of both ends.

use std::fmt::{Result, Write};

use crate::identify::{field, phrase::Phrase};

pub(crate) fn describe(out: &mut Phrase, packet: &[u8]) -> Result {
    out.push_str("IPX");
    if packet.len() < 30 {
        return out.write_str(", cut header");
    }
    end(out, " ", packet, 18)?;
    end(out, " > ", packet, 6)
}

fn end(out: &mut Phrase, title: &str, packet: &[u8], at: usize) -> Result {
    let (Some(network), Some(node), Some(socket)) = (
        field::be32(packet, at),
        field::octets(packet, at + 4),
        field::be16(packet, at + 10),
    ) else {
        return Ok(());
    };
    let node = field::wide(node);
    write!(out, "{title}{network:08x}.{node:012x}:{socket:#06x}")
}
