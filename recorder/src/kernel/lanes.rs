//! How many lanes the kernel half has, and how long they are (`droprec_ebpf::lane`).

use anyhow::{Result, anyhow};
use aya::util::nr_cpus;
use droprec_ebpf::{
    config::Config,
    lane::{Lane, length},
    record::{JUDGED, MAX_CAPTURE},
};

/// All lanes together take this part of the ring's size at most.
const PART: usize = 2;
/// Bytes of one. For long, the value of a map could be of 4 MiB at most (`array_map_alloc_check`, kernel/bpf/arraymap.c, v5.10).
const MOST: usize = 2 << 20;
/// So many of the longest records each has room for at least: a shorter one would be full as soon as it was read.
const RECORDS: u32 = 32;

/// What lanes there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Lanes {
    pub(super) count: u32,
    /// Bytes of each, a power of two.
    pub(super) bytes: u32,
}

impl Lanes {
    /// One that nothing goes by, as a map has at least one value.
    pub(super) const NONE: Self = Self { count: 1, bytes: 0 };

    /// Those of so many processors beside a ring of so many bytes, where no record is longer than `longest`.
    fn beside(ring: u32, cpus: usize, longest: u32) -> Self {
        let share = (ring as usize / PART / cpus.max(1)).saturating_sub(size_of::<Lane>());
        let bytes = 1 << share.clamp(1, MOST).ilog2();
        if bytes < RECORDS * longest {
            return Self::NONE;
        }
        Self {
            count: cpus as u32,
            bytes,
        }
    }

    /// Has the kernel half use lanes beside a ring of so many bytes, if it can. `is_unjudged`: some drops may be judged by the
    /// user half, which wants to see more of them.
    pub(super) fn lay_out(config: &mut Config, ring: u32, is_unjudged: bool) -> Result<Self> {
        // What wakes the reader goes through the ring. And other machines may show a store before those that came before it.
        if config.wake == 0 || !cfg!(target_arch = "x86_64") {
            return Ok(Self::NONE);
        }
        let cpus = nr_cpus().map_err(|(file, error)| anyhow!("{file}: {error}"))?;
        let least = if is_unjudged { JUDGED } else { 0 };
        let longest = length(config.snaplen.max(least).min(MAX_CAPTURE));
        let lanes = Self::beside(ring, cpus, longest);
        if lanes != Self::NONE {
            config.lane_mask = lanes.bytes - 8;
            config.lane_full = lanes.bytes - longest + 1;
        }
        Ok(lanes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lanes_take_half_of_the_rings_size_at_most_and_hold_many_records_or_there_are_none() {
        let mut laid_out = 0;
        for (ring, cpus, captured) in (12..=30)
            .flat_map(|ring| [1, 2, 6, 64, 256, 8192].map(|cpus| (1 << ring, cpus)))
            .flat_map(|(ring, cpus)| {
                [0, 128, 512, MAX_CAPTURE].map(|snaplen| (ring, cpus, snaplen))
            })
        {
            let longest = length(captured);
            let lanes = Lanes::beside(ring, cpus, longest);
            if lanes == Lanes::NONE {
                continue;
            }
            laid_out += 1;
            let each = size_of::<Lane>() + lanes.bytes as usize;
            assert!(
                lanes.count as usize * each <= ring as usize / PART,
                "{ring} {lanes:?}"
            );
            assert!(
                lanes.bytes.is_power_of_two() && each <= 4 << 20,
                "{lanes:?}"
            );
            assert!(lanes.bytes >= 32 * longest, "{lanes:?} for {longest}");
        }
        assert!(laid_out > 100, "{laid_out}");
        assert_ne!(Lanes::beside(16 << 20, 2, length(512)), Lanes::NONE);
    }
}
