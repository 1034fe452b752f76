//! The Section Header Block (draft-ietf-opsawg-pcapng, section 4.1).

use std::borrow::Cow;

use super::{Comments, Damage, fields::Fields, options::Options};
use crate::option_code;

/// What a section's writer says of it. The interfaces are numbered anew in each section.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Section<'a> {
    /// `shb_hardware`: the machine that recorded.
    pub hardware: Option<Cow<'a, str>>,
    /// `shb_os`: its operating system.
    pub os: Option<Cow<'a, str>>,
    /// `shb_userappl`: the program that wrote it.
    pub application: Option<Cow<'a, str>>,
    /// `opt_comment`.
    pub comments: Comments<'a>,
}

impl<'a> Section<'a> {
    pub(super) fn decode(mut body: Fields<'a>) -> Result<Self, Damage> {
        let _magic = body.u32()?;
        let (major, minor) = (body.u16()?, body.u16()?);
        // The draft wants 1.2, which some writers used, read as 1.0.
        if major != 1 || !matches!(minor, 0 | 2) {
            return Err(Damage::Version { major, minor });
        }
        let _length = body.u64()?;

        let mut section = Self::default();
        let mut options = Options::new(body);
        section.comments = Comments::among(options);
        while let Some(option) = options.next()? {
            match option.code {
                option_code::SHB_HARDWARE => section.hardware = Some(option.text()?),
                option_code::SHB_OS => section.os = Some(option.text()?),
                option_code::SHB_USERAPPL => section.application = Some(option.text()?),
                option_code::COMMENT => option.check_text()?,
                _ => {}
            }
        }
        Ok(section)
    }
}
