//! The Interface Description Block (draft-ietf-opsawg-pcapng, section 4.2).

use super::{
    TooLong,
    block::{Body, block},
};
use crate::{block_type, limits::MAX_CAPLEN, option_code};

/// What there is to say of an interface.
#[derive(Debug, Clone, Copy, Default)]
pub struct Interface<'a> {
    /// `if_name`: such as `eth0`.
    pub name: Option<&'a str>,
    /// `if_description`: for people.
    pub description: Option<&'a str>,
    /// `opt_comment`: anything else.
    pub comment: Option<&'a str>,
}

/// Appends an Interface Description Block: Ethernet frames without checksum, [`MAX_CAPLEN`], times in nanoseconds.
///
/// All of them are the same in this, since libpcap refuses a file whose interfaces differ in link type or snaplen.
pub fn interface(out: &mut Vec<u8>, interface: &Interface) -> Result<(), TooLong> {
    const LINKTYPE_ETHERNET: u16 = 1;
    const NANOSECONDS: u8 = 9;

    block(out, block_type::INTERFACE_DESCRIPTION, |body: &mut Body| {
        body.bytes(&LINKTYPE_ETHERNET.to_ne_bytes());
        body.bytes(&0u16.to_ne_bytes());
        body.bytes(&MAX_CAPLEN.to_ne_bytes());
        body.text_if_some(option_code::IF_NAME, interface.name)?;
        body.text_if_some(option_code::IF_DESCRIPTION, interface.description)?;
        body.option(option_code::IF_TSRESOL, [NANOSECONDS]);
        // Said, so that nobody takes a trailer for a frame check sequence.
        body.option(option_code::IF_FCSLEN, [0]);
        body.text_if_some(option_code::COMMENT, interface.comment)
    })
}
