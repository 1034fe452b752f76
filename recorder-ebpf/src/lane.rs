//! A lane: memory of one processor, which both halves map, and by which records of the first program reach the user half
//! without the call that the ring takes.
//!
//! A record is there as soon as the kernel half says that it has written that far. So there is one writer to a lane, which is
//! one program on one processor, and one reader. That needs a machine on which whoever sees the one store has seen those before
//! it, as on x86-64: BPF's first instruction set has no other order to offer.
//!
//! Positions are in bytes since the beginning, multiples of eight. A record begins at its position by the size of the lane, and
//! goes on behind the end of that.

use crate::record::{MAX_CAPTURE, OWNED_DROP, Owner, Record};

/// A record with its owner before it, and room for its bytes behind it.
#[repr(C)]
pub struct Place {
    /// There is one if it says so itself.
    pub owner: Owner,
    /// What was read of the skb.
    pub record: Record,
    /// The first bytes of the frame.
    pub frame: [u8; MAX_CAPTURE as usize],
}

/// What a lane begins with. Behind it are as many bytes as the user half asks for, a power of two.
#[repr(C)]
pub struct Lane {
    /// Up to here the kernel half has written.
    pub written: u64,
    /// The other half's word is in another cache line.
    pub padding: [u64; 7],
    /// Up to here the user half has read.
    pub read: u64,
    /// As above.
    pub more_padding: [u64; 7],
    /// Room for the longest record that begins just before the end of the lane's bytes; those begin where this does.
    pub data: Place,
}

/// Bytes of a record that has captured so many.
#[inline(always)]
#[must_use]
pub const fn length(captured: u32) -> u32 {
    ((size_of::<Owner>() + size_of::<Record>()) as u32 + captured).next_multiple_of(8)
}

/// Where in its place an item is that is of this kind by [`Owner::kind`].
#[inline(always)]
#[must_use]
pub const fn begin(kind: u32) -> usize {
    if kind == OWNED_DROP {
        0
    } else {
        size_of::<Owner>()
    }
}

const _: () = {
    assert!(size_of::<Place>().is_multiple_of(8));
    assert!(size_of::<Lane>() == 128 + size_of::<Place>());
};
