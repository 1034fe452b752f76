//! Sends what a record has no place for: bytes in the fragments of an skb, or too many.
//!
//! Only a helper that writes to the perf buffers can read fragments on every kernel. So the record goes its way
//! as ever, with all that is at hand, and its rest through the perf buffer of this processor before it: whoever reads a
//! record that tells of a rest finds it there. (But where an interrupt comes into the midst of another sample's writing: what
//! it puts behind that is to be seen only when that is done.)

use aya_ebpf::{
    bindings::BPF_F_CURRENT_CPU, helpers::generated::bpf_skb_output, macros::map,
    maps::PerfEventByteArray,
};
use droprec_ebpf::record::{Counters, HAS_REST, MAX_REST, REST_WAKE, Record, sample};

use super::skb::{Object, at, bits, snaplen};

/// Each sample is its number, and the bytes from `skb->data` on. The user half opens a buffer for each processor.
#[map]
static RESTS: PerfEventByteArray = PerfEventByteArray::new(0);

/// Sends the rest of what the record has captured, if there is one. True: the reader is to be woken, as only it empties the
/// buffer.
///
/// Every record tells how many samples of its program there were. Samples whose records the ring had no room for are found
/// out by that; without it they would lie in the buffer for ever once it was full of them.
#[inline(always)]
pub(crate) fn send(
    skb: Object,
    record: &mut Record,
    program: u32,
    counters: &mut Counters,
) -> bool {
    record.rest = sample(program, counters.rests);
    let mut wanted = snaplen(record);
    if wanted > record.len {
        wanted = record.len;
    }
    if record.captured >= wanted || is_unreadable(skb) {
        return false;
    }
    let mut bytes = wanted.wrapping_sub(record.data.cast_unsigned());
    if bytes > MAX_REST {
        bytes = MAX_REST;
    }
    let mut number = sample(program, counters.rests + 1);
    // SAFETY: the skb is the tracepoint's own; the helper takes no more bytes of it than there are, or fails.
    let failed = unsafe {
        bpf_skb_output(
            skb.0.cast_mut().cast(),
            (&raw const RESTS).cast_mut().cast(),
            u64::from(bytes) << 32 | u64::from(BPF_F_CURRENT_CPU as u32),
            (&raw mut number).cast(),
            size_of::<u64>() as u64,
        )
    };
    if failed != 0 {
        return false;
    }
    counters.rests += 1;
    record.rest = number;
    record.flags |= HAS_REST;
    let before = counters.rest_bytes;
    counters.rest_bytes += u64::from(bytes);
    before / REST_WAKE != counters.rest_bytes / REST_WAKE
}

/// Whether its fragments are a device's memory (since 6.12), which the helper would leave unwritten.
#[inline(always)]
fn is_unreadable(skb: Object) -> bool {
    bits(skb, at!(skb_unreadable)).is_some_and(|unreadable| unreadable != 0)
}
