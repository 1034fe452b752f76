//! The Section Header Block, which opens a file (draft-ietf-opsawg-pcapng, section 4.1).

use super::{
    TooLong,
    block::{Body, block},
};
use crate::{block_type, option_code};

/// What there is to say of a whole recording.
#[derive(Debug, Clone, Copy, Default)]
pub struct Section<'a> {
    /// `shb_hardware`: the machine that recorded.
    pub hardware: Option<&'a str>,
    /// `shb_os`: its operating system.
    pub os: Option<&'a str>,
    /// `shb_userappl`: the program that wrote the file.
    pub application: Option<&'a str>,
    /// `opt_comment`: anything else.
    pub comment: Option<&'a str>,
}

/// Appends a Section Header Block: version 1.0, length of the section not said.
pub fn section_header(out: &mut Vec<u8>, section: &Section) -> Result<(), TooLong> {
    block(out, block_type::SECTION_HEADER, |body: &mut Body| {
        // The magic number tells readers the byte order.
        body.bytes(&0x1A2B_3C4Du32.to_ne_bytes());
        body.bytes(&1u16.to_ne_bytes());
        body.bytes(&0u16.to_ne_bytes());
        // A recording that is still being written has no length yet.
        body.bytes(&(-1i64).to_ne_bytes());
        body.text_if_some(option_code::SHB_HARDWARE, section.hardware)?;
        body.text_if_some(option_code::SHB_OS, section.os)?;
        body.text_if_some(option_code::SHB_USERAPPL, section.application)?;
        body.text_if_some(option_code::COMMENT, section.comment)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_section_with_nothing_to_say_has_28_bytes() {
        let mut out = Vec::new();
        section_header(&mut out, &Section::default()).expect("it fits");
        assert_eq!(out.len(), 28);
        assert_eq!(out[..4], [0x0A, 0x0D, 0x0D, 0x0A]);
    }
}
