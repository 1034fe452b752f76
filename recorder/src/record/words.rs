//! From what the kernel half tells in numbers to words, brought up to date as modules come.

use anyhow::Result;

use crate::{decode::Event, enrich::Enricher, filter::rules::Rules, kernel::probe::Probe};

/// All that names come from, and all that depends on them.
pub(super) struct Words<'a> {
    pub(super) probe: &'a mut Probe,
    pub(super) enricher: &'a mut Enricher,
    /// Which drops are wanted.
    pub(super) rules: &'a mut Rules,
    /// Modules that were loaded, as far as it is up to date.
    pub(super) modules: &'a mut u32,
}

impl Words<'_> {
    /// So many modules were loaded before what comes next was dropped.
    pub(super) fn note(&mut self, loaded: u32) -> Result<()> {
        if std::mem::replace(self.modules, loaded) == loaded {
            return Ok(());
        }
        self.enricher.modules_changed();
        if self.rules.are_any() {
            self.enricher.find(self.rules)?;
            self.probe.filters.renew(self.rules, loaded)?;
        }
        Ok(())
    }

    /// Whether a drop is wanted that the kernel half has left to be judged.
    pub(super) fn want(&self, event: &Event<'_>) -> bool {
        let hardware = self.enricher.hardware(&event.record);
        self.rules.want(event, hardware.as_ref())
    }
}
