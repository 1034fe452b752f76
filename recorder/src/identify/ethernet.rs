//! The Ethernet header and its VLAN tags (IEEE 802.3 clause 3, IEEE 802.1Q clause 9).

use std::fmt::{Result, Write};

use super::{address, ethertype, llc, payload};

/// The largest length field; what lies between it and the first `EtherType` is neither (IEEE 802.3, 3.2.6).
const LENGTH_MAX: u16 = 1500;

/// `VLAN_MAX_DEPTH` in the kernel's `linux/if_vlan.h`; it keeps the phrase short for a frame made of tags.
const TAGS_MAX: usize = 8;

pub(super) fn describe(out: &mut String, frame: &[u8], len: u32) -> Result {
    let Some((&[.., high, low], mut rest)) = frame.split_first_chunk::<14>() else {
        return out.write_str("Ethernet, cut header");
    };
    let mut ether_type = u16::from_be_bytes([high, low]);

    let mut tags = 0;
    while is_tag(ether_type) && tags < TAGS_MAX {
        let Some((&[high, low, next_high, next_low], inner)) = rest.split_first_chunk::<4>() else {
            return out.write_str(if tags == 0 {
                "VLAN, cut header"
            } else {
                ", cut header"
            });
        };
        out.push_str(if tags == 0 { "VLAN " } else { "." });
        address::decimal(out, u16::from_be_bytes([high, low]) & 0x0fff);
        ether_type = u16::from_be_bytes([next_high, next_low]);
        rest = inner;
        tags += 1;
    }
    if tags > 0 {
        out.push_str(", ");
    }

    match ether_type {
        ethertype::MIN.. => payload::describe(out, ether_type, rest),
        0..=LENGTH_MAX => {
            let present = (len as usize).saturating_sub(frame.len() - rest.len());
            llc::describe(out, ether_type.into(), present, rest)
        }
        _ => write!(out, "undefined type/length {ether_type:#06x}"),
    }
}

/// The two tags of IEEE 802.1Q, and the one that 802.1ad was before it had a number.
fn is_tag(ether_type: u16) -> bool {
    matches!(
        ether_type,
        ethertype::C_TAG | ethertype::S_TAG | ethertype::QINQ
    )
}

#[cfg(test)]
mod tests {
    use super::super::tests::claim;

    #[test]
    fn a_vlan_tag_is_named_before_what_it_carries() {
        claim("8100 6064 88cc", "VLAN 100, LLDP");
        claim("88a8 000a 8100 0064 0806", "VLAN 10.100, ARP, cut header");
        claim("9100 0001 8100 0002 8100 0003 88cc", "VLAN 1.2.3, LLDP");
    }

    #[test]
    fn a_tag_carries_an_802_3_frame_too() {
        claim("8100 0064 0007 424203 0000 00 00", "VLAN 100, STP BPDU");
    }

    #[test]
    fn a_cut_tag_is_said_to_be_cut() {
        claim("8100", "VLAN, cut header");
        claim("8100 0064 88", "VLAN, cut header");
        claim("88a8 000a 8100 00", "VLAN 10, cut header");
    }

    #[test]
    fn a_frame_made_of_tags_ends_in_the_name_of_one() {
        claim(
            &"8100 0007 ".repeat(40),
            "VLAN 7.7.7.7.7.7.7.7, 802.1Q VLAN",
        );
    }

    #[test]
    fn a_value_between_the_lengths_and_the_ethertypes_is_undefined() {
        claim("05dd", "undefined type/length 0x05dd");
        claim("05ef 424203", "undefined type/length 0x05ef");
        claim("05ff", "undefined type/length 0x05ff");
        claim("0600", "XNS IDP");
    }
}
