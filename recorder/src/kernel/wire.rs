//! What both halves share, as aya takes it.

use aya::Pod;
use droprec_ebpf::{
    config::Config,
    filter::{Headers, Places, Range},
    record::{Counters, Kind, Tally, Trap, Wanted},
};

/// A type of `record.rs`, as aya takes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(transparent)]
pub struct Wire<T>(pub T);

// SAFETY: `repr(C)` integers without padding, as record.rs asserts; every bit pattern is a value.
unsafe impl Pod for Wire<Config> {}
// SAFETY: as above.
unsafe impl Pod for Wire<Counters> {}
// SAFETY: as above.
unsafe impl Pod for Wire<Kind> {}
// SAFETY: as above.
unsafe impl Pod for Wire<Trap> {}
// SAFETY: as above.
unsafe impl Pod for Wire<Tally> {}
// SAFETY: as above.
unsafe impl Pod for Wire<Wanted> {}
// SAFETY: as above, filter.rs.
unsafe impl Pod for Wire<Places> {}
// SAFETY: as above.
unsafe impl Pod for Wire<Range> {}
// SAFETY: as above.
unsafe impl Pod for Wire<Headers> {}
