//! Hands a record over: into the ring, or into the count of what the ring had no room for.

use core::{
    mem::offset_of,
    ptr::{read_volatile, write_volatile},
    slice::from_raw_parts,
};

use aya_ebpf::{
    bindings::{BPF_RB_AVAIL_DATA, BPF_RB_FORCE_WAKEUP, BPF_RB_NO_WAKEUP},
    macros::map,
    maps::{PerCpuArray, RingBuf},
};
use droprec_ebpf::record::{
    Counters, MAX_CAPTURE, MET, MODULE, Met, Notice, Owner, PROGRAMS, Record,
};

use super::{
    config::config,
    count::count_lost,
    device::{Known, Named},
    expression::Asked,
    fair::Room,
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
    pub(crate) owner: Owner,
    pub(crate) record: Record,
    pub(crate) frame: [u8; MAX_CAPTURE as usize],
    pub(crate) asked: Asked,
    pub(crate) named: Named,
    pub(crate) known: Known,
    pub(crate) located: Located,
    pub(crate) room: Room,
    /// When the reader was woken last.
    woken: u64,
}

const _: () = assert!(offset_of!(Scratch, frame) % 8 == 0);

/// The program's on this processor.
#[inline(always)]
pub(crate) fn scratch(program: u32) -> Option<*mut Scratch> {
    SCRATCH.get_ptr_mut(program)
}

/// Emits a record and the bytes that it captured, with its owner if it has one. `is_due`: the reader is to be woken.
#[inline(always)]
pub(crate) fn emit(
    scratch: &mut Scratch,
    is_owned: bool,
    is_due: bool,
    program: u32,
    counters: &mut Counters,
) {
    scratch.record.modules = modules();
    let captured = scratch.record.captured.min(MAX_CAPTURE) as usize;
    let mut from = (&raw const *scratch).cast::<u8>();
    let mut len = size_of::<Record>() + captured;
    if is_owned {
        len += size_of::<Owner>();
    } else {
        from = from.wrapping_add(offset_of!(Scratch, record));
    }
    let flags = wake(scratch, counters.recorded, is_due);
    // SAFETY: at most `scratch` up to the end of `frame`, without padding.
    let item = unsafe { from_raw_parts(from, len) };
    if RING.output::<[u8]>(item, flags).is_ok() {
        counters.recorded += 1;
    } else {
        lose(&mut scratch.record, program, counters);
    }
}

/// Counts a drop that the ring has no room for.
#[inline(always)]
pub(crate) fn lose(record: &mut Record, program: u32, counters: &mut Counters) {
    record.modules = modules();
    counters.lost += 1;
    count_lost(record, program, counters);
}

/// Flags that wake the reader or let it sleep. A wake-up costs more than a record, so there is one when the ring has
/// filled to a mark; the reader's timer sees to what is below it.
#[inline(always)]
fn wake(scratch: &mut Scratch, recorded: u64, is_due: bool) -> u64 {
    let mark = config(|c| &c.wake);
    if mark == 0 {
        return 0;
    }
    if is_due {
        return BPF_RB_FORCE_WAKEUP.into();
    }
    let now = scratch.record.time;
    if recorded % WAKE_INTERVAL == 0
        && now.wrapping_sub(scratch.woken) > AWAKE
        && RING.query(BPF_RB_AVAIL_DATA.into()) >= u64::from(mark)
    {
        scratch.woken = now;
        return BPF_RB_FORCE_WAKEUP.into();
    }
    BPF_RB_NO_WAKEUP.into()
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
