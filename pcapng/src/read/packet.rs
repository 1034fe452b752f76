//! The Enhanced Packet Block (draft-ietf-opsawg-pcapng, section 4.3).

use super::{Damage, clock::Clock, fields::Fields, interface::clock, options::Options};
use crate::{Flags, option_code};

/// A packet.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Packet<'a> {
    /// Its interface, by its number in the section.
    pub interface: u32,
    /// When, in nanoseconds since the epoch.
    pub timestamp: u64,
    /// Bytes that it had; no less than [`Packet::data`] has.
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
    pub comments: Vec<&'a str>,
}

impl<'a> Packet<'a> {
    pub(super) fn decode(mut body: Fields<'a>, clocks: &[Clock]) -> Result<Self, Damage> {
        let interface = body.u32()?;
        let timestamp = clock(clocks, interface)?.nanoseconds(body.ticks()?)?;
        let (caplen, original_len) = (body.u32()?, body.u32()?);
        if original_len < caplen {
            return Err(Damage::OriginalLen {
                caplen,
                original_len,
            });
        }
        let data = body.take_padded(caplen as usize)?;

        let mut packet = Self {
            interface,
            timestamp,
            original_len,
            data,
            ..Self::default()
        };
        let mut options = Options::new(body);
        while let Some(option) = options.next()? {
            match option.code {
                option_code::EPB_FLAGS => packet.flags = Some(Flags::from_word(option.u32()?)),
                option_code::EPB_DROPCOUNT => packet.dropcount = Some(option.u64()?),
                option_code::EPB_PACKETID => packet.packetid = Some(option.u64()?),
                option_code::EPB_QUEUE => packet.queue = Some(option.u32()?),
                option_code::COMMENT => packet.comments.push(option.text()?),
                _ => {}
            }
        }
        Ok(packet)
    }
}
