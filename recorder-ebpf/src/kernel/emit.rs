//! Hands a record over: by its lane, into the ring, or into the count of what the ring had no room for.

use core::{
    mem::offset_of,
    ptr::{read_volatile, write_volatile},
    slice::from_raw_parts,
};

use aya_ebpf::{
    bindings::{BPF_RB_AVAIL_DATA, BPF_RB_FORCE_WAKEUP, BPF_RB_NO_WAKEUP},
    helpers::bpf_ktime_get_boot_ns,
    macros::map,
    maps::{PerCpuArray, RingBuf},
};
use droprec_ebpf::{
    lane::{Place, begin},
    member,
    record::{Counters, DROP, MAX_CAPTURE, MET, MODULE, Met, Notice, OWNED_DROP, PROGRAMS, Record},
};

use super::{
    bytes::{Bytes, capture},
    config::config,
    count::count_lost,
    device::{Known, Named},
    expression::Asked,
    fair::Room,
    filter::Namespace,
    lane,
    skb::Located,
};

/// Records, each as long as it needs to be. The user half sets its size.
#[map]
pub(crate) static RING: RingBuf = RingBuf::with_byte_size(16 * 1024 * 1024, 0);

/// A place for the record that each of the programs is making on this processor: it is too long for the stack.
#[map]
static SCRATCH: PerCpuArray<Scratch> = PerCpuArray::with_max_entries(PROGRAMS, 0);

/// How often a reader that is behind is looked for, in records of one program on one processor.
const WAKE_INTERVAL: u64 = 32;

/// The reader is woken when this part of a lane is full.
const LANE_WAKE_PART: u32 = 4;

/// How long a reader that was woken is left alone, in nanoseconds: it is at work already.
const AWAKE: u64 = 100_000;

/// How many modules were loaded.
static mut MODULES: u32 = 0;

/// How many modules were loaded so far.
#[inline(always)]
pub(crate) fn modules() -> u32 {
    // SAFETY: a word that another program counts up; volatile, as it does so at any time.
    unsafe { read_volatile(&raw const MODULES) }
}

/// A record with its owner before it, and room for its bytes behind it; then what an expression is asked with, and what is
/// known of a device, of how packets lie and of the ring.
#[repr(C)]
pub(crate) struct Scratch {
    pub(crate) place: Place,
    pub(crate) asked: Asked,
    pub(crate) namespace: Namespace,
    pub(crate) named: Named,
    pub(crate) known: Known,
    pub(crate) located: Located,
    pub(crate) room: Room,
    /// When the reader was woken last.
    woken: u64,
}

// Its loads are not taken for those of members.
const _: () = assert!(size_of::<Scratch>() <= member::BEGIN);

/// The program's on this processor.
#[inline(always)]
pub(crate) fn scratch(program: u32) -> Option<*mut Scratch> {
    SCRATCH.get_ptr_mut(program)
}

/// Emits a record and the bytes that it captures, with its owner if it has one: by the lane that has room, or into the ring.
/// `is_due`: the reader is to be woken.
#[inline(always)]
pub(crate) fn emit(
    scratch: &mut Scratch,
    bytes: &Bytes,
    lane: &lane::Room,
    is_owned: bool,
    is_due: bool,
    program: u32,
    counters: &mut Counters,
) {
    let kind = if is_owned { OWNED_DROP } else { DROP };
    let recorded = counters.recorded;
    if lane.is_there {
        lane::publish(lane, kind, &scratch.place, bytes);
        counters.recorded += 1;
        let mark = config(|c| &c.lane_full) / LANE_WAKE_PART;
        if is_to_wake(scratch, recorded, is_due, || lane.waiting >= mark.into()) {
            wake();
        }
        return;
    }
    let flags = match config(|c| &c.wake) {
        0 => 0,
        mark => {
            // A lane that has no room is read first.
            let is_behind =
                || lane.waiting != 0 || RING.query(BPF_RB_AVAIL_DATA.into()) >= mark.into();
            if is_to_wake(scratch, recorded, is_due, is_behind) {
                BPF_RB_FORCE_WAKEUP
            } else {
                BPF_RB_NO_WAKEUP
            }
        }
    };
    let Place { record, frame, .. } = &mut scratch.place;
    record.captured = capture(bytes, record.captured, frame);
    let captured = record.captured.min(MAX_CAPTURE) as usize;
    let begin = begin(kind);
    let end = offset_of!(Place, frame) + captured;
    let from = (&raw const scratch.place).cast::<u8>().wrapping_add(begin);
    // SAFETY: at most `place`, without padding.
    let item = unsafe { from_raw_parts(from, end - begin) };
    if RING.output::<[u8]>(item, flags.into()).is_ok() {
        counters.recorded += 1;
    } else {
        lose(&scratch.place.record, program, counters);
    }
}

/// Counts a drop that the ring has no room for.
#[inline(always)]
pub(crate) fn lose(record: &Record, program: u32, counters: &mut Counters) {
    counters.lost += 1;
    count_lost(record, program, counters);
}

/// Whether the reader is to be woken. That costs more than a record, so it is when so much waits; the reader's timer sees to
/// what is less.
#[inline(always)]
fn is_to_wake(
    scratch: &mut Scratch,
    recorded: u64,
    is_due: bool,
    is_behind: impl FnOnce() -> bool,
) -> bool {
    if is_due {
        return true;
    }
    let now = scratch.place.record.time;
    if recorded % WAKE_INTERVAL == 0 && now.wrapping_sub(scratch.woken) > AWAKE && is_behind() {
        scratch.woken = now;
        return true;
    }
    false
}

/// Wakes the reader, which waits for the ring, by an item that it passes over.
#[inline(always)]
fn wake() {
    // Where the ring is full the reader is awake.
    if let Some(item) = RING.reserve::<u64>(0) {
        item.discard(BPF_RB_FORCE_WAKEUP.into());
    }
}

/// Counts a module that was loaded, and wakes the reader: the module may be gone soon, and its functions' names with it.
#[inline(always)]
pub(crate) fn emit_module() {
    let modules = modules().wrapping_add(1);
    // SAFETY: a word of this map's. Two modules at the same time may count as one, which is a change all the same.
    unsafe { write_volatile(&raw mut MODULES, modules) };
    let notice = Notice {
        kind: MODULE,
        modules,
        // SAFETY: a helper without arguments.
        time: unsafe { bpf_ktime_get_boot_ns() },
    };
    // Where the ring is full the reader is awake, and the next record tells.
    let _ = RING.output::<Notice>(&notice, BPF_RB_FORCE_WAKEUP.into());
}

/// Tells of the interface that a drop was at, and wakes the reader: it may be gone soon, and its name with it.
#[inline(always)]
pub(crate) fn emit_met(record: &Record) {
    let met = Met {
        kind: MET,
        netns: record.netns,
        netns_cookie: record.netns_cookie,
        name: record.name,
        ifindex: record.ifindex,
        reserved: 0,
    };
    // Where the ring is full, the name is asked for when the drop is read.
    let _ = RING.output::<Met>(&met, BPF_RB_FORCE_WAKEUP.into());
}
