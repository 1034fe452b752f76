//! The Ethernet header and its VLAN tags (IEEE 802.3 clause 3, IEEE 802.1Q clause 9).

pub(crate) mod ethertype;
pub(crate) mod llc;
mod mac_control;
mod macsec;
pub(crate) mod payload;
pub(crate) mod snap;
mod tagged;

use std::fmt::{Result, Write};

use crate::identify::{address, field, internet::likely, phrase::Phrase};

/// Two addresses and the type or length.
const HEADER: usize = 14;

/// The largest length field; what lies between it and the first `EtherType` is neither (IEEE 802.3, 3.2.6).
const LENGTH_MAX: u16 = 1500;

/// `VLAN_MAX_DEPTH` in the kernel's `linux/if_vlan.h`; it keeps the phrase short for a frame made of tags.
const TAGS_MAX: usize = 8;

/// Describes `frame`, whose true length is `len`; within another packet that is not known.
pub(crate) fn describe(out: &mut Phrase, frame: &[u8], len: Option<usize>) -> Result {
    let Some((&[.., high, low], rest)) = frame.split_first_chunk::<HEADER>() else {
        return out.write_str("Ethernet, cut header");
    };
    if let Some((vlan, inner)) = inter_switch(frame) {
        write!(out, "ISL VLAN {vlan}")?;
        // The group's last octet has the kind of frame: of Ethernet, 0.
        return match frame[5] >> 4 {
            0 => describe_inside(out, inner),
            kind => write!(out, ", frame of type {kind}"),
        };
    }
    let present = len.map(|len| len.saturating_sub(HEADER));
    describe_typed(out, u16::from_be_bytes([high, low]), rest, present)
}

/// Describes what follows the addresses: a type or a length, and `rest`, whose true length is `present`.
pub(crate) fn describe_typed(
    out: &mut Phrase,
    mut ether_type: u16,
    mut rest: &[u8],
    present: Option<usize>,
) -> Result {
    let whole = rest.len();
    let mut tags = 0;
    while is_tag(ether_type) && tags < TAGS_MAX {
        let Some((vlan, next, inner)) = tag(rest) else {
            return out.write_str(if tags == 0 {
                "VLAN, cut header"
            } else {
                ", cut header"
            });
        };
        out.push_str(if tags == 0 { "VLAN " } else { "." });
        address::decimal(out, vlan);
        (ether_type, rest) = (next, inner);
        tags += 1;
    }
    if tags > 0 {
        out.push_str(", ");
    }

    match ether_type {
        ethertype::MIN.. => payload::describe(out, ether_type, rest),
        0..=LENGTH_MAX => {
            let present = present.map(|present| present.saturating_sub(whole - rest.len()));
            llc::describe_framed(out, ether_type, present, rest)
        }
        _ => write!(out, "undefined type/length {ether_type:#06x}"),
    }
}

/// Goes on to a frame within another packet.
pub(crate) fn describe_inside(out: &mut Phrase, frame: &[u8]) -> Result {
    out.inside()?;
    describe(out, frame, None)
}

/// Whether octets are a frame where nothing announces one: what it carries must look like what its `EtherType` says.
pub(crate) fn is_likely(out: &Phrase, frame: &[u8]) -> bool {
    /// ARP's first fields, for Ethernet and IPv4.
    const ARP: [u8; 6] = [0x00, 0x01, 0x08, 0x00, 6, 4];

    let ether_type = field::be16(frame, HEADER - 2);
    let behind_tags = ether_type
        .zip(frame.get(HEADER..))
        .and_then(|(ether_type, rest)| untagged(ether_type, rest));
    match behind_tags {
        Some((ethertype::IPV4 | ethertype::IPV6, packet)) => likely::is_ip(out, packet),
        Some((ethertype::ARP, packet)) => packet.starts_with(&ARP),
        _ => false,
    }
}

/// The VLAN and the frame within one of Cisco's inter-switch link: a group of 40 bits, an 802.3 header with SNAP's octets, then
/// the VLAN before a bit for BPDUs, and four octets more.
fn inter_switch(frame: &[u8]) -> Option<(u16, &[u8])> {
    let group = matches!(frame, [0x01 | 0x03, 0x00, 0x0c, 0x00, 0x00, ..]);
    let snap = frame.get(HEADER..HEADER + 6)? == [0xaa, 0xaa, 0x03, 0x00, 0x00, 0x0c];
    let vlan = field::be16(frame, HEADER + 6)? >> 1;
    (group && snap).then_some((vlan, frame.get(HEADER + 12..)?))
}

/// The two tags of IEEE 802.1Q, and those that 802.1ad was before it had a number.
fn is_tag(ether_type: u16) -> bool {
    matches!(
        ether_type,
        ethertype::C_TAG
            | ethertype::S_TAG
            | ethertype::QINQ_1
            | ethertype::QINQ_2
            | ethertype::QINQ_3
    )
}

/// The VLAN of a tag, and what is behind it: a type or length, and the rest.
fn tag(rest: &[u8]) -> Option<(u16, u16, &[u8])> {
    let (&[high, low, next_high, next_low], rest) = rest.split_first_chunk::<4>()?;
    let vlan = u16::from_be_bytes([high, low]) & 0x0fff;
    Some((vlan, u16::from_be_bytes([next_high, next_low]), rest))
}

/// What is behind all tags that begin with this type: a type or length, and the rest.
pub(crate) fn untagged(mut ether_type: u16, mut rest: &[u8]) -> Option<(u16, &[u8])> {
    while is_tag(ether_type) {
        (_, ether_type, rest) = tag(rest)?;
    }
    Some((ether_type, rest))
}

#[cfg(test)]
mod tests {
    use crate::identify::tests::claim;

    #[test]
    fn a_vlan_tag_is_named_before_what_it_carries() {
        claim("8100 6064 88cc", "VLAN 100, LLDP, cut header");
        claim("88a8 000a 8100 0064 0806", "VLAN 10.100, ARP, cut header");
        claim(
            "9100 0001 8100 0002 8100 0003 88cc",
            "VLAN 1.2.3, LLDP, cut header",
        );
    }

    #[test]
    fn every_number_that_the_kernel_has_for_a_tag_is_one() {
        claim("9200 0007 8100 0064 88ca", "VLAN 7.100, TIPC");
        claim("9300 0007 88ca", "VLAN 7, TIPC");
    }

    #[test]
    fn a_tag_carries_an_802_3_frame_too() {
        claim("8100 0064 0007 424203 0000 00 80", "VLAN 100, STP TCN BPDU");
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
