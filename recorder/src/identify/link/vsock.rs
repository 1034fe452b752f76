//! Sockets between a host and its guests, as `vsockmon` shows them (`linux/vsockmon.h`). Little-endian.

use std::fmt::{Result, Write};

use crate::identify::{field, phrase::Phrase};

pub(crate) fn describe(out: &mut Phrase, packet: &[u8]) -> Result {
    let (Some(source), Some(destination), Some(from), Some(to), Some(operation)) = (
        field::octets(packet, 0).map(u64::from_le_bytes),
        field::octets(packet, 8).map(u64::from_le_bytes),
        field::le32(packet, 16),
        field::le32(packet, 20),
        field::le16(packet, 24),
    ) else {
        return out.write_str("vsock, cut header");
    };
    out.push_str("vsock ");
    match operation {
        1 => out.push_str("connect"),
        2 => out.push_str("disconnect"),
        3 => out.push_str("control"),
        4 => out.push_str("payload"),
        _ => write!(out, "operation {operation}")?,
    }
    write!(out, " {source}:{from} > {destination}:{to}")
}
