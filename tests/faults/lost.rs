//! The ways in which drops were lost.

use droprec_testbed::Ended;

/// How many the ring had no room for.
pub(crate) fn by_the_ring(ended: &Ended) -> u64 {
    ended.lost("the ring was full")
}

/// How many could not be written.
pub(crate) fn unwritten(ended: &Ended) -> u64 {
    ended.lost("recorded, but not written")
}
