//! Cuts a stream into whole blocks (draft-ietf-opsawg-pcapng, section 3.1).

use std::io::{self, BufReader, Read};

use super::{
    Damage, Fault,
    fields::{ByteOrder, Fields},
};
use crate::{block_type, limits::MAX_BLOCK_LEN};

/// The bytes of the shortest block, which are also those that tell how to read on.
const HEAD: u32 = 12;

/// The stream that is cut.
#[derive(Debug)]
pub(super) struct Frames<R> {
    source: BufReader<R>,
    /// The bytes of the block read last.
    block: Vec<u8>,
    /// That of the section; `None` before the first.
    order: Option<ByteOrder>,
}

/// A whole block.
pub(super) struct Frame<'a> {
    pub(super) block_type: u32,
    /// The block's length in the stream.
    pub(super) len: u32,
    pub(super) body: Fields<'a>,
}

impl<R: Read> Frames<R> {
    pub(super) fn new(source: R) -> Self {
        let source = BufReader::with_capacity(64 * 1024, source);
        Self {
            source,
            block: Vec::new(),
            order: None,
        }
    }

    /// The next block; `None` where the stream ends after a block.
    pub(super) fn next(&mut self) -> Result<Option<Frame<'_>>, Fault> {
        self.block.clear();
        self.read_until(HEAD)?;
        if self.block.is_empty() && self.order.is_some() {
            return Ok(None);
        }
        let order = self.byte_order()?;
        self.order = Some(order);
        let mut head = Fields::new(&self.block, order);
        let (block_type, len) = (head.u32()?, head.u32()?);
        if !(HEAD..=MAX_BLOCK_LEN).contains(&len) || len % 4 != 0 {
            return Err(Damage::Length(len).into());
        }
        self.read_until(len)?;
        self.check_whole(len)?;

        let (inside, tail) = self.block[8..].split_at(len as usize - HEAD as usize);
        let tail = Fields::new(tail, order).u32()?;
        if tail != len {
            return Err(Damage::Lengths { head: len, tail }.into());
        }
        Ok(Some(Frame {
            block_type,
            len,
            body: Fields::new(inside, order),
        }))
    }

    /// The byte order of the block whose head has been read. Each section header has its own.
    fn byte_order(&self) -> Result<ByteOrder, Fault> {
        let section_header = block_type::SECTION_HEADER.to_ne_bytes();
        let first = self.block.len().min(section_header.len());
        let is_section_header = self.block[..first] == section_header[..first];
        if self.order.is_none() && !is_section_header {
            return Err(Damage::NotPcapng.into());
        }
        self.check_whole(HEAD)?;
        match self.order {
            Some(order) if !is_section_header => Ok(order),
            _ => match Fields::new(&self.block[8..], ByteOrder::Big).u32()? {
                0x1A2B_3C4D => Ok(ByteOrder::Big),
                0x4D3C_2B1A => Ok(ByteOrder::Little),
                magic => Err(Damage::Magic(magic).into()),
            },
        }
    }

    /// Reads on until the block has `len` bytes or the stream ends. Takes no memory for bytes that do not come.
    fn read_until(&mut self, len: u32) -> io::Result<usize> {
        let missing = u64::from(len) - self.block.len() as u64;
        self.source
            .by_ref()
            .take(missing)
            .read_to_end(&mut self.block)
    }

    /// Refuses a block of which fewer than `needed` bytes came.
    fn check_whole(&self, needed: u32) -> Result<(), Fault> {
        let had = self.block.len() as u32;
        if had < needed {
            Err(Fault::Cut { needed, had })
        } else {
            Ok(())
        }
    }
}
