//! Fields at an offset of what was captured, in network byte order unless said otherwise; none where it ends before they do.

pub(crate) fn octets<const N: usize>(from: &[u8], at: usize) -> Option<[u8; N]> {
    from.get(at..)?.first_chunk().copied()
}

pub(crate) fn be16(from: &[u8], at: usize) -> Option<u16> {
    octets(from, at).map(u16::from_be_bytes)
}

pub(crate) fn be24(from: &[u8], at: usize) -> Option<u32> {
    octets(from, at).map(|[a, b, c]| u32::from_be_bytes([0, a, b, c]))
}

pub(crate) fn be32(from: &[u8], at: usize) -> Option<u32> {
    octets(from, at).map(u32::from_be_bytes)
}

pub(crate) fn le16(from: &[u8], at: usize) -> Option<u16> {
    octets(from, at).map(u16::from_le_bytes)
}

pub(crate) fn le32(from: &[u8], at: usize) -> Option<u32> {
    octets(from, at).map(u32::from_le_bytes)
}

/// A number of 48 bits.
pub(crate) fn wide(octets: [u8; 6]) -> u64 {
    octets
        .into_iter()
        .fold(0, |number, octet| number << 8 | u64::from(octet))
}
