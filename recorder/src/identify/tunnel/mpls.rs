//! MPLS (RFC 3032): the labels, from the outermost on, and what they carry.

use std::fmt::{Result, Write};

use crate::identify::{ethernet, field, internet::likely, phrase::Phrase};

/// The bottom of the stack, in the word of a label.
const BOTTOM: u32 = 0x100;

/// It keeps the phrase short for a packet made of labels.
const LABELS_MAX: usize = 6;

/// The reserved label that announces a channel beside the traffic (RFC 5586).
const GENERIC_ASSOCIATED_CHANNEL: u32 = 13;

/// Whether a payload begins with labels that have a last one, and goes on as an IP packet does.
pub(crate) fn is_likely(out: &Phrase, payload: &[u8]) -> bool {
    let (words, _) = payload.as_chunks::<4>();
    let labels = words.iter().take(LABELS_MAX);
    let bottom = labels
        .map(|word| u32::from_be_bytes(*word))
        .position(|word| word & BOTTOM != 0);
    bottom
        .and_then(|bottom| payload.get((bottom + 1) * 4..))
        .is_some_and(|packet| likely::is_ip(out, packet))
}

pub(crate) fn describe(out: &mut Phrase, packet: &[u8]) -> Result {
    out.push_str("MPLS ");
    for position in 0..LABELS_MAX {
        let Some(word) = field::be32(packet, position * 4) else {
            return out.write_str(if position == 0 {
                "cut header"
            } else {
                ", cut header"
            });
        };
        if position > 0 {
            out.push('.');
        }
        write!(out, "{}", word >> 12)?;
        if word & BOTTOM != 0 {
            return bottom(out, word >> 12, &packet[(position + 1) * 4..]);
        }
    }
    out.write_str(", more labels")
}

/// Nothing in the labels tells what follows. A first nibble that is right for IP is not enough (RFC 4928): what begins with it
/// may be the Ethernet frame of a pseudowire without a control word (RFC 4448, 4.6).
fn bottom(out: &mut Phrase, label: u32, packet: &[u8]) -> Result {
    match *packet {
        [first, ..] if first >> 4 == 1 && label == GENERIC_ASSOCIATED_CHANNEL => {
            match field::be16(packet, 2) {
                Some(kind) => write!(out, ", associated channel {kind:#06x}"),
                None => out.write_str(", cut header"),
            }
        }
        // A pseudowire's control word (RFC 4448, 4.6).
        [0..=0x0f, _, _, _, ref frame @ ..] if ethernet::is_likely(out, frame) => {
            ethernet::describe_inside(out, frame)
        }
        _ => super::describe_unannounced(out, packet),
    }
}

#[cfg(test)]
mod tests {
    use crate::identify::{
        describe,
        tests::{claim, octets},
    };

    const IPV4: &str = "4500 001c 0000 0000 4011 66cf 0a000001 0a000002 0fa0 0fa1 0008 0000";
    const TELLS_IPV4: &str = "MPLS 100, UDP 10.0.0.1:4000 > 10.0.0.2:4001";

    #[test]
    fn a_packet_is_told_whose_lengths_and_checksum_are_right() {
        claim(&format!("8847 00064140 {IPV4}"), TELLS_IPV4);
        let padding = "00".repeat(14);
        claim(&format!("8847 00064140 {IPV4} {padding}"), TELLS_IPV4);
        claim(
            &format!("8847 00064140 {}", IPV4.replace("66cf", "66ce")),
            "MPLS 100",
        );
        claim(
            &format!(
                "8847 00064140 {}",
                IPV4.replace("001c", "001d").replace("66cf", "66ce")
            ),
            "MPLS 100",
        );
    }

    #[test]
    fn a_pseudowires_frame_has_no_addresses_of_ip() {
        for control_word in ["", "00000001"] {
            claim(
                &format!("8847 00064140 {control_word} 649ef3112233 000c29aabbcc 0800 {IPV4}"),
                TELLS_IPV4,
            );
        }
        let rest = "33112233 000c29aabbcc 0800 4500 003c 0001 0000 4001 66be 0a000001 0a000002";
        for first in ["649ef3", "48df37", "450000"] {
            claim(&format!("8847 00064140 {first}{rest}"), "MPLS 100");
        }
    }

    #[test]
    fn a_cut_packet_is_told_if_the_frame_had_room_for_it() {
        let frame = octets(
            "020000000002 020000000001 8847 00064140 4500 05dc 0000 0000 4011 610f 0a000001 0a000002 0fa0 0fa1 05c8",
        );
        for (len, expected) in [(1518, TELLS_IPV4), (1400, "MPLS 100"), (9000, "MPLS 100")] {
            let mut out = String::new();
            describe(&mut out, &frame, len);
            assert_eq!(out, expected, "{len}");
        }
    }
}
