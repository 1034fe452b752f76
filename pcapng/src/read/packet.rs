//! The three blocks that a packet can be in (draft-ietf-opsawg-pcapng, sections 4.3, 4.4 and appendix A).

use super::{
    Comments, Damage,
    fields::Fields,
    interface::{Described, find},
    options::Options,
};
use crate::{Flags, option_code};

/// The number of lost packets that an obsolete block does not know.
const UNKNOWN: u16 = 0xFFFF;

/// A packet.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Packet<'a> {
    /// Its interface, by its number in the section.
    pub interface: u32,
    /// When, in nanoseconds since the epoch; `None` where its block does not tell, or what these cannot express.
    pub timestamp: Option<u64>,
    /// Bytes that it had, as its writer says. Some say less than are there.
    pub original_len: u32,
    /// Its bytes, as far as they were captured.
    pub data: &'a [u8],
    /// `epb_flags`.
    pub flags: Option<Flags>,
    /// `epb_dropcount`: packets not recorded between this one and the one before it on the same interface.
    pub dropcount: Option<u64>,
    /// `epb_packetid`: the same for records of the same packet.
    pub packetid: Option<u64>,
    /// `epb_queue`: the interface's queue.
    pub queue: Option<u32>,
    /// `opt_comment`, in their order.
    pub comments: Comments<'a>,
}

impl<'a> Packet<'a> {
    /// From an Enhanced Packet Block.
    pub(super) fn enhanced(mut body: Fields<'a>, described: &[Described]) -> Result<Self, Damage> {
        let interface = body.u32()?;
        let packet = Self::stamped(interface, &mut body, described)?;
        packet.with_options(body, |packet, code, option| {
            match code {
                option_code::EPB_DROPCOUNT => packet.dropcount = Some(option.u64()?),
                option_code::EPB_PACKETID => packet.packetid = Some(option.u64()?),
                option_code::EPB_QUEUE => packet.queue = Some(option.u32()?),
                _ => {}
            }
            Ok(())
        })
    }

    /// From an obsolete Packet Block.
    pub(super) fn obsolete(mut body: Fields<'a>, described: &[Described]) -> Result<Self, Damage> {
        let (interface, dropcount) = (body.u16()?, body.u16()?);
        let mut packet = Self::stamped(interface.into(), &mut body, described)?;
        packet.dropcount = (dropcount != UNKNOWN).then(|| dropcount.into());
        packet.with_options(body, |_, _, _| Ok(()))
    }

    /// From a Simple Packet Block: of the first interface, cut to its snaplen.
    pub(super) fn simple(mut body: Fields<'a>, described: &[Described]) -> Result<Self, Damage> {
        let snaplen = match find(described, 0)?.snaplen {
            0 => u32::MAX,
            snaplen => snaplen,
        };
        let original_len = body.u32()?;
        let mut caplen = original_len.min(snaplen) as usize;
        if !body.is_strict() {
            // Not every writer cuts at the snaplen that it says.
            caplen = caplen.min(body.len());
        }
        Ok(Self {
            original_len,
            data: body.take_padded(caplen)?,
            ..Self::default()
        })
    }

    /// What both blocks with a time have: that, the lengths and the bytes.
    fn stamped(
        interface: u32,
        body: &mut Fields<'a>,
        described: &[Described],
    ) -> Result<Self, Damage> {
        let timestamp = body.time(find(described, interface)?.clock)?;
        let (caplen, original_len) = (body.u32()?, body.u32()?);
        if body.is_strict() && original_len < caplen {
            return Err(Damage::OriginalLen {
                caplen,
                original_len,
            });
        }
        Ok(Self {
            interface,
            timestamp,
            original_len,
            data: body.take_padded(caplen as usize)?,
            ..Self::default()
        })
    }

    /// Adds what the options say. `others`: takes those that not every block has.
    fn with_options(
        mut self,
        body: Fields<'a>,
        others: impl Fn(&mut Self, u16, super::options::OptionField<'a>) -> Result<(), Damage>,
    ) -> Result<Self, Damage> {
        let mut options = Options::new(body);
        self.comments = Comments::among(options);
        while let Some(option) = options.next()? {
            match option.code {
                option_code::COMMENT => option.check_text()?,
                option_code::EPB_FLAGS => self.flags = Some(Flags::from_word(option.u32()?)),
                code => others(&mut self, code, option)?,
            }
        }
        Ok(self)
    }
}
