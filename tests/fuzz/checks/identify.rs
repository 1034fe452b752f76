//! Any octets, as a frame of any link type and of any true length, have a presentable phrase.
//!
//! An input begins with both: two octets and four, little-endian.

use droprec::identify::describe_link_type;

/// What `identify` promises.
const LENGTH_MAX: usize = 512;

pub(crate) fn check(input: &[u8]) {
    let Some((link_type, input)) = input.split_first_chunk() else {
        return;
    };
    let Some((len, frame)) = input.split_first_chunk() else {
        return;
    };
    let link_type = u16::from_le_bytes(*link_type).into();
    let len = u32::from_le_bytes(*len);

    let mut phrase = String::new();
    describe_link_type(&mut phrase, link_type, frame, len);
    assert!(
        !phrase.is_empty() && phrase.len() < LENGTH_MAX,
        "{phrase:?}"
    );
    assert_eq!(phrase.trim(), phrase);
    let is_presentable = |c: char| c.is_ascii_graphic() || c == ' ' || c.is_alphanumeric();
    assert!(phrase.chars().all(is_presentable), "{phrase:?}");
    assert!(!phrase.contains(['"', '\\', '=']), "{phrase:?}");
}
