//! What of the drops is not written: what the ring had no room for, and what is left out of what it had.

use std::collections::HashMap;

use anyhow::Result;
use droprec_ebpf::record::Kind;

use super::{running::Recording, selection::Selection};
use crate::kernel::interfaces::Netns;

impl Recording<'_> {
    /// Drops that were put into the ring, and that no filter wants.
    pub(super) fn left_out(&self) -> u64 {
        self.fates.filtered + self.selection.as_ref().map_or(0, Selection::left_out)
    }

    /// Takes note of what the ring had no room for; where drops are only counted, of how many.
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
        let lost = self.probe.counters()?.lost;
        if lost != self.fates.lost {
            self.fates.lost = lost;
            self.take_losses()?;
        }
        Ok(())
    }

    /// Lets the interfaces know what the ring had no room for, so that the file tells of it where it happened. How many drops
    /// of each kind that are.
    pub(super) fn take_losses(&mut self) -> Result<HashMap<Kind, u64>> {
        let by_kind = self.probe.lost_by_kind()?;
        self.files.kinds_lost = by_kind.len();
        let mut totals = HashMap::new();
        for (kind, count) in &by_kind {
            let netns = match kind.ifindex {
                0 => Netns::default(),
                _ => Netns::from(kind),
            };
            *totals.entry((netns, kind.ifindex)).or_insert(0) += count;
        }
        for ((netns, ifindex), total) in totals {
            self.enricher.devices.set_lost(netns, ifindex, total);
        }
        Ok(by_kind)
    }
}
