//! Keeps room in the ring for what is rare: while it is half full, a kind of drops that floods it has to wait.
//!
//! A kind is where, why and at which interface packets of a protocol are dropped. As long as there is room nobody counts kinds.
//! When the ring is half full, each may put a few records into it in a time; the rest of it is lost, and the other half of the
//! ring is left to the kinds that come seldom. Where many kinds flood at once, even a few of each are too many: the fuller the
//! ring, the fewer. That holds for lanes, too: whatever goes by them is read in place of what is in the ring.
//!
//! What each kind has put into the ring is kept in a table that holds one kind at a place. A kind that finds others at both of
//! its places takes the one that has put less into it, and begins anew: so a rare kind is never taken for the flood that shares
//! its place.

use aya_ebpf::{
    bindings::{BPF_RB_AVAIL_DATA, BPF_RB_RING_SIZE},
    macros::map,
    maps::PerCpuArray,
};
use droprec_ebpf::record::{PROGRAMS, Record};

use super::{device::mark_time, emit::RING};

/// How often it is looked how full the ring is, in drops of one program on one processor.
const LOOK_INTERVAL: u64 = 32;
/// How long it is believed that the ring is half full, in nanoseconds.
const FRESH: u64 = 1_000_000;
/// log2 of how many kinds a table holds.
const BITS: u32 = 10;
/// Of so many eighths of the ring a kind may have what it likes, then [`MOST`] records in a short time, then as many in a long
/// one, and then one, each from every processor.
const HALF: u64 = 4;
const MUCH: u64 = 6;
const MOST_OF_IT: u64 = 7;
/// Of a thousand kinds they take up a tenth of the ring's usual size.
const MOST: u32 = 8;
/// log2 of the short time in nanoseconds: 8 ms.
const SHORT: u32 = 23;
/// log2 of how many of these the long one is: 1 s.
const LONG: u32 = 7;
/// 2^64 by the golden ratio: spreads what is alike (Fibonacci hashing).
pub(crate) const SPREAD: u64 = 0x9e37_79b9_7f4a_7c15;

/// What each of the programs knows on this processor.
#[map]
static SHARES: PerCpuArray<Shares> = PerCpuArray::with_max_entries(PROGRAMS, 0);

#[repr(C)]
struct Shares {
    kinds: [Share; 1 << BITS],
}

/// How full the ring is, as one of the programs knows on this processor.
#[repr(C)]
pub(crate) struct Room {
    /// When it was seen last that it was half full; 0: it was not when it was looked at last.
    scarce: u64,
    /// Eighths of it that were full then.
    full: u64,
    /// Drops since it was looked at.
    drops: u64,
}

/// What a kind has put into the ring.
#[repr(C)]
struct Share {
    kind: u64,
    /// Since when: short times are counted.
    time: u32,
    records: u32,
}

/// Whether there is room for a drop of this kind: in the ring, or in the lane that it may go by. How full the ring is looked at only
/// for what goes into it.
#[inline(always)]
pub(crate) fn has_room(
    record: &mut Record,
    room: &mut Room,
    program: u32,
    may_go_by_lane: bool,
) -> bool {
    let is_due = !may_go_by_lane && room.drops & (LOOK_INTERVAL - 1) == 0;
    room.drops = room.drops.wrapping_add(u64::from(!may_go_by_lane));
    if room.scarce == 0 && !is_due {
        return true;
    }
    mark_time(record);
    if is_due || record.time.wrapping_sub(room.scarce) > FRESH {
        room.full = eighths();
        room.scarce = if room.full >= HALF { record.time } else { 0 };
    }
    room.scarce == 0 || is_modest(record, room.full, program)
}

/// Eighths of the ring that are full.
#[inline(always)]
fn eighths() -> u64 {
    let [data, size] = [BPF_RB_AVAIL_DATA, BPF_RB_RING_SIZE].map(|of| RING.query(of.into()));
    (8 * data).checked_div(size).unwrap_or(0)
}

/// Whether its kind has put little into the ring of late, as little as is right where so many eighths are full; counts it.
#[inline(never)]
fn is_modest(record: &Record, full: u64, program: u32) -> bool {
    let Some(shares) = SHARES.get_ptr_mut(program) else {
        return true;
    };
    // SAFETY: this program's value on this processor, and `busy` keeps its other runs away from it.
    let shares = unsafe { &mut *shares };
    let time = (record.time >> SHORT) as u32;
    let length = if full < MUCH { 0 } else { LONG };
    let is_past = |share: &Share| share.time >> length != time >> length;
    let most = if full < MOST_OF_IT { MOST } else { 1 };
    let kind = kind(record);
    // One of two places: of floods that would take one from each other, each has its own.
    let one = (kind >> (u64::BITS - BITS)) as usize & ((1 << BITS) - 1);
    let other = one ^ 1;
    let of = |place: usize| {
        let share = &shares.kinds[place];
        if is_past(share) { 0 } else { share.records }
    };
    let place = if shares.kinds[one].kind == kind {
        one
    } else if shares.kinds[other].kind == kind || of(other) < of(one) {
        other
    } else {
        one
    };
    let share = &mut shares.kinds[place & ((1 << BITS) - 1)];
    if share.kind != kind || is_past(share) {
        share.kind = kind;
        share.time = time;
        share.records = 0;
    }
    share.records += 1;
    share.records <= most
}

/// A fingerprint of what makes drops one kind.
#[inline(always)]
pub(crate) fn kind(record: &Record) -> u64 {
    let mut kind = record.location.wrapping_mul(SPREAD);
    for more in [
        u64::from(record.reason) << 32 | u64::from(record.protocol),
        u64::from(record.netns) << 32 | u64::from(record.ifindex),
    ] {
        kind = (kind ^ kind >> 32 ^ more).wrapping_mul(SPREAD);
    }
    kind
}
