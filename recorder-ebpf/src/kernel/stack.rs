//! Takes the call stack of a drop. Its fingerprint goes with the record; the addresses go into a map, once for all drops that
//! have the same.
//!
//! A stack begins where the packet was dropped: what is before that, up to the program itself, is the way from there through
//! the tracepoint, and is left out. Where the location is no address that anything returns to (`net_tx_action` names itself),
//! all is kept but the program.

use core::ptr::{read_volatile, write_volatile};

use aya_ebpf::{
    EbpfContext as _,
    bindings::BPF_ANY,
    helpers::generated::bpf_get_stack,
    macros::map,
    maps::{LruHashMap, PerCpuArray},
    programs::BtfTracePointContext,
};
use droprec_ebpf::{
    fingerprint,
    record::{MAX_FRAMES, Record},
};

use super::config::config;

/// Stacks by their fingerprints. The user half says how many there is room for; the kernel forgets what came least of late.
#[map]
static STACKS: LruHashMap<u64, [u64; MAX_FRAMES]> = LruHashMap::with_max_entries(1, 0);

/// A place for the stack that each of the two programs at `skb:kfree_skb` is taking on this processor.
#[map]
static FRAMES: PerCpuArray<Frames> = PerCpuArray::with_max_entries(2, 0);

/// So many frames may be before the location. A power of two, less one.
const MAX_BEFORE: usize = 7;

/// A power of two that is more than both together.
const PLACES: usize = 128;

/// The helper's own flags: how many frames to leave out (`BPF_F_SKIP_FIELD_MASK`), which is the program.
const SKIP: u64 = 1;

#[repr(C)]
struct Frames {
    /// The innermost first, a zero behind the last.
    addresses: [u64; PLACES],
    /// Which of them the location is.
    first: u64,
}

/// Tells of the stack in the record, if that was asked for.
#[inline(always)]
pub(crate) fn take(ctx: &BtfTracePointContext, program: u32, record: &mut Record) {
    record.stack = 0;
    if config(|c| &c.stack) == 0 {
        return;
    }
    let Some(frames) = FRAMES.get_ptr_mut(program) else {
        return;
    };
    // SAFETY: a per-CPU value of this program alone, and `busy` keeps its other runs away from it.
    let frames = unsafe { &mut *frames };
    let addresses = frames.addresses.as_mut_ptr();
    let most = MAX_BEFORE + MAX_FRAMES;
    // SAFETY: the context is the program's own, and the helper writes as many bytes at most as it is told.
    let bytes = unsafe {
        bpf_get_stack(
            ctx.as_ptr(),
            addresses.cast(),
            (most * size_of::<u64>()) as u32,
            SKIP,
        )
    };
    if bytes <= 0 {
        return;
    }
    // It is less than the mask, which old verifiers do not know.
    let end = bytes as usize / size_of::<u64>() & (PLACES - 1);
    // SAFETY: within the array.
    unsafe { addresses.add(end).write(0) };
    let first = &raw mut frames.first;
    // SAFETY: a member of what is there. Through memory, so that the verifier goes on in one way from here, and not in
    // eight.
    let first = unsafe {
        write_volatile(first, position(addresses, record.location));
        read_volatile(first)
    };
    // SAFETY: at most MAX_BEFORE, and MAX_FRAMES are behind that.
    let stack = unsafe {
        &*addresses
            .add(first as usize & MAX_BEFORE)
            .cast::<[u64; MAX_FRAMES]>()
    };
    // SAFETY: `fingerprint` asks for no more than there are. Volatile, as the helper wrote them.
    let address = |index| unsafe { read_volatile(stack.as_ptr().add(index)) };
    let fingerprint = fingerprint::of(address);
    let is_known = STACKS.get_ptr(fingerprint).is_some();
    if is_known || STACKS.insert(fingerprint, stack, BPF_ANY.into()).is_ok() {
        record.stack = fingerprint;
    }
}

/// Which of the addresses the location is; the first, if it is none of them.
#[inline(always)]
fn position(addresses: *const u64, location: u64) -> u64 {
    for index in 0..=MAX_BEFORE {
        // SAFETY: within the array.
        let address = unsafe { read_volatile(addresses.add(index)) };
        if address == location {
            return index as u64;
        }
        // What is behind the end is another drop's.
        if address == 0 {
            break;
        }
    }
    0
}
