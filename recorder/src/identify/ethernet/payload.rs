//! What an `EtherType` announces: the protocol's own words where there are any, else its name, else the number.

use std::fmt::{Result, Write};

use super::{ethertype, mac_control, macsec, snap, tagged};
use crate::identify::{
    access::{eapol, pppoe},
    address,
    bridge::{cfm, isis, lldp, slow},
    industrial::{ethercat, iec61850, powerlink, profinet, ptp},
    internet::{arp, ipv4, ipv6},
    lan::{aoe, batman, fcoe, fip, homeplug, ipx, loopback_test, roce, wake_on_lan},
    phrase::Phrase,
    tunnel::{erspan, mpls, nsh, trill},
};

pub(crate) fn describe(out: &mut Phrase, ether_type: u16, payload: &[u8]) -> Result {
    match ether_type {
        ethertype::IPV4 => ipv4::describe(out, payload),
        ethertype::IPV6 => ipv6::describe(out, payload),
        ethertype::ARP => arp::describe(out, "ARP", payload),
        ethertype::RARP => arp::describe(out, "RARP", payload),
        ethertype::WAKE_ON_LAN => {
            wake_on_lan::describe(out, payload);
            Ok(())
        }
        ethertype::TRILL => trill::describe(out, payload),
        ethertype::L2_ISIS => isis::describe(out, payload),
        ethertype::BATMAN => batman::describe(out, payload),
        ethertype::IPX => ipx::describe(out, payload),
        ethertype::MAC_CONTROL => mac_control::describe(out, payload),
        ethertype::SLOW => slow::describe(out, payload),
        ethertype::MPLS => mpls::describe(out, payload),
        ethertype::MPLS_MULTICAST => {
            out.push_str("Multicast ");
            mpls::describe(out, payload)
        }
        ethertype::PPPOE_DISCOVERY => pppoe::describe_discovery(out, payload),
        ethertype::PPPOE_SESSION => pppoe::describe_session(out, payload),
        ethertype::HOMEPLUG => homeplug::describe_1_0(out, payload),
        ethertype::HOMEPLUG_AV => homeplug::describe_av(out, payload),
        ethertype::EAPOL => eapol::describe(out, payload),
        ethertype::PREAUTHENTICATION => {
            out.push_str("802.11 pre-authentication, ");
            eapol::describe(out, payload)
        }
        ethertype::PROFINET => profinet::describe(out, payload),
        ethertype::AOE => aoe::describe(out, payload),
        ethertype::ETHERCAT => ethercat::describe(out, payload),
        ethertype::POWERLINK => powerlink::describe(out, payload),
        ethertype::OUI_EXTENDED => snap::describe_extended(out, payload),
        ethertype::GOOSE | ethertype::GSE_MANAGEMENT | ethertype::SAMPLED_VALUES => {
            out.push_str(ethertype::name(ether_type).unwrap_or_default());
            iec61850::describe(out, payload)
        }
        ethertype::ERSPAN_2 | ethertype::ERSPAN_3 => erspan::describe(out, ether_type, payload),
        ethertype::LLDP => {
            lldp::describe(out, payload);
            Ok(())
        }
        ethertype::MACSEC => macsec::describe(out, payload),
        ethertype::I_TAG => tagged::i_tag(out, payload),
        ethertype::PTP => ptp::describe(out, payload),
        ethertype::CFM => cfm::describe(out, payload),
        ethertype::FCOE => fcoe::describe(out, payload),
        ethertype::CISCO_METADATA => tagged::cisco_metadata(out, payload),
        ethertype::FIP => fip::describe(out, payload),
        ethertype::ROCE => roce::describe(out, payload),
        ethertype::VN_TAG => tagged::vn_tag(out, payload),
        ethertype::HSR => tagged::hsr(out, payload),
        ethertype::E_TAG => tagged::e_tag(out, payload),
        ethertype::NSH => nsh::describe(out, payload),
        ethertype::LOOPBACK_TEST => loopback_test::describe(out, payload),
        ethertype::R_TAG => tagged::r_tag(out, payload),
        ethertype::EXPERIMENTAL_1 | ethertype::EXPERIMENTAL_2 => {
            out.push_str("EtherType ");
            address::word(out, ether_type);
            out.write_str(" (local experimental)")
        }
        _ => {
            if let Some(name) = ethertype::name(ether_type) {
                return out.write_str(name);
            }
            out.push_str("EtherType ");
            address::word(out, ether_type);
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::identify::tests::claim;

    #[test]
    fn a_known_ethertype_is_named() {
        claim("88ca 0207 04", "TIPC");
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
