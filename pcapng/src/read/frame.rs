//! Cuts a pcapng stream into whole blocks (draft-ietf-opsawg-pcapng, section 3.1).

use std::io::Read;

use super::{
    Damage, Fault,
    fields::{ByteOrder, Fields, Manner},
    window::Window,
};
use crate::{block_type, limits::MAX_READ_LEN};

/// The bytes of the shortest block, which are also those that tell how to read on.
pub(super) const HEAD: u32 = 12;

/// A whole block.
pub(super) struct Frame<'a> {
    pub(super) block_type: u32,
    pub(super) body: Fields<'a>,
}

/// The length of the block that comes next, which is in the window then; `None` where the stream ends. `manner`: that of
/// the section so far; that of the next one where the block begins it.
pub(super) fn measure<R: Read>(
    window: &mut Window<R>,
    manner: &mut Manner,
) -> Result<Option<u32>, Fault> {
    window.fill(HEAD as usize)?;
    if window.bytes().is_empty() {
        return Ok(None);
    }
    check_whole(window, HEAD)?;
    manner.order = byte_order(window.bytes(), manner.order)?;
    let len = length(window.bytes(), *manner)?;
    window.fill(len as usize)?;
    check_whole(window, len)?;
    let tail = Fields::new(&window.bytes()[len as usize - 4..], *manner).u32()?;
    if tail != len {
        return Err(Damage::Lengths { head: len, tail }.into());
    }
    Ok(Some(len))
}

/// The block that has been measured.
pub(super) fn open(block: &[u8], manner: Manner) -> Result<Frame<'_>, Damage> {
    let mut inside = Fields::new(&block[..block.len() - 4], manner);
    let (block_type, _) = (inside.u32()?, inside.u32()?);
    Ok(Frame {
        block_type,
        body: inside,
    })
}

/// What a block says of its length.
pub(super) fn length(head: &[u8], manner: Manner) -> Result<u32, Damage> {
    let mut head = Fields::new(head, manner);
    let (_, len) = (head.u32()?, head.u32()?);
    if (HEAD..=MAX_READ_LEN).contains(&len) && len % 4 == 0 {
        Ok(len)
    } else {
        Err(Damage::Length(len))
    }
}

/// The byte order of the block with this head. Each section header has its own.
fn byte_order(head: &[u8], section: ByteOrder) -> Result<ByteOrder, Damage> {
    let order = ByteOrder::Big;
    let mut head = Fields::new(
        head,
        Manner {
            order,
            is_strict: true,
        },
    );
    if head.u32()? != block_type::SECTION_HEADER {
        return Ok(section);
    }
    let _length = head.u32()?;
    match head.u32()? {
        0x1A2B_3C4D => Ok(ByteOrder::Big),
        0x4D3C_2B1A => Ok(ByteOrder::Little),
        magic => Err(Damage::Magic(magic)),
    }
}

/// Refuses a block or record of which fewer than `needed` bytes came.
pub(super) fn check_whole<R: Read>(window: &Window<R>, needed: u32) -> Result<(), Fault> {
    let had = window.bytes().len();
    if had < needed as usize {
        // It is less than a number of 32 bits.
        Err(Fault::Cut {
            needed,
            had: had as u32,
        })
    } else {
        Ok(())
    }
}
