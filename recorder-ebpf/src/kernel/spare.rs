//! What the spare program records: drops that the first one missed, as it was at another one on this processor.
//!
//! The kernel keeps a tracing program from entering itself on a processor (`__bpf_trace_run`, kernel/trace/bpf_trace.c,
//! v6.18). So an interrupt that comes while a drop is recorded would be missed with all that it drops; and where tracepoints
//! can be preempted, as on 7.2, so would every process that has the processor until the first one has it again. The spare
//! program hangs on the same tracepoint, is called after the first for every drop, and looks whether that one stands still.
//!
//! That alone does not tell that it missed this very drop: between the two calls another process may have come in and been
//! stopped in its turn. So the first program leaves a mark, in a slot by the place of its arguments on the stack, which both
//! calls for a drop share. A mark that is left over, as the spare program was kept out in its turn, costs at most a drop,
//! which is counted. One that another stack's has overwritten would have a drop recorded twice, but only where a process was
//! stopped between the two calls while another stood still in the first.

use core::ptr::{read_volatile, write_volatile};

use aya_ebpf::{EbpfContext as _, programs::BtfTracePointContext};

/// log2 of how many slots there are: far more than stacks that are between the two calls.
const BITS: u32 = 10;
/// 2^64 by the golden ratio: spreads addresses that are alike (Fibonacci hashing).
const SPREAD: u64 = 0x9e37_79b9_7f4a_7c15;

/// The skbs that the first program was called for, each until the spare one is.
static mut MARKS: [u64; 1 << BITS] = [0; 1 << BITS];

/// Marks the skb as one that the first program is called for.
#[inline(always)]
pub(crate) fn mark(ctx: &BtfTracePointContext) {
    // SAFETY: a word of this array; volatile, as the other program reads it.
    unsafe { write_volatile(place(ctx), skb(ctx)) };
}

/// Takes the mark away. True: there was one.
#[inline(always)]
pub(crate) fn was_marked(ctx: &BtfTracePointContext) -> bool {
    let place = place(ctx);
    // SAFETY: as above.
    unsafe {
        let was_marked = read_volatile(place) == skb(ctx);
        if was_marked {
            write_volatile(place, 0);
        }
        was_marked
    }
}

#[inline(always)]
fn skb(ctx: &BtfTracePointContext) -> u64 {
    ctx.arg::<*const u8>(0) as u64
}

/// Where the mark of this call is. The verifier lets nobody calculate with the address of the arguments, but for its
/// distance from another address.
#[inline(always)]
fn place(ctx: &BtfTracePointContext) -> *mut u64 {
    let marks = (&raw mut MARKS).cast::<u64>();
    let distance = (ctx.as_ptr() as u64).wrapping_sub(marks as u64);
    let number = distance.wrapping_mul(SPREAD) >> (u64::BITS - BITS);
    // SAFETY: a number of BITS bits is within the array.
    unsafe { marks.add(number as usize) }
}
