//! Numbers and addresses in text, without `core::fmt`: through it the addresses alone take three times as long as the whole phrase.

use std::net::Ipv6Addr;

const HEXADECIMAL: [u8; 16] = *b"0123456789abcdef";

pub(crate) fn decimal(out: &mut String, number: u16) {
    out.push_str(itoa::Buffer::new().format(number));
}

/// Lower case, without leading zeros.
fn hexadecimal(out: &mut String, number: u16) {
    let digits = (16 - number.leading_zeros()).div_ceil(4).max(1);
    for digit in (0..digits).rev() {
        nibble(out, number >> (4 * digit));
    }
}

/// Lower case, with all its digits: `0x88b5`.
pub(crate) fn word(out: &mut String, number: u16) {
    out.push_str("0x");
    for digit in (0..4).rev() {
        nibble(out, number >> (4 * digit));
    }
}

fn nibble(out: &mut String, number: u16) {
    out.push(char::from(HEXADECIMAL[usize::from(number & 0xf)]));
}

pub(crate) fn mac(out: &mut String, octets: [u8; 6]) {
    hardware(out, &octets);
}

/// The address of a station, which on some links has fewer octets, or more.
pub(crate) fn hardware(out: &mut String, octets: &[u8]) {
    for (position, &octet) in octets.iter().enumerate() {
        if position > 0 {
            out.push(':');
        }
        nibble(out, u16::from(octet) >> 4);
        nibble(out, octet.into());
    }
}

/// An octet with a dot behind it, and how many characters that are.
const OCTETS: [([u8; 4], usize); 256] = {
    let mut all = [([b'.'; 4], 0); 256];
    let mut octet = 0;
    while octet < all.len() {
        let (text, len) = &mut all[octet];
        let mut power = 100;
        while power > 0 {
            if octet >= power || power == 1 {
                text[*len] = b'0' + (octet / power % 10) as u8;
                *len += 1;
            }
            power /= 10;
        }
        *len += 1;
        octet += 1;
    }
    all
};

pub(crate) fn ipv4(out: &mut String, octets: [u8; 4]) {
    let mut text = [0; 16];
    let mut end = 0;
    for octet in octets {
        let (octet, len) = &OCTETS[usize::from(octet)];
        text[end..end + 4].copy_from_slice(octet);
        end += len;
    }
    // Without the last dot. It is ASCII.
    out.push_str(str::from_utf8(&text[..end - 1]).unwrap_or_default());
}

/// RFC 5952: the first of the longest runs of zero groups is left out, a mapped IPv4 address is written as one.
pub(crate) fn ipv6(out: &mut String, octets: [u8; 16]) {
    let address = Ipv6Addr::from(octets);
    if let Some(mapped) = address.to_ipv4_mapped() {
        out.push_str("::ffff:");
        return ipv4(out, mapped.octets());
    }
    let groups = address.segments();
    let (zeros, end) = zero_run(groups);

    let mut position = 0;
    while position < groups.len() {
        if position == zeros && zeros < end {
            out.push_str("::");
            position = end;
            continue;
        }
        if position > 0 && position != end {
            out.push(':');
        }
        hexadecimal(out, groups[position]);
        position += 1;
    }
}

/// Where the run to leave out begins and ends; a single zero is none (RFC 5952, 4.2.2).
fn zero_run(groups: [u16; 8]) -> (usize, usize) {
    let (mut best, mut begin) = ((0, 0), 0);
    for position in 0..=groups.len() {
        if groups.get(position).is_none_or(|&group| group != 0) {
            if position - begin > (best.1 - best.0).max(1) {
                best = (begin, position);
            }
            begin = position + 1;
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use std::net::{Ipv4Addr, Ipv6Addr};

    use super::*;
    use crate::identify::tests::Xorshift;

    fn text(write: impl Fn(&mut String)) -> String {
        let mut out = String::new();
        write(&mut out);
        out
    }

    #[test]
    fn every_number_is_written_as_the_standard_library_writes_it() {
        for number in 0..=u16::MAX {
            assert_eq!(text(|out| decimal(out, number)), number.to_string());
            assert_eq!(text(|out| hexadecimal(out, number)), format!("{number:x}"));
        }
    }

    #[test]
    fn every_ipv4_address_is_written_as_the_standard_library_writes_it() {
        let mut random = Xorshift::new();
        for _ in 0..20_000 {
            let octets = (random.next() as u32).to_be_bytes();
            assert_eq!(
                text(|out| ipv4(out, octets)),
                Ipv4Addr::from(octets).to_string()
            );
        }
    }

    #[test]
    fn every_pattern_of_zero_groups_in_an_ipv6_address_is_written_as_the_standard_library_writes_it()
     {
        let mut random = Xorshift::new();
        for pattern in 0..=u8::MAX {
            for _ in 0..100 {
                let group = random.next() as u16 >> (random.next() % 16);
                let groups: [u16; 8] =
                    std::array::from_fn(|bit| if pattern >> bit & 1 == 1 { group } else { 0 });
                let address = Ipv6Addr::from(groups);
                assert_eq!(text(|out| ipv6(out, address.octets())), address.to_string());
            }
        }
    }

    #[test]
    fn a_mapped_ipv4_address_is_written_as_one() {
        let mapped = Ipv4Addr::new(10, 0, 0, 1).to_ipv6_mapped();
        assert_eq!(text(|out| ipv6(out, mapped.octets())), "::ffff:10.0.0.1");
    }

    #[test]
    fn a_mac_address_has_all_its_zeros() {
        assert_eq!(
            text(|out| mac(out, [0, 1, 0x2f, 0xf0, 0xab, 0xff])),
            "00:01:2f:f0:ab:ff"
        );
    }
}
