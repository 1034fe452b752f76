//! Gives each block of a stream its meaning.

use std::io::Read;

use super::{
    Damage, Interface, Packet, ReadError, Section, Statistics,
    clock::Clock,
    frames::{Frame, Frames},
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
    /// What was counted on an interface.
    Statistics(Statistics),
    /// A block of another type, which is passed over; among them simple and obsolete packets (3 and 2).
    Other(u32),
}

/// Reads a stream block by block.
///
/// Holds one block, a buffer of fixed size, and 16 bytes for each interface of the section.
#[derive(Debug)]
pub struct Reader<R> {
    frames: Frames<R>,
    offset: u64,
    /// One for each interface of the section.
    clocks: Vec<Clock>,
    ended: bool,
}

impl<R: Read> Reader<R> {
    /// Reads nothing yet. `source` needs no buffer of its own.
    pub fn new(source: R) -> Self {
        Self {
            frames: Frames::new(source),
            offset: 0,
            clocks: Vec::new(),
            ended: false,
        }
    }

    /// How many bytes the blocks given so far take.
    #[must_use]
    pub fn offset(&self) -> u64 {
        self.offset
    }

    /// The next block; `None` at the end of the stream, and ever after an error.
    pub fn next_block(&mut self) -> Result<Option<Block<'_>>, ReadError> {
        if self.ended {
            return Ok(None);
        }
        // Until this block has proved good.
        self.ended = true;
        let offset = self.offset;
        let failed = |fault| ReadError { offset, fault };

        let Some(frame) = self.frames.next().map_err(failed)? else {
            return Ok(None);
        };
        let block = decode(&frame, &mut self.clocks).map_err(|damage| failed(damage.into()))?;
        self.offset += u64::from(frame.len);
        self.ended = false;
        Ok(Some(block))
    }
}

fn decode<'a>(frame: &Frame<'a>, clocks: &mut Vec<Clock>) -> Result<Block<'a>, Damage> {
    Ok(match frame.block_type {
        block_type::SECTION_HEADER => {
            clocks.clear();
            Block::Section(Section::decode(frame.body)?)
        }
        block_type::INTERFACE_DESCRIPTION => {
            Block::Interface(Interface::decode(frame.body, clocks)?)
        }
        block_type::ENHANCED_PACKET => Block::Packet(Packet::decode(frame.body, clocks)?),
        block_type::INTERFACE_STATISTICS => {
            Block::Statistics(Statistics::decode(frame.body, clocks)?)
        }
        other => Block::Other(other),
    })
}
