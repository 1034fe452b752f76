//! BSD's loopback interfaces: an address family, then the packet (`LINKTYPE_NULL`, `LINKTYPE_LOOP`).

use std::fmt::{Result, Write};

use crate::identify::{field, internet, phrase::Phrase};

/// The family is in the byte order of the host that captured: the smaller reading is it.
pub(crate) fn describe_null(out: &mut Phrase, packet: &[u8]) -> Result {
    let family = field::be32(packet, 0).map(|family| family.min(family.swap_bytes()));
    describe(out, family, packet)
}

pub(crate) fn describe_loop(out: &mut Phrase, packet: &[u8]) -> Result {
    describe(out, field::be32(packet, 0), packet)
}

fn describe(out: &mut Phrase, family: Option<u32>, packet: &[u8]) -> Result {
    match (family, packet.get(4..)) {
        (Some(2), Some(packet)) => internet::ipv4::describe(out, packet),
        // Linux, NetBSD and OpenBSD, FreeBSD, macOS.
        (Some(10 | 24 | 28 | 30), Some(packet)) => internet::ipv6::describe(out, packet),
        (Some(family), _) => write!(out, "BSD loopback, address family {family}"),
        (None, _) => out.write_str("BSD loopback, cut header"),
    }
}
