//! B.A.T.M.A.N. Advanced, version 15 of its packets (`include/uapi/linux/batadv_packet.h`, Linux 6.18).

use std::fmt::{Result, Write};

use crate::identify::{address, ethernet, field, phrase::Phrase};

const VERSION: u8 = 15;

pub(crate) fn describe(out: &mut Phrase, payload: &[u8]) -> Result {
    out.push_str("B.A.T.M.A.N. Advanced");
    let &[kind, version, ..] = payload else {
        return out.write_str(", cut header");
    };
    if version != VERSION {
        return write!(out, ", version {version}");
    }
    // The name, whose address follows, where it is, and where a whole Ethernet frame begins if it carries one.
    let (name, role, at, carried) = match kind {
        0x00 => ("OGM", "from", 8, None),
        0x01 => ("broadcast", "from", 8, Some(14)),
        0x03 => ("ELP", "from", 2, None),
        0x04 => ("OGM2", "from", 8, None),
        0x40 => ("unicast", "to", 4, Some(10)),
        0x41 => ("unicast fragment", "to", 4, None),
        0x42 => ("unicast with source", "to", 4, Some(18)),
        0x43 => ("ICMP", "to", 4, None),
        0x44 => ("unicast TVLV", "to", 4, None),
        0x02 => return out.write_str(" coded"),
        0x05 => return out.write_str(" multicast"),
        _ => return write!(out, " type {kind:#04x}"),
    };
    write!(out, " {name}")?;
    let Some(whose) = field::octets(payload, at) else {
        return out.write_str(", cut header");
    };
    write!(out, " {role} ")?;
    address::mac(out, whose);
    match carried.and_then(|at| payload.get(at..)) {
        Some(frame) => ethernet::describe_inside(out, frame),
        None => Ok(()),
    }
}
