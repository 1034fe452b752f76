//! What the kernel half has counted, over all processors.

use std::{
    collections::HashMap,
    fs,
    os::fd::{AsFd as _, AsRawFd as _},
};

use anyhow::{Context as _, Result};
use aya::programs::ProgramFd;
use droprec_ebpf::record::{Counters, FIRST, Kind, SPARE, TRAP, Tally};

use super::{probe::Probe, wire::Wire};
use crate::enrich::absent::Absent;

impl Probe {
    /// The sum of all programs' counters. `nested` are the drops that none has seen, as each was at another.
    pub fn counters(&self) -> Result<Counters> {
        // In this order, so that what the spare program records meanwhile is not taken for missed.
        let misses = recursion_misses(&self.fd);
        let first = self.counters_of(FIRST)?;
        let spare = self.counters_of(SPARE)?;
        // It has no other one to record what it missed.
        let trap_misses = self.trap_fd.as_ref().map_or(0, recursion_misses);
        let trap = self.counters_of(TRAP)?;
        let sum = |of: fn(&Counters) -> u64| [first, spare, trap].iter().map(of).sum();
        Ok(Counters {
            busy: sum(|of| of.busy),
            seen: sum(|of| of.seen),
            recorded: sum(|of| of.recorded),
            filtered: sum(|of| of.filtered),
            suppressed: sum(|of| of.suppressed),
            limited: sum(|of| of.limited),
            lost: sum(|of| of.lost),
            nested: (first.nested + misses).saturating_sub(spare.seen) + trap.nested + trap_misses,
            rests: sum(|of| of.rests),
            rest_bytes: sum(|of| of.rest_bytes),
            noise: sum(|of| of.noise),
            uncounted: sum(|of| of.uncounted),
        })
    }

    /// One program's. Every counter only grows, so a later reading is never below an earlier one.
    fn counters_of(&self, program: u32) -> Result<Counters> {
        let mut sum = Counters::default();
        for Wire(counters) in self
            .counters
            .get(&program, 0)
            .context("the kernel half's counters cannot be read")?
            .iter()
        {
            let Counters {
                busy,
                seen,
                recorded,
                filtered,
                suppressed,
                limited,
                lost,
                nested,
                rests,
                rest_bytes,
                uncounted,
                noise,
            } = *counters;
            sum.busy += busy;
            sum.seen += seen;
            sum.recorded += recorded;
            sum.filtered += filtered;
            sum.suppressed += suppressed;
            sum.limited += limited;
            sum.lost += lost;
            sum.nested += nested;
            sum.rests += rests;
            sum.rest_bytes += rest_bytes;
            sum.uncounted += uncounted;
            sum.noise += noise;
        }
        Ok(sum)
    }

    /// What is counted of each kind, by all programs. Every count only grows, so a later reading is never below an earlier
    /// one.
    pub fn tallies(&self) -> Result<HashMap<Kind, Tally>> {
        let mut tallies = HashMap::new();
        for item in &self.kinds {
            let (Wire(kind), of_each) = item.context("the counts of drops cannot be read")?;
            let of_both = Kind { program: 0, ..kind };
            let sum: &mut Tally = tallies.entry(of_both).or_default();
            for Wire(tally) in of_each.iter() {
                let Tally {
                    drops,
                    lost,
                    limited,
                } = tally;
                sum.drops += drops;
                sum.lost += lost;
                sum.limited += limited;
            }
        }
        Ok(tallies)
    }

    /// How many of each kind were not recorded.
    pub fn absent_by_kind(&self) -> Result<HashMap<Kind, Absent>> {
        let tallies = self.tallies()?.into_iter();
        let absent =
            tallies.map(|(kind, Tally { lost, limited, .. })| (kind, Absent { lost, limited }));
        Ok(absent.filter(|(_, absent)| absent.total() > 0).collect())
    }
}

/// Drops while a program was at another, which the kernel kept from running it (`recursion_misses`). Kernels before 6.1 run it,
/// and it counts them in [`Counters::nested`].
fn recursion_misses(program: &ProgramFd) -> u64 {
    let path = format!("/proc/self/fdinfo/{}", program.as_fd().as_raw_fd());
    let misses = || {
        let text = fs::read_to_string(path).ok()?;
        text.lines()
            .find_map(|line| line.strip_prefix("recursion_misses:")?.trim().parse().ok())
    };
    misses().unwrap_or(0)
}
