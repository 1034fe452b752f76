//! The Interface Description Block (draft-ietf-opsawg-pcapng, section 4.2).

use std::borrow::Cow;

use super::{Comments, Damage, clock::Clock, fields::Fields, options::Options};
use crate::{MAX_INTERFACES, option_code};

/// An interface of the section.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Interface<'a> {
    /// Its number in the section, from 0, by which packets name it.
    pub number: u32,
    /// What its frames are: a number of the LINKTYPE registry, as those of [`link_type`](crate::link_type). Classic capture
    /// files may have numbers above 16 bits, which are none of the registry's.
    pub link_type: u32,
    /// The most bytes stored of a packet; 0 for no limit.
    pub snaplen: u32,
    /// `if_name`.
    pub name: Option<Cow<'a, str>>,
    /// `if_description`.
    pub description: Option<Cow<'a, str>>,
    /// `opt_comment`.
    pub comments: Comments<'a>,
}

impl<'a> Interface<'a> {
    /// Reads the block of the next interface, and adds it to those before it.
    pub(super) fn decode(
        mut body: Fields<'a>,
        described: &mut Vec<Described>,
    ) -> Result<Self, Damage> {
        if described.len() >= MAX_INTERFACES {
            return Err(Damage::Interfaces);
        }
        let link_type = body.u16()?.into();
        let _reserved = body.u16()?;
        let number = described.len() as u32;
        let mut interface = Self {
            number,
            link_type,
            snaplen: body.u32()?,
            ..Self::default()
        };
        let mut clock = Clock::default();
        let mut options = Options::new(body);
        interface.comments = Comments::among(options);
        while let Some(option) = options.next()? {
            match option.code {
                option_code::IF_NAME => interface.name = Some(option.text()?),
                option_code::IF_DESCRIPTION => interface.description = Some(option.text()?),
                option_code::IF_TSRESOL => clock.resolution = option.u8()?,
                option_code::IF_TSOFFSET => clock.offset = option.u64()?.cast_signed(),
                option_code::COMMENT => option.check_text()?,
                _ => {}
            }
        }
        described.push(Described {
            clock,
            snaplen: interface.snaplen,
        });
        Ok(interface)
    }
}

/// What other blocks take from an interface's.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Described {
    pub(super) clock: Clock,
    pub(super) snaplen: u32,
}

/// The interface that a block names.
pub(super) fn find(described: &[Described], interface: u32) -> Result<Described, Damage> {
    described
        .get(interface as usize)
        .copied()
        .ok_or(Damage::Interface {
            interface,
            known: described.len(),
        })
}
