//! Records of each kind of drops only so many a second, or one of so many.
//!
//! A kind is where, why and at which interface packets of a protocol are dropped. What it has come to is shared by all
//! processors: it is added to in one instruction, and another one's addition that comes between reading and adding is not seen.
//! So a few may be recorded beyond the most of a second; the user half, which sees all of them in turn, leaves those out. Of
//! those of which one of so many is recorded, it may be none or two.
//!
//! A kind that is forgotten is new when it comes again, and nothing would limit more kinds than can be remembered. So of those
//! that are new, only so many begin in a second; the others of it are one kind together.

use core::{
    arch::asm,
    ptr::{read_volatile, write_volatile},
};

use aya_ebpf::{
    bindings::BPF_NOEXIST,
    macros::map,
    maps::{Array, LruHashMap},
};
use droprec_ebpf::record::{KINDS, Record};

use super::{
    config::config,
    device::mark_time,
    fair::{SPREAD, kind},
};

/// What each kind has come to, by its fingerprint. The user half says how many there may be: a kind beyond takes the place of
/// the one that came least recently.
#[map]
static PASTS: LruHashMap<u64, Past> = LruHashMap::with_max_entries(1, 0);

/// What a kind has come to.
#[repr(C)]
struct Past {
    /// Drops, where one of so many is recorded.
    drops: u64,
    /// Seconds of `CLOCK_BOOTTIME`, the last in which there was one.
    second: u64,
    /// Records in it.
    records: u64,
}

/// Kinds that may begin in a second: so that none is forgotten in the one in which it came.
const NEW: u64 = KINDS as u64 / 2;
/// The kind of those that may not begin.
const OTHERS: u64 = 0;

/// Kinds that have begun in a second.
#[map]
static BEGUN: Array<Begun> = Array::with_max_entries(1, 0);

#[repr(C)]
struct Begun {
    /// Of `CLOCK_BOOTTIME`.
    second: u64,
    kinds: u64,
}

/// Whether a drop is to be recorded.
#[inline(always)]
pub(crate) fn allows(record: &mut Record) -> bool {
    let (rate, sample) = (config(|c| &c.rate), config(|c| &c.sample));
    if rate == 0 && sample == 0 {
        return true;
    }
    mark_time(record);
    is_allowed(record, rate.into(), sample.into())
}

#[inline(never)]
fn is_allowed(record: &Record, rate: u64, sample: u64) -> bool {
    // The inode number of a namespace that is gone is another one's soon.
    let mut kind = kind(record) ^ record.netns_cookie.wrapping_mul(SPREAD);
    let second = record.time / 1_000_000_000;
    let mut past = PASTS.get_ptr_mut(&kind);
    if past.is_none() && !may_begin(second) {
        kind = OTHERS;
        past = PASTS.get_ptr_mut(&kind);
    }
    let Some(past) = past else {
        let first = Past {
            drops: 1,
            second,
            records: 1,
        };
        // The first one is recorded, always: if it cannot be noted, or another processor was faster, too.
        let _ = PASTS.insert(&kind, &first, BPF_NOEXIST.into());
        return true;
    };
    // SAFETY: members of a value that is there; another kind's, if it was taken for one a moment ago.
    let (drops, records) = unsafe { (&raw mut (*past).drops, &raw mut (*past).records) };
    if sample != 0 && count(drops) % sample != 0 {
        return false;
    }
    if rate == 0 {
        return true;
    }
    // SAFETY: a member of the same value.
    let of = unsafe { &raw mut (*past).second };
    is_within(rate, of, records, second)
}

/// Whether another kind may begin in this second; counts it.
#[inline(always)]
fn may_begin(second: u64) -> bool {
    let Some(begun) = BEGUN.get_ptr_mut(0) else {
        return true;
    };
    // SAFETY: members of a value that is there.
    let (of, kinds) = unsafe { (&raw mut (*begun).second, &raw mut (*begun).kinds) };
    is_within(NEW, of, kinds, second)
}

/// Whether there were fewer in this second; counts it. `of`: the second that `counted` is of.
#[inline(always)]
fn is_within(most: u64, of: *mut u64, counted: *mut u64, second: u64) -> bool {
    // SAFETY: words of a map's value. Volatile, as other processors write them.
    unsafe {
        // What comes late, from another processor, is counted with what has come since.
        if read_volatile(of) < second {
            write_volatile(of, second);
            write_volatile(counted, 0);
        }
        if read_volatile(counted) >= most {
            return false;
        }
    }
    count(counted);
    true
}

/// Adds one to a count that processors share. What it was before.
#[inline(always)]
fn count(of: *mut u64) -> u64 {
    // SAFETY: a word of a map's value, which is aligned. Volatile, as others write it.
    let before = unsafe { read_volatile(of) };
    // SAFETY: as above. The first instruction set has no addition that tells what was there, so the compiler has none at all.
    unsafe { asm!("lock *(u64 *)({of} + 0) += {one}", of = in(reg) of, one = in(reg) 1_u64) };
    before
}
