//! What of the drops is not written: what was not put into the ring, and what is left out of what was.

use std::{
    collections::HashMap,
    time::{Duration, Instant},
};

use anyhow::Result;
use droprec_ebpf::record::{Counters, Kind};

use super::{running::Recording, selection::Selection};
use crate::{enrich::absent::Absent, kernel::interfaces::Netns};

/// How often it is looked by kind at what was not recorded and not lost either.
const PERIOD: Duration = Duration::from_secs(1);

impl Recording<'_> {
    /// Drops that were put into the ring, and that no filter wants.
    pub(super) fn left_out(&self) -> u64 {
        self.fates.filtered + self.selection.as_ref().map_or(0, Selection::left_out)
    }

    /// Takes note of what was not recorded; where drops are only counted, of how many.
    pub(super) fn note_losses(&mut self) -> Result<()> {
        if !self.plan.is_recorded() {
            if self.plan.count.is_some()
                && let Some((tables, mut words)) = self.tables()
            {
                tables.count(&mut words)?;
                self.fates.counted = tables.counted();
            }
            return Ok(());
        }
        let absent = self.absent(&self.probe.counters()?);
        let is_due = self.fates.looked.elapsed() >= PERIOD;
        // Packets tell of what was lost before them; the rest is for the end of a file.
        if absent.lost != self.fates.absent.lost || (is_due && absent != self.fates.absent) {
            self.fates.absent = absent;
            self.fates.looked = Instant::now();
            self.take_absent()?;
        }
        Ok(())
    }

    /// What was not recorded, with these counters of the kernel half.
    pub(super) fn absent(&self, counters: &Counters) -> Absent {
        Absent {
            lost: counters.lost,
            limited: counters.limited + self.limits.sum,
        }
    }

    /// Lets the interfaces know what was not recorded, so that the file tells of it where it happened. How many drops of each
    /// kind that are.
    pub(super) fn take_absent(&mut self) -> Result<HashMap<Kind, Absent>> {
        let mut by_kind = self.probe.absent_by_kind()?;
        for (kind, more) in &self.limits.left_out {
            let absent = by_kind.entry(*kind).or_default();
            *absent = *absent + *more;
        }
        let is_new = |(kind, absent)| self.files.absent.get(kind) != Some(absent);
        self.files.kinds_absent = by_kind.iter().filter(|of| is_new(*of)).count();
        let mut totals: HashMap<_, Absent> = HashMap::new();
        for (kind, absent) in &by_kind {
            let netns = match kind.ifindex {
                0 => Netns::default(),
                _ => Netns::from(kind),
            };
            let total = totals.entry((netns, kind.ifindex)).or_default();
            *total = *total + *absent;
        }
        self.enricher.devices.set_absent(totals);
        Ok(by_kind)
    }
}
