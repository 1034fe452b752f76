//! What has become of the drops so far, as far as the kernel half's own counters do not tell it.

use std::time::Instant;

use crate::enrich::absent::Absent;

/// Each is a number of drops, but for `bytes` and `looked`.
pub(super) struct Fates {
    /// Those that the kernel half could not tell a filter of, and that none wants.
    pub(super) filtered: u64,
    /// Of these, those that are noise.
    pub(super) noise: u64,
    /// Those that were put into a batch.
    pub(super) encoded: u64,
    /// Of these, those that are known to have been written.
    pub(super) written: u64,
    /// Bytes written.
    pub(super) bytes: u64,
    /// Those that were read and not written.
    pub(super) unwritten: u64,
    /// Of these, those that never were in a batch.
    pub(super) discarded: u64,
    /// Those that newer ones took the room of in memory.
    pub(super) overwritten: u64,
    /// Those of which fewer bytes were had than asked for.
    pub(super) partial: u64,
    /// Those that came after the last one of `-c` or `--until`.
    pub(super) beyond: u64,
    /// Those of which nothing but the count is kept.
    pub(super) counted: u64,
    /// Those that were not recorded, as far as that is known.
    pub(super) absent: Absent,
    /// When it was looked for that.
    pub(super) looked: Instant,
}

impl Fates {
    /// Nothing was dropped yet.
    pub(super) fn new() -> Self {
        Self {
            filtered: 0,
            noise: 0,
            encoded: 0,
            written: 0,
            bytes: 0,
            unwritten: 0,
            discarded: 0,
            overwritten: 0,
            partial: 0,
            beyond: 0,
            counted: 0,
            absent: Absent::default(),
            looked: Instant::now(),
        }
    }
}
