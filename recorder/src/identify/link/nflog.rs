//! Packets that nftables or iptables have logged (`LINKTYPE_NFLOG`): fields of a length and a type, one of them the packet.

use std::fmt::{Result, Write};

use crate::identify::{field, internet, phrase::Phrase};

/// Family, version, resource.
const HEADER: usize = 4;

/// `NFULA_PAYLOAD` (`linux/netfilter/nfnetlink_log.h`).
const PAYLOAD: u16 = 9;

/// Address families that log IP packets: IPv4 and IPv6, on Linux.
const IP: [u8; 2] = [2, 10];

/// Lengths and types are in the byte order of the host that logged, which is little-endian where it is not said.
pub(crate) fn describe(out: &mut Phrase, packet: &[u8]) -> Result {
    let Some(&family) = packet.first() else {
        return out.write_str("NFLOG, cut header");
    };
    let mut fields = packet.get(HEADER..).unwrap_or_default();
    while let (Some(length), Some(kind)) = (field::le16(fields, 0), field::le16(fields, 2)) {
        let length = usize::from(length);
        if length < 4 {
            break;
        }
        if kind == PAYLOAD && IP.contains(&family) {
            out.push_str("NFLOG, ");
            let end = length.min(fields.len());
            return internet::describe(out, &fields[4..end]);
        }
        fields = fields.get(length.next_multiple_of(4)..).unwrap_or_default();
    }
    write!(out, "NFLOG, address family {family}")
}
