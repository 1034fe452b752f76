//! Controller area networks (`LINKTYPE_CAN_SOCKETCAN`): identifier, flags and length, in network byte order.

use std::fmt::{Result, Write};

use crate::identify::{field, phrase::Phrase};

/// `linux/can.h`: an identifier of 29 bits, a request, an error of the controller.
const EXTENDED: u32 = 0x8000_0000;
const REQUEST: u32 = 0x4000_0000;
const ERROR: u32 = 0x2000_0000;

/// In the octet after the length: CAN FD. In that of the length: CAN XL, whose header is another.
const FLEXIBLE: u8 = 0x04;
const EXTRA_LONG: u8 = 0x80;

pub(crate) fn describe(out: &mut Phrase, packet: &[u8]) -> Result {
    let (Some(id), Some([length, flags])) = (field::be32(packet, 0), field::octets(packet, 4))
    else {
        return out.write_str("CAN, cut header");
    };
    if length & EXTRA_LONG != 0 {
        return write!(out, "CAN XL, priority {:#05x}", id & 0x7ff);
    }
    out.push_str(if flags & FLEXIBLE == 0 {
        "CAN"
    } else {
        "CAN FD"
    });
    if id & ERROR != 0 {
        return out.write_str(" error");
    }
    match id & EXTENDED {
        0 => write!(out, " id {:#05x}", id & 0x7ff)?,
        _ => write!(out, " id {:#010x}", id & 0x1fff_ffff)?,
    }
    if id & REQUEST != 0 {
        return out.write_str(", remote request");
    }
    write!(out, ", {length} bytes")
}
