//! What packets begin with in captures of other links than Ethernet, by the link type that the file gives
//! (<https://www.tcpdump.org/linktypes.html>).

mod ax25;
mod bluetooth;
mod can;
mod cooked;
mod family;
mod frame_relay;
mod ieee80211;
mod ieee802154;
pub(super) mod name;
mod netlink;
mod nflog;
mod token;
mod usb;
mod vsock;

use std::fmt::{Result, Write};

use super::{
    access::{ppp, pppoe},
    bridge::{cdp, isis},
    ethernet::{self, llc},
    field, internet,
    lan::fcoe,
    phrase::Phrase,
    tunnel::mpls,
};

/// Describes a packet that is `len` octets long, of which `packet` are the first.
pub(crate) fn describe(out: &mut Phrase, link_type: u32, packet: &[u8], len: usize) -> Result {
    match link_type {
        0 => family::describe_null(out, packet),
        1 => ethernet::describe(out, packet, Some(len)),
        3 => ax25::describe(out, packet),
        6 => token::describe_ring(out, packet),
        // Cisco's framing is told by the address.
        9 | 50 => match packet {
            [0x0f | 0x8f, 0, ..] => cisco(out, packet),
            _ => ppp::describe(out, packet),
        },
        10 => token::describe_fddi(out, packet),
        // A direction, and a compressed header.
        8 => after(out, packet, 16, internet::describe),
        // The second is what some systems call it, and what their old files have for it.
        100 | 11 => llc::describe(out, packet),
        101 | 12 | 14 => internet::describe(out, packet),
        228 => internet::ipv4::describe(out, packet),
        229 => internet::ipv6::describe(out, packet),
        51 => match packet {
            [_, 0, ..] => pppoe::describe_session(out, packet),
            _ => pppoe::describe_discovery(out, packet),
        },
        104 => cisco(out, packet),
        105 => ieee80211::describe(out, packet),
        107 => frame_relay::describe(out, packet),
        108 => family::describe_loop(out, packet),
        109 => after(out, packet, 12, internet::describe),
        113 => cooked::describe_1(out, packet),
        119 | 127 | 163 | 192 => ieee80211::describe_after_header(out, link_type, packet),
        122 => after(out, packet, 16, llc::describe),
        166 | 204 => after(out, packet, 1, ppp::describe),
        187 => bluetooth::describe_hci(out, packet),
        189 | 220 => usb::describe_linux(out, packet),
        195 | 230 => ieee802154::describe(out, packet),
        201 => after(out, packet, 4, bluetooth::describe_hci),
        202 => after(out, packet, 1, ax25::describe),
        205 => after(out, packet, 1, cisco),
        206 => after(out, packet, 1, frame_relay::describe),
        219 => mpls::describe(out, packet),
        224 => fibre_channel(out, packet),
        225 => after(out, packet, 4, fibre_channel),
        // Solaris's: zones and interfaces. InfiniBand's: 40 octets that end in an address, an EtherType, two that are kept.
        226 => after(out, packet, 24, internet::describe),
        242 => match (field::be16(packet, 40), packet.get(44..)) {
            (Some(ether_type), Some(payload)) => {
                ethernet::payload::describe(out, ether_type, payload)
            }
            _ => out.write_str("IPoIB, cut header"),
        },
        227 => can::describe(out, packet),
        239 => nflog::describe(out, packet),
        // A pseudo-header, a preamble, a switch's tag.
        240 | 282 => after(out, packet, 4, frame),
        // A switch's tag before the EtherType: Broadcom's, Marvell's, and Marvell's with an EtherType of its own.
        281 | 284 => without(out, packet, 4),
        285 => without(out, packet, 8),
        241 => after(out, packet, 12, frame),
        259 => after(out, packet, 8, frame),
        249 => usb::describe_usbpcap(out, packet),
        251 => bluetooth::describe_low_energy(out, packet),
        253 => netlink::describe(out, packet),
        256 => after(out, packet, 10, bluetooth::describe_low_energy),
        271 => vsock::describe(out, packet),
        276 => cooked::describe_2(out, packet),
        283 => ieee802154::describe_after_header(out, packet),
        _ => describe_name(out, link_type),
    }
}

fn describe_name(out: &mut Phrase, link_type: u32) -> Result {
    match name::of(link_type) {
        Some(name) => out.write_str(name),
        None => write!(out, "link type {link_type}"),
    }
}

/// Describes what comes after a header of its own.
fn after(
    out: &mut Phrase,
    packet: &[u8],
    header: usize,
    describe: impl FnOnce(&mut Phrase, &[u8]) -> Result,
) -> Result {
    describe(out, packet.get(header..).unwrap_or_default())
}

/// Describes an Ethernet frame in which `tag` octets stand between the addresses and the `EtherType`.
fn without(out: &mut Phrase, packet: &[u8], tag: usize) -> Result {
    match (field::be16(packet, 12 + tag), packet.get(14 + tag..)) {
        (Some(ether_type), Some(payload)) => {
            ethernet::describe_typed(out, ether_type, payload, None)
        }
        _ => out.write_str("Ethernet, cut header"),
    }
}

fn frame(out: &mut Phrase, packet: &[u8]) -> Result {
    ethernet::describe(out, packet, None)
}

/// Cisco's HDLC: an address, a control octet, an `EtherType`, and numbers of its own for keepalives and addresses.
fn cisco(out: &mut Phrase, packet: &[u8]) -> Result {
    match (field::be16(packet, 2), packet.get(4..)) {
        (Some(kind), Some(payload)) => cisco_typed(out, kind, payload),
        _ => out.write_str("Cisco HDLC, cut header"),
    }
}

/// What follows an `EtherType`, or one of Cisco's numbers, on a serial line.
fn cisco_typed(out: &mut Phrase, kind: u16, payload: &[u8]) -> Result {
    match kind {
        0x2000 => cdp::describe(out, "CDP", payload),
        0x8035 => out.write_str("Cisco SLARP"),
        // ISO's network layer, with an octet before it or without.
        0xfefe => match payload {
            [0x81..=0x83, ..] | [] => isis::describe(out, payload),
            [_, packet @ ..] => isis::describe(out, packet),
        },
        ether_type => ethernet::payload::describe(out, ether_type, payload),
    }
}

fn fibre_channel(out: &mut Phrase, packet: &[u8]) -> Result {
    out.push_str("Fibre Channel");
    fcoe::describe_fibre_channel(out, packet)
}

#[cfg(test)]
mod tests {
    use crate::identify::tests::claim_link_type;

    #[test]
    fn a_link_type_that_is_not_looked_into_is_named() {
        for (link_type, text) in [
            (143, "DOCSIS"),
            (147, "private link type"),
            (4000, "link type 4000"),
        ] {
            claim_link_type(link_type, &"ff".repeat(60), text);
        }
    }
}
