//! Hands a record over by the lane of this processor, if that has room.

use core::{
    arch::asm,
    ptr::{null_mut, read_volatile, write_volatile},
};

use aya_ebpf::{bindings::BPF_F_MMAPABLE, macros::map, maps::Array};
use droprec_ebpf::{
    lane::{Lane, Place, length},
    record::{FIRST, OWNED_DROP},
};

use super::{
    bytes::{Bytes, capture},
    config::config,
};

/// By processor. The user half sets how many there are, and how long each is.
#[map]
static LANES: Array<Lane> = Array::with_max_entries(1, BPF_F_MMAPABLE);

/// The room for a record in the lane of this processor. (Not as an `Option`: what none has in it would not be initialized,
/// and the compiler moves that about all the same, which the verifier refuses.)
#[derive(Clone, Copy)]
pub(crate) struct Room {
    lane: *mut Lane,
    /// Whether it has. (Not told by a pointer that is null, with which the compiler would calculate.)
    pub(crate) is_there: bool,
    /// Bytes that wait in it; 0: there is no lane, or nothing in it.
    pub(crate) waiting: u64,
}

impl Room {
    const NONE: Self = Self {
        lane: null_mut(),
        is_there: false,
        waiting: 0,
    };

    /// What a program has on this processor.
    #[inline(always)]
    pub(crate) fn of(program: u32, cpu: u32) -> Self {
        let full = config(|c| &c.lane_full);
        if program != FIRST || full == 0 {
            return Self::NONE;
        }
        let Some(lane) = LANES.get_ptr_mut(cpu) else {
            return Self::NONE;
        };
        // SAFETY: members of a value that is there. Volatile, as the user half writes one of them.
        let (written, read) = unsafe {
            (
                read_volatile(&raw const (*lane).written),
                read_volatile(&raw const (*lane).read),
            )
        };
        let waiting = written.wrapping_sub(read);
        Self {
            lane,
            is_there: waiting < full.into(),
            waiting,
        }
    }
}

/// Puts a record and its bytes into the lane, with its owner if it is of that kind, and lets the user half have it.
#[inline(always)]
pub(crate) fn publish(&Room { lane, .. }: &Room, kind: u32, made: &Place, bytes: &Bytes) {
    // SAFETY: members of a value that is there, which this program alone writes on this processor, and what begins within as
    // many bytes as the user half has put behind it. Volatile, and behind all that was stored before: the compiler moves nothing
    // across an instruction that it knows nothing of.
    unsafe {
        let written = read_volatile(&raw const (*lane).written);
        let position = written & u64::from(config(|c| &c.lane_mask));
        let place = (&raw mut (*lane).data).byte_add(position as usize);
        if kind == OWNED_DROP {
            copy_words(&made.owner, &raw mut (*place).owner);
        } else {
            (*place).owner.kind = kind;
        }
        // Before the bytes: what was stored just now is waited for, and would be behind those.
        copy_words(&made.record, &raw mut (*place).record);
        let captured = capture(bytes, made.record.captured, &mut (*place).frame);
        (*place).record.captured = captured;
        asm!("");
        let end = written.wrapping_add(length(captured).into());
        write_volatile(&raw mut (*lane).written, end);
    }
}

/// Copies word by word: the compiler would make a call of it, of a function that goes byte by byte.
///
/// # Safety
///
/// `T` is made of words.
#[inline(always)]
unsafe fn copy_words<T>(from: &T, to: *mut T) {
    for word in 0..size_of::<T>() / size_of::<u64>() {
        // SAFETY: a word of either.
        unsafe {
            let value = (&raw const *from).cast::<u64>().add(word).read();
            write_volatile(to.cast::<u64>().add(word), value);
        }
    }
}
