//! Counts drops by their kinds: each of them where that is asked for, and in any case those that are not recorded though
//! filters want them.

use aya_ebpf::{bindings::BPF_NOEXIST, macros::map, maps::PerCpuHashMap};
use droprec_ebpf::record::{Counters, Kind, Record, Tally, UNJUDGED};

use super::{config::config, emit::emit_met};

/// The counts. Per CPU, for what BPF's first instruction set has no atomics for. The user half says how many there may be.
#[map]
static KINDS: PerCpuHashMap<Kind, Tally> = PerCpuHashMap::with_max_entries(4096, 0);

/// Counts a drop that filters want. False: there are too many kinds.
#[inline(always)]
pub(crate) fn count(record: &Record, program: u32, counters: &mut Counters) -> bool {
    let is_counted = add(record, program, 1, 0, 0);
    counters.uncounted += u64::from(!is_counted);
    is_counted
}

/// Counts a drop that the ring had no room for, whether filters want it or that is not known.
#[inline(always)]
pub(crate) fn count_lost(record: &Record, program: u32, counters: &mut Counters) {
    let is_new = config(|c| &c.count) != 0 && record.flags & UNJUDGED != 0;
    let is_counted = add(record, program, is_new.into(), 1, 0);
    counters.uncounted += u64::from(is_new && !is_counted);
}

/// Counts a drop of which there were more than are to be recorded.
#[inline(always)]
pub(crate) fn count_limited(record: &Record, program: u32, counters: &mut Counters) {
    counters.limited += 1;
    add(record, program, 0, 0, 1);
}

/// Adds to what is counted of the record's kind.
#[inline(never)]
fn add(record: &Record, program: u32, drops: u64, lost: u64, limited: u64) -> bool {
    let kind = Kind::of(record, program);
    if KINDS.get_ptr(&kind).is_none() {
        // Fails where another processor was faster, and where the map is full.
        let is_new = KINDS
            .insert(&kind, &Tally::default(), BPF_NOEXIST.into())
            .is_ok();
        if is_new && config(|c| &c.emit) == 0 {
            emit_met(record);
        }
    }
    let Some(tally) = KINDS.get_ptr_mut(&kind) else {
        return false;
    };
    // SAFETY: this program's value on this processor, and `busy` keeps its other runs away from it.
    unsafe {
        (*tally).drops += drops;
        (*tally).lost += lost;
        (*tally).limited += limited;
    }
    true
}
