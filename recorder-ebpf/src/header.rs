//! The header that a frame has in a file: the tags that are put back into it, and what is made up for a packet without one.
//!
//! The user half writes it, and the kernel half asks an expression about it; so both have it from here.

use crate::record::{HAS_INNER_VLAN, HAS_NETWORK_HEADER, HAS_VLAN, Record};

/// Bytes of the two addresses that an Ethernet header begins with.
pub const ADDRESSES: usize = 12;
/// Bytes of an Ethernet header, and the fewest that tcpdump takes for a packet.
pub const ETHERNET_HEADER: usize = 14;
/// Bytes of a VLAN tag (`VLAN_HLEN`).
pub const TAG: usize = 4;

/// `ETH_P_802_3` and `ETH_P_802_2` (`include/uapi/linux/if_ether.h`): the kernel's marks for a frame with a length field.
const ETH_P_802_3: u16 = 0x0001;
const ETH_P_802_2: u16 = 0x0004;
/// The smallest value of a type/length field that is a type (IEEE 802.3, 3.2.6).
const FIRST_TYPE: u16 = 0x0600;
/// The largest that is a length.
const LAST_LENGTH: u32 = 1500;
/// What marks a packet whose protocol no `EtherType` names (IEEE 802, local experimental).
pub const EXPERIMENTAL: u16 = 0x88b5;
/// IP's (IANA, ieee-802-numbers).
pub const IPV4: u16 = 0x0800;
/// See [`IPV4`].
pub const IPV6: u16 = 0x86dd;
const AF_INET: u16 = 2;
const AF_INET6: u16 = 10;

/// Two tags as they stood in the frame (IEEE 802.1Q, 9.3), the outermost first.
#[must_use]
#[inline(always)]
pub fn tags(record: &Record) -> [u8; 2 * TAG] {
    let [p0, p1] = record.vlan_proto.to_be_bytes();
    let [t0, t1] = record.vlan_tci.to_be_bytes();
    let [q0, q1] = record.inner_proto.to_be_bytes();
    let [u0, u1] = record.inner_tci.to_be_bytes();
    [p0, p1, t0, t1, q0, q1, u0, u1]
}

/// How many bytes of the two are meant.
#[must_use]
#[inline(always)]
pub fn tags_len(record: &Record) -> usize {
    match record.flags & (HAS_VLAN | HAS_INNER_VLAN) {
        0 => 0,
        HAS_VLAN => TAG,
        _ => 2 * TAG,
    }
}

/// The type/length field for a packet that has none. `None`: no `EtherType` names its protocol. `first`: its first byte.
#[must_use]
#[inline(always)]
pub fn ether_type(record: &Record, first: Option<u8>) -> Option<u16> {
    let version = first.map(|first| first >> 4);
    match record.protocol {
        ETH_P_802_2 | ETH_P_802_3 => Some(record.len.min(LAST_LENGTH) as u16),
        // A packet of a socket has no protocol until IP sends it; its version tells all the same.
        0 if record.flags & HAS_NETWORK_HEADER != 0 => match (record.family, version) {
            (AF_INET | AF_INET6, Some(4)) => Some(IPV4),
            (AF_INET6, Some(6)) => Some(IPV6),
            _ => None,
        },
        // Tunnels cut the packet that an ICMP error is about out of it, take it to another interface, and keep the protocol
        // of what was around it (ip4ip6_err, ip6_err_gen_icmpv6_unreach).
        IPV4 if record.iif != record.ifindex && version == Some(6) => Some(IPV6),
        IPV6 if record.iif != record.ifindex && version == Some(4) => Some(IPV4),
        FIRST_TYPE.. => Some(record.protocol),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pseudo_protocol_is_not_written_into_the_type_field() {
        let of = |protocol, family, first: u8| {
            ether_type(
                &Record {
                    protocol,
                    family,
                    len: 38,
                    iif: 2,
                    ifindex: 3,
                    flags: HAS_NETWORK_HEADER,
                    ..Record::default()
                },
                Some(first),
            )
        };
        assert_eq!(ether_type(&Record::default(), Some(0x45)), None);
        let without = Record {
            family: AF_INET,
            ..Record::default()
        };
        assert_eq!(ether_type(&without, Some(0x45)), None);
        assert_eq!(of(0x000c, 0, 0), None);
        assert_eq!(of(0, 0, 0x45), None);
        assert_eq!(of(0, AF_INET, 0x45), Some(IPV4));
        assert_eq!(of(0, AF_INET6, 0x60), Some(IPV6));
        assert_eq!(of(IPV4, 0, 0x60), Some(IPV6));
        assert_eq!(of(IPV6, 0, 0x45), Some(IPV4));
        assert_eq!(of(ETH_P_802_2, 0, 0x42), Some(38));
    }
}
