//! Sends what a record has no place for: bytes in the fragments of an skb, or too many.
//!
//! Only a helper that writes to the perf buffers can read fragments on every kernel. So the record goes through the ring
//! as ever, with all that is at hand, and its rest through the perf buffer of this processor before it: whoever reads a
//! record that tells of a rest finds it there.

use aya_ebpf::{
    bindings::BPF_F_CURRENT_CPU, helpers::generated::bpf_skb_output, macros::map,
    maps::PerfEventByteArray,
};
use droprec_ebpf::record::{Counters, MAX_REST, Record};

use super::{
    config::config,
    skb::{Object, bits},
};

/// Each sample is its number, and the bytes from `skb->data` on. The user half opens a buffer for each processor.
#[map]
static RESTS: PerfEventByteArray = PerfEventByteArray::new(0);

/// Sends the rest of what the record has captured, if there is one; returns the sample's number, or 0.
#[inline(always)]
pub(crate) fn send(skb: Object, record: &Record, counters: &mut Counters) -> u64 {
    let mut wanted = record.len;
    if wanted > config(|c| &c.snaplen) {
        wanted = config(|c| &c.snaplen);
    }
    if record.captured >= wanted || is_unreadable(skb) {
        return 0;
    }
    let mut bytes = wanted.wrapping_sub(record.data.cast_unsigned());
    if bytes > MAX_REST {
        bytes = MAX_REST;
    }
    let mut number = counters.rests + 1;
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
        return 0;
    }
    counters.rests = number;
    number
}

/// Whether its fragments are a device's memory (since 6.12), which the helper would leave unwritten.
#[inline(always)]
fn is_unreadable(skb: Object) -> bool {
    bits(skb, |c| &c.skb_unreadable).is_some_and(|unreadable| unreadable != 0)
}
