//! From what the kernel half tells in numbers to words, brought up to date as modules come.

use anyhow::Result;

use super::say;
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
    /// So many modules were loaded before what comes next was dropped. What another processor dropped earlier may come later.
    pub(super) fn note(&mut self, loaded: u32) -> Result<()> {
        let new = loaded.wrapping_sub(*self.modules).cast_signed();
        if new <= 0 {
            return Ok(());
        }
        *self.modules = loaded;
        self.enricher.modules_changed();
        if self.rules.are_any() {
            // It was no mistake when the recording began, so it goes on.
            if let Err(error) = self.enricher.find(self.rules) {
                say(format_args!("a module was loaded, and now {error:#}"));
            }
            self.probe.filters.renew(self.rules, loaded)?;
        }
        Ok(())
    }

    /// Whether a drop that is not wanted is noise.
    pub(super) fn is_noise(&self, event: &Event<'_>) -> bool {
        self.enricher.hardware(event.record).is_none() && self.rules.is_noise(event.record)
    }

    /// Whether a drop is wanted that the kernel half has left to be judged.
    pub(super) fn want(&self, event: &Event<'_>) -> bool {
        let hardware = self.enricher.hardware(event.record);
        self.rules.want(event, hardware.as_ref())
    }
}
