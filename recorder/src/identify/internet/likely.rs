//! Whether octets are an IP packet where nothing announces one: behind a label, or in a tunnel that may carry anything.
//!
//! The version alone is no evidence: many an address of Ethernet begins with a 4 or a 6. The lengths must fit what is there, too,
//! and the checksum of IPv4's header, which the kernel never leaves to a card.

use crate::identify::{field, phrase::Phrase};

const IPV4_HEADER_MIN: usize = 20;
const IPV6_HEADER: usize = 40;

pub(crate) fn is_ip(out: &Phrase, packet: &[u8]) -> bool {
    let Some(&first) = packet.first() else {
        return false;
    };
    match (first >> 4, field::be16(packet, 2), field::be16(packet, 4)) {
        (4, Some(length), _) => {
            let (header, length) = (usize::from(first & 0x0f) * 4, usize::from(length));
            (IPV4_HEADER_MIN..=length).contains(&header)
                && out.has_room(packet, length)
                && packet.get(..header).is_none_or(is_sum_right)
        }
        (6, _, Some(length)) => out.has_room(packet, IPV6_HEADER + usize::from(length)),
        _ => false,
    }
}

/// RFC 1071: the sum of all words, the checksum among them, is all ones.
fn is_sum_right(header: &[u8]) -> bool {
    let (words, _) = header.as_chunks();
    let words = words
        .iter()
        .map(|word| u32::from(u16::from_be_bytes(*word)));
    words.sum::<u32>() % 0xffff == 0
}
