//! What the kernel half has counted, over all processors.

use std::{
    collections::HashMap,
    fs,
    os::fd::{AsFd as _, AsRawFd as _},
};

use anyhow::{Context as _, Result};
use droprec_ebpf::record::{Counters, Kind};

use super::probe::{Probe, Wire};

impl Probe {
    /// The sum of the processors' counters. Every counter only grows, so a later reading is never below an earlier one.
    pub fn counters(&self) -> Result<Counters> {
        let mut sum = Counters::default();
        for Wire(counters) in self
            .counters
            .get(&0, 0)
            .context("the kernel half's counters cannot be read")?
            .iter()
        {
            let Counters {
                busy,
                seen,
                recorded,
                filtered,
                suppressed,
                lost,
                nested,
                rests,
            } = *counters;
            sum.busy += busy;
            sum.seen += seen;
            sum.recorded += recorded;
            sum.filtered += filtered;
            sum.suppressed += suppressed;
            sum.lost += lost;
            sum.nested += nested;
            sum.rests += rests;
        }
        Ok(sum)
    }

    /// How many of each kind the ring had no room for.
    pub fn lost_by_kind(&self) -> Result<HashMap<Kind, u64>> {
        self.lost
            .iter()
            .map(|item| {
                let (Wire(kind), counts) =
                    item.context("the counts of lost drops cannot be read")?;
                Ok((kind, counts.iter().sum()))
            })
            .collect()
    }

    /// Drops in an interrupt while the program ran, which the kernel kept from running it (`recursion_misses`, since
    /// 5.12). Kernels that do not say so run it, and it counts them in [`Counters::nested`].
    #[must_use]
    pub fn recursion_misses(&self) -> u64 {
        let path = format!("/proc/self/fdinfo/{}", self.fd.as_fd().as_raw_fd());
        let misses = || {
            let text = fs::read_to_string(path).ok()?;
            text.lines()
                .find_map(|line| line.strip_prefix("recursion_misses:")?.trim().parse().ok())
        };
        misses().unwrap_or(0)
    }
}
