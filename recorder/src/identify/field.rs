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

/// What is behind a header, without what is behind its `length` octets: the padding of a frame is no part of a packet.
pub(crate) fn counted(from: &[u8], header: usize, length: Option<u16>) -> &[u8] {
    let content = from.get(header..).unwrap_or_default();
    let length = length.map_or(usize::MAX, usize::from);
    &content[..content.len().min(length)]
}

/// A number of 48 bits.
pub(crate) fn wide(octets: [u8; 6]) -> u64 {
    octets
        .into_iter()
        .fold(0, |number, octet| number << 8 | u64::from(octet))
}
