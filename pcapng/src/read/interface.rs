//! The Interface Description Block (draft-ietf-opsawg-pcapng, section 4.2).

use super::{Damage, clock::Clock, fields::Fields, options::Options};
use crate::option_code;

/// An interface of the section.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Interface<'a> {
    /// Its number in the section, from 0, by which packets name it.
    pub number: u32,
    /// What its frames are: a number of the LINKTYPE registry, as those of [`link_type`](crate::link_type).
    pub link_type: u16,
    /// The most bytes stored of a packet; 0 for no limit.
    pub snaplen: u32,
    /// `if_name`.
    pub name: Option<&'a str>,
    /// `if_description`.
    pub description: Option<&'a str>,
    /// `opt_comment`.
    pub comments: Vec<&'a str>,
}

impl<'a> Interface<'a> {
    /// Reads the block of the next interface, and adds its clock to those of the interfaces before it.
    pub(super) fn decode(mut body: Fields<'a>, clocks: &mut Vec<Clock>) -> Result<Self, Damage> {
        let link_type = body.u16()?;
        let _reserved = body.u16()?;
        let number = clocks.len() as u32;
        let mut interface = Self {
            number,
            link_type,
            snaplen: body.u32()?,
            ..Self::default()
        };
        let mut clock = Clock::default();
        let mut options = Options::new(body);
        while let Some(option) = options.next()? {
            match option.code {
                option_code::IF_NAME => interface.name = Some(option.text()?),
                option_code::IF_DESCRIPTION => interface.description = Some(option.text()?),
                option_code::IF_TSRESOL => clock.resolution = option.u8()?,
                option_code::IF_TSOFFSET => clock.offset = option.u64()?.cast_signed(),
                option_code::COMMENT => interface.comments.push(option.text()?),
                _ => {}
            }
        }
        clocks.push(clock);
        Ok(interface)
    }
}

/// The clock of an interface that a block names.
pub(super) fn clock(clocks: &[Clock], interface: u32) -> Result<Clock, Damage> {
    clocks
        .get(interface as usize)
        .copied()
        .ok_or(Damage::Interface {
            interface,
            known: clocks.len(),
        })
}
