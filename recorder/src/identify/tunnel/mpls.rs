//! MPLS (RFC 3032): the labels, from the outermost on, and what they carry.

use std::fmt::{Result, Write};

use crate::identify::{field, internet, phrase::Phrase};

/// The bottom of the stack, in the word of a label.
const BOTTOM: u32 = 0x100;

/// It keeps the phrase short for a packet made of labels.
const LABELS_MAX: usize = 6;

/// The reserved label that announces a channel beside the traffic (RFC 5586).
const GENERIC_ASSOCIATED_CHANNEL: u32 = 13;

/// Whether a payload begins with labels that have a last one, and goes on as an IP packet does.
pub(crate) fn is_likely(payload: &[u8]) -> bool {
    let (words, _) = payload.as_chunks::<4>();
    let labels = words.iter().take(LABELS_MAX);
    let bottom = labels
        .map(|word| u32::from_be_bytes(*word))
        .position(|word| word & BOTTOM != 0);
    bottom
        .and_then(|bottom| payload.get((bottom + 1) * 4))
        .is_some_and(|first| is_ip(*first))
}

fn is_ip(first: u8) -> bool {
    matches!(first, 0x45..=0x4f | 0x60..=0x6f)
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

/// Nothing in the labels tells what follows: it is IP if it begins as IP does (RFC 4928), and told if its header is whole.
fn bottom(out: &mut Phrase, label: u32, packet: &[u8]) -> Result {
    match *packet {
        [first, ..] if first >> 4 == 1 && label == GENERIC_ASSOCIATED_CHANNEL => {
            match field::be16(packet, 2) {
                Some(kind) => write!(out, ", associated channel {kind:#06x}"),
                None => out.write_str(", cut header"),
            }
        }
        [first, ..] if is_ip(first) => {
            out.inside()?;
            internet::describe(out, packet)
        }
        _ => Ok(()),
    }
}
