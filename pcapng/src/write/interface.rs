//! The Interface Description Block (draft-ietf-opsawg-pcapng, section 4.2).

use super::{
    TooLong,
    block::{Body, block},
};
use crate::{block_type, limits::MAX_CAPLEN, link_type, option_code};

/// What there is to say of an interface.
#[derive(Debug, Clone, Copy)]
pub struct Interface<'a> {
    /// What its packets begin with, a number of [`link_type`]: Ethernet if not told. libpcap, and with it tcpdump, refuses a
    /// file whose interfaces differ in it, and one with two of bare IP.
    pub link_type: u16,
    /// `if_name`: such as `eth0`.
    pub name: Option<&'a str>,
    /// `if_description`: for people.
    pub description: Option<&'a str>,
    /// `opt_comment`: anything else.
    pub comment: Option<&'a str>,
}

impl Default for Interface<'_> {
    fn default() -> Self {
        Self {
            link_type: link_type::ETHERNET,
            name: None,
            description: None,
            comment: None,
        }
    }
}

/// Appends an Interface Description Block: frames without checksum, [`MAX_CAPLEN`], times in nanoseconds.
///
/// All of them are the same in this, since libpcap refuses a file whose interfaces differ in snaplen.
pub fn interface(out: &mut Vec<u8>, interface: &Interface) -> Result<(), TooLong> {
    const NANOSECONDS: u8 = 9;

    block(out, block_type::INTERFACE_DESCRIPTION, |body: &mut Body| {
        body.bytes(&interface.link_type.to_ne_bytes());
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
