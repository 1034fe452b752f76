//! Linux's cooked captures: what the kernel tells of a packet, in place of its link header (`LINKTYPE_LINUX_SLL`, `_SLL2`).

use std::fmt::{Result, Write};

use super::netlink;
use crate::identify::{
    ethernet::{self, ethertype, llc},
    field, internet,
    lan::ipx,
    phrase::Phrase,
};

/// Kinds of device (`linux/if_arp.h`) for which the protocol is no `EtherType`: netlink, 802.11 with and without headers.
const NETLINK: u16 = 824;
const WIRELESS: std::ops::RangeInclusive<u16> = 801..=803;

/// Numbers of the kernel's own for frames without an `EtherType` (`linux/if_ether.h`).
const RAW_802_3: u16 = 0x0001;
const LLC: u16 = 0x0004;

pub(crate) fn describe_1(out: &mut Phrase, packet: &[u8]) -> Result {
    describe(out, packet, 2, 14, 16)
}

pub(crate) fn describe_2(out: &mut Phrase, packet: &[u8]) -> Result {
    describe(out, packet, 8, 0, 20)
}

/// Describes a packet whose kind of device and protocol are at these offsets.
fn describe(
    out: &mut Phrase,
    packet: &[u8],
    device: usize,
    protocol: usize,
    header: usize,
) -> Result {
    let (Some(device), Some(protocol), Some(payload)) = (
        field::be16(packet, device),
        field::be16(packet, protocol),
        packet.get(header..),
    ) else {
        return out.write_str("Linux cooked capture, cut header");
    };
    if device == NETLINK {
        return netlink::describe_family(out, protocol);
    }
    if WIRELESS.contains(&device) {
        return out.write_str("802.11");
    }
    match (protocol, payload.first().map(|first| first >> 4)) {
        // A tunnel without link headers tells no protocol on some kernels.
        (0, Some(4 | 6)) => internet::describe(out, payload),
        (RAW_802_3, _) => {
            out.push_str("Novell raw 802.3 ");
            ipx::describe(out, payload)
        }
        (LLC, _) => llc::describe(out, payload),
        (0x000c, _) => out.write_str("CAN"),
        (0x000d, _) => out.write_str("CAN FD"),
        (0x000e, _) => out.write_str("CAN XL"),
        (ethertype::MIN.., _) => ethernet::describe_typed(out, protocol, payload, None),
        _ => write!(out, "Linux protocol {protocol:#06x}"),
    }
}

#[cfg(test)]
mod tests {
    use crate::identify::tests::claim_link_type;

    #[test]
    fn without_a_protocol_it_is_ip_if_it_begins_so() {
        let header = "0000 fffe 0000 0000000000000000 0000";
        claim_link_type(
            113,
            &format!(
                "{header} 4500 001c 0000 0000 4011 0000 0a000001 0a000002 0fa0 0fa1 0008 0000"
            ),
            "UDP 10.0.0.1:4000 > 10.0.0.2:4001",
        );
        claim_link_type(113, &format!("{header} 0300 0000"), "Linux protocol 0x0000");
    }

    #[test]
    fn a_vlan_tag_may_stand_in_the_place_of_the_protocol() {
        claim_link_type(
            113,
            "0000 0001 0006 0200000000010000 8100 0064 88ca",
            "VLAN 100, TIPC",
        );
        claim_link_type(
            113,
            "0000 0001 0006 0200000000010000 8100 0064 0007 424203 0000 00 80",
            "VLAN 100, STP TCN BPDU",
        );
        claim_link_type(
            276,
            "88a8 0000 00000002 0001 00 06 0200000000010000 000a 8100 0064 88ca",
            "VLAN 10.100, TIPC",
        );
    }
}
