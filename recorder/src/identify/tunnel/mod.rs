//! What carries other packets: labels, headers of the kernel's tunnels, and those that come over UDP.

pub(crate) mod erspan;
pub(crate) mod geneve;
pub(crate) mod gre;
pub(crate) mod gtp;
pub(crate) mod l2tp;
pub(crate) mod mpls;
pub(crate) mod nsh;
pub(crate) mod trill;
pub(crate) mod vxlan;
pub(crate) mod wireguard;

use std::fmt::{Result, Write};

use super::{
    ethernet::{self, ethertype},
    internet::{self, likely},
    phrase::Phrase,
};

/// The `EtherType` that stands for a whole Ethernet frame.
const TRANSPARENT_ETHERNET: u16 = 0x6558;

/// Goes on to what an `EtherType` announces within a tunnel, where there are no lengths in its place.
fn describe_inside(out: &mut Phrase, ether_type: u16, packet: &[u8]) -> Result {
    match ether_type {
        TRANSPARENT_ETHERNET => ethernet::describe_inside(out, packet),
        ethertype::MIN.. => {
            out.inside()?;
            ethernet::describe_typed(out, ether_type, packet, None)
        }
        _ => write!(out, ", protocol type {ether_type:#06x}"),
    }
}

/// Goes on to an IP packet or an Ethernet frame where nothing announces it, if it is sure to be one.
fn describe_unannounced(out: &mut Phrase, packet: &[u8]) -> Result {
    if likely::is_ip(out, packet) {
        out.inside()?;
        internet::describe(out, packet)
    } else if ethernet::is_likely(out, packet) {
        ethernet::describe_inside(out, packet)
    } else {
        Ok(())
    }
}

/// Goes on to what the numbers of VXLAN-GPE and NSH announce (IANA's *NSH Next Protocol*).
fn describe_next(out: &mut Phrase, next: u8, packet: &[u8]) -> Result {
    match next {
        3 => return ethernet::describe_inside(out, packet),
        1 | 2 | 4 | 5 => out.inside()?,
        _ => return write!(out, ", next protocol {next}"),
    }
    match next {
        4 => nsh::describe(out, packet),
        5 => mpls::describe(out, packet),
        _ => internet::describe(out, packet),
    }
}
