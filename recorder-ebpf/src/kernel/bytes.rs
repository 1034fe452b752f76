//! The bytes of an skb's linear part: where they are, and their copies.

use core::{arch::asm, ptr::write_volatile};

use aya_ebpf::helpers::generated::bpf_probe_read_kernel;
use droprec_ebpf::{cast, config::ABSENT, record::MAX_CAPTURE};

use super::{config::config, skb::Object};

/// Where the bytes of the frame are.
pub(crate) struct Bytes {
    /// Address of the first one.
    pub(crate) start: u64,
    /// How many the skb's linear part has.
    pub(crate) linear: u32,
}

/// How many bytes of the frame are to be copied.
#[inline(always)]
pub(crate) fn captured(bytes: &Bytes, len: u32, snaplen: u32) -> u32 {
    let mut captured = bytes.linear;
    for most in [len, snaplen, MAX_CAPTURE] {
        if captured > most {
            captured = most;
        }
    }
    captured
}

/// How many words are copied one by one, where memory can be cast: as many as `struct pt_regs` begins with that are nothing else.
const WORDS: u32 = 17;

/// Copies so many bytes of the beginning of the frame to `into`; returns how many it was.
#[inline(always)]
pub(crate) fn capture(bytes: &Bytes, captured: u32, into: &mut [u8; MAX_CAPTURE as usize]) -> u32 {
    // Not all verifiers know that it is no more.
    let captured = captured.min(MAX_CAPTURE);
    // SAFETY: `into` is as long, a multiple of eight.
    if unsafe { copy(bytes.start, captured, captured, into.as_mut_ptr()) } {
        captured
    } else {
        0
    }
}

/// Copies `len` bytes of an skb's linear part; false: they cannot be read. Where they are at most `most`, and that is little, words
/// are copied until they are as many. What that reads beyond the linear part is within the skb's buffer, which ends with more.
///
/// # Safety
///
/// There is room at `to` for `most` bytes and what makes them words, and for `len`.
#[inline(always)]
pub(crate) unsafe fn copy(from: u64, len: u32, most: u32, to: *mut u8) -> bool {
    if config(|c| &c.cast) == ABSENT || most > WORDS * 8 {
        // SAFETY: there is room, and the helper reads from any address, or fails.
        return unsafe { bpf_probe_read_kernel(to.cast(), len, from as *const _) } == 0;
    }
    let from = cast(from, config(|c| &c.words_type));
    let to = to.cast::<u64>();
    for word in 0..WORDS {
        if word * 8 >= most {
            break;
        }
        // SAFETY: what is at any address can be read so, and there is room for the word.
        unsafe { write_volatile(to.add(word as usize), from.read(word as usize * 8)) };
    }
    true
}

/// What is at an address, as a type of that number.
#[inline(always)]
pub(super) fn cast(address: u64, number: u32) -> Object {
    let object: *const u8;
    // SAFETY: a call, which leaves the registers that it is said to, and reads nothing.
    unsafe {
        asm!(
            "call {function}",
            function = const cast::CALL >> 32,
            out("r0") object,
            inout("r1") address => _,
            inout("r2") u64::from(number) => _,
            out("r3") _,
            out("r4") _,
            out("r5") _,
        );
    }
    Object(object)
}
