//! Gives each block of a stream its meaning.

use std::io::Read;

use super::{
    Comments, Damage, Fault, Interface, Packet, ReadError, Section, Statistics,
    fields::{ByteOrder, Manner},
    frame::{self, Frame, check_whole},
    interface::Described,
    pcap::Variant,
    window::Window,
};
use crate::block_type;

/// What a block says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block<'a> {
    /// A new section: from here on, other interfaces.
    Section(Section<'a>),
    /// One more interface of the section.
    Interface(Interface<'a>),
    /// A packet.
    Packet(Packet<'a>),
    /// What was counted on an interface, and the `opt_comment`s beside it.
    Statistics(Statistics, Comments<'a>),
    /// A block of another type, which is passed over.
    Other(u32),
}

/// What a stream is cut by.
#[derive(Debug, Clone, Copy)]
enum Format {
    Pcapng(Manner),
    Pcap(Variant),
}

/// Reads a stream block by block.
///
/// Holds a window of fixed size, which grows for a block that is larger, and some bytes for each interface of the section,
/// of which there are [`MAX_INTERFACES`](crate::MAX_INTERFACES) at most.
#[derive(Debug)]
pub struct Reader<R> {
    window: Window<R>,
    /// Bytes of the block that was given last, which are in the window still.
    given: usize,
    offset: u64,
    is_strict: bool,
    /// `None` before the first block.
    format: Option<Format>,
    /// The interfaces of the section.
    described: Vec<Described>,
    ended: bool,
}

impl<R: Read> Reader<R> {
    /// Reads what anyone has written. What the format forbids is taken all the same where it harms nothing else: texts that
    /// are not UTF-8, packets that are said to be shorter than their bytes, times that cannot be told; and statistics of no
    /// interface are passed over.
    ///
    /// `source` needs no buffer of its own.
    pub fn new(source: R) -> Self {
        Self {
            window: Window::new(source),
            given: 0,
            offset: 0,
            is_strict: false,
            format: None,
            described: Vec::new(),
            ended: false,
        }
    }

    /// As [`Reader::new`], but all that the format forbids is damage: for writers to be held to it.
    pub fn strict(source: R) -> Self {
        Self {
            is_strict: true,
            ..Self::new(source)
        }
    }

    /// How many bytes the blocks given so far take.
    #[must_use]
    pub fn offset(&self) -> u64 {
        self.offset
    }

    /// The next block is there to its end, so that it can be had without waiting for the source.
    #[must_use]
    pub fn is_ahead(&self) -> bool {
        let bytes = &self.window.bytes()[self.given..];
        let length = match self.format {
            None => return false,
            Some(Format::Pcapng(manner)) => frame::length(bytes, manner),
            Some(Format::Pcap(variant)) => variant.length(bytes),
        };
        length.is_ok_and(|length| bytes.len() >= length as usize)
    }

    /// The next block; `None` at the end of the stream, and ever after an error.
    pub fn next_block(&mut self) -> Result<Option<Block<'_>>, ReadError> {
        if self.ended {
            return Ok(None);
        }
        // Until this block has proved good.
        self.ended = true;
        self.window.pass(std::mem::take(&mut self.given));
        let offset = self.offset;
        let failed = |fault| ReadError { offset, fault };

        let Some((format, len)) = self.measure().map_err(failed)? else {
            return Ok(None);
        };
        let bytes = &self.window.bytes()[..len as usize];
        let block =
            decode(format, bytes, &mut self.described).map_err(|damage| failed(damage.into()))?;
        self.given = len as usize;
        self.offset += u64::from(len);
        self.ended = false;
        Ok(Some(block))
    }

    /// The form and the length of the next block, which is in the window then; `None` at the end of the stream.
    fn measure(&mut self) -> Result<Option<(Format, u32)>, Fault> {
        let is_first = self.format.is_none();
        let mut format = match self.format {
            Some(format) => format,
            None => self.recognize()?,
        };
        let length = match &mut format {
            Format::Pcapng(manner) => frame::measure(&mut self.window, manner)?,
            Format::Pcap(variant) if is_first => Some(variant.measure_header(&mut self.window)?),
            Format::Pcap(variant) => variant.measure(&mut self.window)?,
        };
        self.format = Some(format);
        Ok(length.map(|length| (format, length)))
    }

    /// The form of a stream, by how it begins.
    fn recognize(&mut self) -> Result<Format, Fault> {
        self.window.fill(4)?;
        let bytes = self.window.bytes();
        let Some(magic) = bytes.first_chunk::<4>() else {
            let section_header = block_type::SECTION_HEADER.to_ne_bytes();
            if section_header.starts_with(bytes) {
                check_whole(&self.window, frame::HEAD)?;
            }
            return Err(Damage::NotCapture.into());
        };
        if *magic == block_type::SECTION_HEADER.to_ne_bytes() {
            return Ok(Format::Pcapng(Manner {
                order: ByteOrder::Little,
                is_strict: self.is_strict,
            }));
        }
        match Variant::of(*magic, self.is_strict) {
            Some(variant) => Ok(Format::Pcap(variant)),
            None => Err(Damage::NotCapture.into()),
        }
    }
}

fn decode<'a>(
    format: Format,
    bytes: &'a [u8],
    described: &mut Vec<Described>,
) -> Result<Block<'a>, Damage> {
    let manner = match format {
        Format::Pcapng(manner) => manner,
        Format::Pcap(variant) if described.is_empty() => {
            described.push(Described::default());
            return variant.interface(bytes).map(Block::Interface);
        }
        Format::Pcap(variant) => return variant.packet(bytes).map(Block::Packet),
    };
    let Frame { block_type, body } = frame::open(bytes, manner)?;
    Ok(match block_type {
        block_type::SECTION_HEADER => {
            described.clear();
            Block::Section(Section::decode(body)?)
        }
        block_type::INTERFACE_DESCRIPTION => Block::Interface(Interface::decode(body, described)?),
        block_type::ENHANCED_PACKET => Block::Packet(Packet::enhanced(body, described)?),
        block_type::SIMPLE_PACKET => Block::Packet(Packet::simple(body, described)?),
        block_type::PACKET => Block::Packet(Packet::obsolete(body, described)?),
        block_type::INTERFACE_STATISTICS => match Statistics::decode(body, described) {
            Ok((statistics, comments)) => Block::Statistics(statistics, comments),
            // Counts of nothing that is known cost no packet.
            Err(Damage::Interface { .. } | Damage::OptionLength { .. }) if !manner.is_strict => {
                Block::Other(block_type)
            }
            Err(damage) => return Err(damage),
        },
        other => Block::Other(other),
    })
}
