//! Takes a netlink message apart into its attributes.

/// `NLA_F_NESTED` and `NLA_F_NET_BYTEORDER` (`include/uapi/linux/netlink.h`, v6.18), which are no part of the type.
const FLAGS: u16 = 0xc000;

/// The length of an attribute's header.
const HEADER_LENGTH: usize = 4;

/// Each attribute's type and value, as far as they are whole.
pub(crate) fn attributes(bytes: &[u8]) -> impl Iterator<Item = (u16, &[u8])> {
    let mut rest = bytes;
    std::iter::from_fn(move || {
        let length = u16::from_ne_bytes(*rest.first_chunk()?) as usize;
        let kind = u16::from_ne_bytes(*rest.get(2..)?.first_chunk()?);
        let value = rest.get(HEADER_LENGTH..length)?;
        rest = rest.get(length.next_multiple_of(4)..).unwrap_or_default();
        Some((kind & !FLAGS, value))
    })
}

/// The value of the first attribute of a type.
pub(crate) fn attribute(bytes: &[u8], kind: u16) -> Option<&[u8]> {
    attributes(bytes).find_map(|(of, value)| (of == kind).then_some(value))
}

/// A text that a zero byte ends.
pub(crate) fn text(value: &[u8]) -> String {
    let end = value.iter().position(|byte| *byte == 0);
    String::from_utf8_lossy(&value[..end.unwrap_or(value.len())]).into_owned()
}

#[cfg(test)]
#[cfg(target_endian = "little")]
mod tests {
    use super::*;

    #[test]
    fn attributes_are_read_up_to_the_one_that_is_cut_off() {
        let bytes = [
            &[5, 0, 3, 0, b'x', 0, 0, 0][..],
            &[8, 0, 18, 0x80, 1, 2, 3, 4],
            &[9, 0, 4, 0, 1],
        ]
        .concat();
        let found: Vec<_> = attributes(&bytes).collect();
        assert_eq!(found, [(3, &b"x"[..]), (18, &[1, 2, 3, 4])]);
        assert_eq!(attribute(&bytes, 4), None);
    }

    #[test]
    fn a_length_that_ends_before_its_own_header_ends_the_list() {
        assert_eq!(attributes(&[3, 0, 1, 0, 9, 9, 9, 9]).count(), 0);
        assert_eq!(attributes(&[0, 0, 0, 0]).count(), 0);
    }
}
