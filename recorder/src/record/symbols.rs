//! The kernel's symbols, which are read while the rest is made ready, and what asks for them before.

use std::{io, thread::JoinHandle};

use anyhow::{Result, anyhow, bail};

use crate::{
    condition::Condition,
    filter::rules::Rules,
    kernel::{checks, probe::Probe, reasons::Reasons, symbols::Symbols},
    report::say::say,
};

/// The kernel's symbols, which a thread reads.
pub(super) enum Pending {
    Reading(JoinHandle<io::Result<Symbols>>),
    Read(io::Result<Symbols>),
}

impl Pending {
    /// Waits for them where filters or `--until` name places, and finds those of filters.
    pub(super) fn where_needed(self, rules: &mut Rules, until: &Condition) -> Result<Self> {
        if !rules.need_symbols() && !until.needs_symbols() {
            return Ok(self);
        }
        let symbols = self.wait()?;
        if until.needs_symbols() {
            // No drop would have the place.
            named(&symbols, "loc= of --until takes")?;
        }
        if rules.need_symbols() {
            find_places(rules, &symbols)?;
        }
        Ok(Self::Read(symbols))
    }

    pub(super) fn wait(self) -> Result<io::Result<Symbols>> {
        match self {
            Self::Reading(thread) => thread
                .join()
                .map_err(|_| anyhow!("reading the kernel's symbols panicked")),
            Self::Read(symbols) => Ok(symbols),
        }
    }
}

/// Looks again for what filters ask for, where a module has come since and nobody was told of it yet.
pub(super) fn catch_up(
    symbols: Pending,
    rules: &mut Rules,
    reasons: &mut Reasons,
    probe: &mut Probe,
) -> Result<Pending> {
    let known = match symbols {
        Pending::Read(Ok(known)) if rules.need_symbols() && !known.is_current() => known.again(),
        symbols => return Ok(symbols),
    };
    reasons.look_at_modules();
    rules.find_reasons(reasons)?;
    find_places(rules, &known)?;
    // One that comes now, the kernel half knows of.
    probe.filters.renew(rules, 0)?;
    Ok(Pending::Read(known))
}

/// Finds where the places of filters are.
fn find_places(rules: &mut Rules, symbols: &io::Result<Symbols>) -> Result<()> {
    let symbols = named(symbols, "--location, --not-location and --no-noise take")?;
    rules.find_places(symbols)?;
    for unknown in rules.unknown_places(symbols) {
        say(unknown);
    }
    Ok(())
}

/// The symbols. Where functions have no names, what takes them cannot be had.
fn named<'a>(symbols: &'a io::Result<Symbols>, who_takes: &str) -> Result<&'a Symbols> {
    match symbols {
        Ok(symbols) if !symbols.is_empty() => Ok(symbols),
        _ => bail!(
            "{who_takes} the names of functions: {}",
            checks::names(symbols).finding
        ),
    }
}
