//! The file of `--metrics`: written when the recording is armed, every ten seconds, and when all is known.

use std::{
    io::ErrorKind,
    path::Path,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result};

use super::{failure::remedy, running::Recording};
use crate::{
    report::{metrics::Metrics, say::say},
    sink::snapshot::Snapshots,
    text::printable,
};

/// Prometheus looks at it every 15 seconds to a minute, as a rule.
const PERIOD: Duration = Duration::from_secs(10);
/// How long the disk may take at the end.
const PATIENCE: Duration = Duration::from_secs(1);

/// The file, and what has been told in it.
pub(super) struct Publishing {
    snapshots: Snapshots,
    /// What to call it.
    name: String,
    /// The next one is due then.
    due: Instant,
    /// Drops that no program has seen. While one is about to be seen, a later reading may tell of fewer.
    nested: u64,
    /// Drops of no known kind. As they are counted a little before the others, they may seem to be fewer later.
    unknown: u64,
    /// The user was told that it cannot be written.
    is_failing: bool,
}

impl Publishing {
    /// Nothing is written yet.
    pub(super) fn start(path: Option<&Path>) -> Result<Option<Self>> {
        let Some(path) = path else { return Ok(None) };
        let snapshots = Snapshots::start(path.to_owned());
        Ok(Some(Self {
            snapshots: snapshots.context("no thread to write metrics with")?,
            name: printable(&path.to_string_lossy()),
            due: Instant::now(),
            nested: 0,
            unknown: 0,
            is_failing: false,
        }))
    }

    /// It is time for the next one, and the one before is written.
    fn is_due(&self) -> bool {
        self.due <= Instant::now() && !self.snapshots.is_writing()
    }

    /// What the user has to be told of the last one, if that is news. It is waited for so long.
    fn news(&mut self, patience: Duration) -> Option<String> {
        let error = match self.snapshots.outcome(patience)? {
            Ok(()) => {
                self.is_failing = false;
                return None;
            }
            Err(error) => error,
        };
        let is_known = std::mem::replace(&mut self.is_failing, true);
        let remedy = match error.kind() {
            ErrorKind::AlreadyExists | ErrorKind::ResourceBusy => "choose another file",
            _ => remedy(&error),
        };
        let name = &self.name;
        (!is_known).then(|| format!("cannot write metrics to {name}: {error}; {remedy}"))
    }
}

impl Recording<'_> {
    /// Has metrics written, if they are due. What the user has to be told of those before.
    pub(super) fn publish_if_due(&mut self) -> Result<Option<String>> {
        let Some(mut publishing) = self.publishing.take() else {
            return Ok(None);
        };
        let news = publishing.news(Duration::ZERO);
        let news = news.map(|news| format!("{news}: it is tried every {} s", PERIOD.as_secs()));
        // While a file is ended, nothing is counted that it does not tell of.
        if publishing.is_due() && self.files.closing.is_none() {
            self.publish(&mut publishing)?;
        }
        self.publishing = Some(publishing);
        Ok(news)
    }

    /// Has the last metrics written. True: they are, or none were asked for.
    pub(super) fn publish_last(&mut self) -> Result<bool> {
        let Some(mut publishing) = self.publishing.take() else {
            return Ok(true);
        };
        // One may be on its way.
        let earlier = publishing.news(PATIENCE);
        if !publishing.snapshots.is_writing() {
            self.publish(&mut publishing)?;
        }
        let news = publishing.news(PATIENCE);
        earlier.into_iter().chain(news).for_each(say);
        if publishing.snapshots.is_writing() {
            let name = &publishing.name;
            say(format_args!(
                "{name} takes no metrics: the last ones are not in it"
            ));
            return Ok(false);
        }
        Ok(!publishing.is_failing)
    }

    /// Has metrics written.
    fn publish(&mut self, publishing: &mut Publishing) -> Result<()> {
        let mut counters = self.probe.counters()?;
        // One that is about to be seen by the spare program is not missed.
        let nested = counters.nested.saturating_sub(counters.busy);
        publishing.nested = publishing.nested.max(nested);
        counters.nested = publishing.nested;
        // After the counters, so that nothing is of no kind only because it was lost in between.
        let known = self.count_absent()?;
        let unknown = (self.absent(&counters) - known).total() + counters.nested;
        publishing.unknown = publishing.unknown.max(unknown);
        let mut accounting = self.accounting_of(&counters);
        if let Some((tables, mut words)) = self.tables() {
            tables.count(&mut words)?;
            // Of what is still to be judged, some may turn out to be unwanted.
            let counted = tables.counted();
            accounting.counted = accounting.counted.map(|_| counted);
        }
        let metrics = Metrics {
            rows: &self.enricher.rows,
            // At the end the table has them.
            unknown: publishing.unknown - self.files.of_no_kind.total(),
            accounting,
            bytes: self.fates.bytes,
            started: self.files.started,
        };
        publishing.snapshots.write(metrics.to_string());
        publishing.due = Instant::now() + PERIOD;
        Ok(())
    }
}
