//! Tags that stand between the addresses and the payload's own `EtherType`.

use std::fmt::{Result, Write};

use crate::identify::{ethernet, field, phrase::Phrase};

/// HSR (IEC 62439-3, 5.6): path and size of the frame, a sequence number.
pub(crate) fn hsr(out: &mut Phrase, rest: &[u8]) -> Result {
    out.push_str("HSR");
    match (field::be16(rest, 0), field::be16(rest, 2)) {
        (Some(path), Some(sequence)) => {
            write!(out, " path {} sequence {sequence}", path >> 12)?;
            then(out, rest, 4)
        }
        _ => out.write_str(", cut header"),
    }
}

/// The R-Tag (IEEE 802.1CB, 7.8): reserved, then a sequence number.
pub(crate) fn r_tag(out: &mut Phrase, rest: &[u8]) -> Result {
    out.push_str("802.1CB R-Tag");
    match field::be16(rest, 2) {
        Some(sequence) => {
            write!(out, " sequence {sequence}")?;
            then(out, rest, 4)
        }
        None => out.write_str(", cut header"),
    }
}

/// VN-Tag: 16 bits each of destination and source interface, with flags.
pub(crate) fn vn_tag(out: &mut Phrase, rest: &[u8]) -> Result {
    out.push_str("VN-Tag");
    match (field::be16(rest, 0), field::be16(rest, 2)) {
        (Some(destination), Some(source)) => {
            write!(
                out,
                " destination {} source {}",
                destination & 0x3fff,
                source & 0x0fff
            )?;
            then(out, rest, 4)
        }
        _ => out.write_str(", cut header"),
    }
}

/// E-Tag (IEEE 802.1BR, 7.6): the E-channel that it goes to is in the second 16 bits.
pub(crate) fn e_tag(out: &mut Phrase, rest: &[u8]) -> Result {
    out.push_str("802.1BR E-Tag");
    match field::be16(rest, 2) {
        Some(channel) => {
            write!(out, " {:#06x}", channel & 0x3fff)?;
            then(out, rest, 6)
        }
        None => out.write_str(", cut header"),
    }
}

/// Cisco metadata: version and length, an option that holds a security group tag.
pub(crate) fn cisco_metadata(out: &mut Phrase, rest: &[u8]) -> Result {
    out.push_str("Cisco metadata");
    match field::be16(rest, 4) {
        Some(group) => {
            write!(out, " SGT {group}")?;
            then(out, rest, 6)
        }
        None => out.write_str(", cut header"),
    }
}

/// The backbone service tag (IEEE 802.1Q, 9.7): a service identifier, then the customer's frame.
pub(crate) fn i_tag(out: &mut Phrase, rest: &[u8]) -> Result {
    out.push_str("802.1ah I-SID ");
    match (field::be24(rest, 1), rest.get(4..)) {
        (Some(service), Some(frame)) => {
            write!(out, "{service}")?;
            ethernet::describe_inside(out, frame)
        }
        _ => out.write_str("cut header"),
    }
}

/// Goes on with the type or length at an offset, as after the addresses: other tags may follow.
pub(super) fn then(out: &mut Phrase, rest: &[u8], at: usize) -> Result {
    match (field::be16(rest, at), rest.get(at + 2..)) {
        (Some(ether_type), Some(payload)) => {
            out.inside()?;
            ethernet::describe_typed(out, ether_type, payload, None)
        }
        _ => out.write_str(", cut header"),
    }
}

#[cfg(test)]
mod tests {
    use crate::identify::tests::claim;

    /// Each tag as it stands before what it tags, and its words.
    const TAGS: [(&str, &str); 7] = [
        ("88e5 00 00 00000007", "MACsec, AN 0, PN 7"),
        (
            "88e5 20 00 00000007 020000000001 0001",
            "MACsec, AN 0, PN 7, SCI 02:00:00:00:00:01/1",
        ),
        ("892f 1029 0007", "HSR path 1 sequence 7"),
        ("8926 0001 0002", "VN-Tag destination 1 source 2"),
        ("893f 0000 1005 0000", "802.1BR E-Tag 0x1005"),
        ("f1c1 0000 0009", "802.1CB R-Tag sequence 9"),
        ("8909 01 01 0001 0064", "Cisco metadata SGT 100"),
    ];

    #[test]
    fn a_tag_carries_an_802_3_frame_too() {
        for (tag, words) in TAGS {
            claim(
                &format!("{tag} 0007 424203 0000 00 80"),
                &format!("{words}, STP TCN BPDU"),
            );
        }
    }

    #[test]
    fn a_vlan_tag_may_follow_any_other_tag() {
        for (tag, words) in TAGS {
            claim(
                &format!("{tag} 8100 0064 88ca"),
                &format!("{words}, VLAN 100, TIPC"),
            );
            claim(
                &format!("{tag} 8100 0064 0007 424203 0000 00 80"),
                &format!("{words}, VLAN 100, STP TCN BPDU"),
            );
        }
    }

    #[test]
    fn a_frame_made_of_tags_ends() {
        claim(
            &"f1c1 0000 0009 ".repeat(20),
            "802.1CB R-Tag sequence 9, 802.1CB R-Tag sequence 9, 802.1CB R-Tag sequence 9, 802.1CB R-Tag sequence 9, more inside",
        );
    }
}
