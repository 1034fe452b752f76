//! Any octets, as a frame of any link type and of any true length, have a presentable phrase.
//!
//! An input begins with both: two octets and four, little-endian.

#![no_main]

use identify::describe_link_type;
use libfuzzer_sys::fuzz_target;

#[expect(dead_code, reason = "the program begins elsewhere, too")]
#[path = "../../../recorder/src/identify/mod.rs"]
mod identify;

/// What `identify` promises.
const LENGTH_MAX: usize = 512;

fuzz_target!(|input: &[u8]| {
    let Some((&[a, b, c, d, e, f], frame)) = input.split_first_chunk() else {
        return;
    };
    let link_type = u16::from_le_bytes([a, b]).into();
    let len = u32::from_le_bytes([c, d, e, f]);

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
});
