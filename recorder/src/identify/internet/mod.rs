//! The Internet protocols, from address resolution up to the ports.

pub(crate) mod arp;
mod eigrp;
mod endpoints;
mod extensions;
mod icmp;
mod icmpv6;
mod igmp;
pub(crate) mod ipv4;
pub(crate) mod ipv6;
pub(crate) mod likely;
pub(crate) mod nhrp;
mod ospf;
mod pim;
mod quoted;
mod sctp;
mod tcp;
pub(crate) mod transport;
mod udp;
mod vrrp;

use std::fmt::{Result, Write};

use super::phrase::Phrase;

/// Describes an IP packet of the version that its first four bits tell.
pub(crate) fn describe(out: &mut Phrase, packet: &[u8]) -> Result {
    match packet.first().map(|first| first >> 4) {
        Some(4) => ipv4::describe(out, packet),
        Some(6) => ipv6::describe(out, packet),
        Some(version) => write!(out, "IP, version {version} in its header"),
        None => out.write_str("IP, cut header"),
    }
}
