//! The Internet checksum (RFC 1071), alone and with the pseudo-headers of IPv4 and IPv6.

use std::net::IpAddr;

/// The checksum of `bytes`, in which the checksum's own field is zero.
pub(super) fn internet_checksum(bytes: &[u8]) -> u16 {
    let sum: u32 = bytes
        .chunks(2)
        .map(|pair| u32::from(pair[0]) << 8 | pair.get(1).map_or(0, |&low| u32::from(low)))
        .sum();
    let once = (sum >> 16) + (sum & 0xffff);
    !((once >> 16) + (once & 0xffff)) as u16
}

/// The checksum of a TCP segment or UDP datagram between two addresses of one family (RFC 9293 section 3.1, RFC 8200 section 8.1).
pub(super) fn transport_checksum(
    source: IpAddr,
    destination: IpAddr,
    protocol: u8,
    segment: &[u8],
) -> u16 {
    let mut covered = Vec::with_capacity(40 + segment.len());
    for address in [source, destination] {
        match address {
            IpAddr::V4(address) => covered.extend(address.octets()),
            IpAddr::V6(address) => covered.extend(address.octets()),
        }
    }
    // The order and width of these two differ between IPv4 and IPv6, which a sum of 16-bit words does not show.
    covered.extend((segment.len() as u32).to_be_bytes());
    covered.extend(u32::from(protocol).to_be_bytes());
    covered.extend_from_slice(segment);
    internet_checksum(&covered)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of RFC 1071 section 3: the words sum up to ddf2.
    #[test]
    fn the_example_of_rfc_1071() {
        let bytes = [0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7];
        assert_eq!(internet_checksum(&bytes), !0xddf2);
    }

    /// A last byte without a partner is the high half of a word.
    #[test]
    fn an_odd_byte_is_padded_on_the_right() {
        assert_eq!(internet_checksum(&[0x12]), !0x1200);
    }
}
