//! What an `EtherType` announces: the protocol's own words where there are any, else its name, else the number.

use std::fmt::{Result, Write};

use super::{arp, ethertype, ipv4, ipv6, subtype};

pub(super) fn describe(out: &mut String, ether_type: u16, payload: &[u8]) -> Result {
    match ether_type {
        ethertype::IPV4 => ipv4::describe(out, payload),
        ethertype::IPV6 => ipv6::describe(out, payload),
        ethertype::ARP => arp::describe(out, "ARP", payload),
        ethertype::RARP => arp::describe(out, "RARP", payload),
        ethertype::EXPERIMENTAL_1 | ethertype::EXPERIMENTAL_2 => {
            write!(out, "EtherType {ether_type:#06x} (local experimental)")
        }
        _ => match subtype::name(ether_type, payload).or_else(|| ethertype::name(ether_type)) {
            Some(name) => out.write_str(name),
            None => write!(out, "EtherType {ether_type:#06x}"),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::claim;

    #[test]
    fn a_known_ethertype_is_named() {
        claim("88cc 0207 04", "LLDP");
        claim("893a", "IEEE 1905.1");
    }

    #[test]
    fn an_unknown_ethertype_is_its_number() {
        claim("1234 00", "EtherType 0x1234");
        claim("ffff", "EtherType 0xffff");
    }

    #[test]
    fn the_local_experimental_ethertypes_are_numbers_that_say_so() {
        claim("88b5 0000", "EtherType 0x88b5 (local experimental)");
        claim("88b6", "EtherType 0x88b6 (local experimental)");
    }
}
