//! A recording while it runs: does what is due, and takes note of what comes back.

use std::{
    collections::{BTreeSet, HashMap},
    future::{Future, ready},
    io,
    time::Duration,
};

use anyhow::{Context as _, Result};
use droprec_ebpf::record::Kind;
use tokio::{
    task::yield_now,
    time::{Instant, MissedTickBehavior, interval, sleep_until},
};

use super::{
    budget::Budget,
    closing::Files,
    counting::Counting,
    fates::Fates,
    limits::Limits,
    metrics::Publishing,
    selection::Selection,
    tables::{Tables, Turn},
    words::Words,
};
use crate::{
    decode::Decoder,
    encode::Format,
    enrich::{Enricher, absent::Absent},
    filter::rules::Rules,
    kernel::probe::Probe,
    plan::{Form, Plan, Voice},
    report::{progress::Progress, say::say},
    signals::{Request, Signals},
    sink::{
        memory::Memory,
        series::Begin,
        writeback::Lost,
        writer::{Batch, Returned, Writer},
    },
    source::Source,
    text::printable,
};

/// How often what little has come is read and written, and the clock and the losses are looked at.
const TICK: Duration = Duration::from_millis(100);
/// So many batches are taken back before the ring is looked at again: what a full disk leaves of a large memory are thousands.
const AT_ONCE: usize = 8;

/// Why a recording ends early, other than by the user's wish.
pub(super) enum Trouble {
    /// Whoever read the pipe has read enough.
    Closed,
    /// The target takes no more.
    Failed(io::Error),
    /// It has not kept what it took.
    Lost(io::Error),
    /// The target takes nothing, and the user has waited long enough for it.
    GivenUp,
}

impl Trouble {
    /// What an error in writing comes to. `has_given_up`: the user does not want to wait any longer.
    pub(super) fn of(error: io::Error, has_given_up: bool) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Self::Closed,
            io::ErrorKind::TimedOut if has_given_up => Self::GivenUp,
            _ if Lost::of(&error).is_some() => Self::Lost(error),
            _ => Self::Failed(error),
        }
    }
}

/// A recording that is running.
pub(super) struct Recording<'a> {
    pub(super) plan: &'a Plan,
    pub(super) probe: Probe,
    pub(super) counting: Counting,
    /// Which drops are wanted.
    pub(super) rules: Rules,
    /// Only these drops.
    pub(super) selection: Option<Selection>,
    /// And only so many of them.
    pub(super) limits: Limits,
    pub(super) has_reason: bool,
    /// The tables of `--interval`.
    pub(super) tables: Option<Tables>,
    pub(super) source: Source,
    /// Modules that were loaded, as far as the names of functions and reasons are up to date.
    pub(super) modules: u32,
    /// Those that were there at the start.
    pub(super) had_modules: BTreeSet<String>,
    pub(super) decoder: Decoder,
    pub(super) enricher: Enricher,
    pub(super) format: Box<dyn Format>,
    pub(super) writer: Writer,
    /// The file of `--metrics`.
    pub(super) publishing: Option<Publishing>,
    /// What a flight recorder keeps.
    pub(super) memory: Option<Memory>,
    pub(super) files: Files,
    /// The batch that is being filled.
    pub(super) batch: Option<Batch>,
    /// What has become of the drops so far.
    pub(super) fates: Fates,
    /// The user does not want to wait for the target.
    pub(super) has_given_up: bool,
    /// It was said that the disk is full.
    pub(super) is_disk_full: bool,
    /// The line of the drop that `--until` waited for.
    pub(super) ended_by: Option<String>,
    /// What was not recorded of each kind, as far as the table has it.
    pub(super) counted_absent: HashMap<Kind, Absent>,
    pub(super) trouble: Option<Trouble>,
    pub(super) budget: Budget,
}

impl Recording<'_> {
    pub(super) async fn run(
        &mut self,
        signals: &mut Signals,
        done: impl Future<Output = Result<()>>,
    ) -> Result<()> {
        // A table tells the same, and on a terminal it has all of it.
        let mut progress = Progress::new(
            self.plan.voice != Voice::Quiet
                && self.plan.form == Form::Pcapng
                && self.tables.is_none(),
        );
        let end = self
            .plan
            .duration
            .and_then(|duration| Instant::now().checked_add(duration));
        let mut tick = interval(TICK);
        tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut is_due = false;
        tokio::pin!(done);
        loop {
            let is_free = self.budget.allows();
            let more = is_free && self.drain()?;
            if self.is_complete() || self.is_in_trouble() {
                progress.clear();
                return Ok(());
            }
            if is_due || self.plan.packet_buffered {
                is_due = false;
                self.flush();
            }
            // Where reading takes longer than a tick, a tick is always due before them.
            for _ in 0..AT_ONCE {
                let Some(returned) = self.writer.already_returned() else {
                    break;
                };
                self.take_in(returned, &mut progress)?;
            }
            // Timers and signals have their turn only while this waits, and a batch that is always back would leave them none.
            yield_now().await;
            tokio::select! {
                biased;
                request = signals.next() => {
                    progress.clear();
                    match request {
                        Request::Stop => return Ok(()),
                        Request::Report => self.report_now()?,
                        Request::Write => {
                            self.disturb_tables();
                            self.write_out()?;
                        }
                    }
                }
                () = sleep_until(end.unwrap_or_else(Instant::now)), if end.is_some() => {
                    progress.clear();
                    return Ok(());
                }
                result = &mut done => {
                    progress.clear();
                    return result;
                }
                _ = tick.tick() => {
                    is_due = true;
                    self.decoder.look_at_the_clock();
                    self.note_losses()?;
                    self.look_at_the_disk(&mut progress);
                    if self.look_at_the_period()? {
                        progress.clear();
                        return Ok(());
                    }
                    self.follow(&mut progress)?;
                    self.counting.meet(self.enricher.devices.all());
                    if let Some(news) = self.publish_if_due()? {
                        progress.clear();
                        self.disturb_tables();
                        say(news);
                    }
                    if progress.is_due() {
                        progress.draw(&self.accounting()?, self.fates.bytes, self.kept());
                    }
                }
                Some(turn) = turn(&mut self.tables) => self.tabulate(turn)?,
                Some(returned) = self.writer.returned() => self.take_in(returned, &mut progress)?,
                () = ready(()), if more => {}
                woken = self.source.woken(), if is_free && self.has_room() => woken.context("the ring cannot be waited for")?,
            }
        }
    }

    /// Looks which interfaces have the names now that filters name.
    fn follow(&mut self, progress: &mut Progress) -> Result<()> {
        let named = &mut self.rules.interfaces;
        let changes = named.look(&self.enricher.devices.interfaces);
        if changes.is_empty() {
            return Ok(());
        }
        self.probe.filters.follow(named)?;
        self.counting.named(&named.bits);
        progress.clear();
        self.disturb_tables();
        for change in changes {
            say(change);
        }
        Ok(())
    }

    /// Counts what became of a batch, and says so where it ended a file.
    fn take_in(&mut self, returned: Returned, progress: &mut Progress) -> Result<()> {
        if returned.batch.is_end {
            progress.clear();
            self.disturb_tables();
        }
        self.take_back(returned)
    }

    /// As many drops as `-c` asked for, or the one that `--until` waited for.
    pub(super) fn is_complete(&self) -> bool {
        let drops = self.fates.encoded.max(self.fates.counted);
        let is_enough = self.plan.count.is_some_and(|count| drops >= count);
        is_enough || self.ended_by.is_some()
    }

    /// Something that is wanted can be written no further.
    fn is_in_trouble(&self) -> bool {
        let tables = self.tables.as_ref();
        self.trouble.is_some() || tables.is_some_and(|tables| tables.trouble.is_some())
    }

    /// The words for what is to be told.
    pub(super) fn words(&mut self) -> Words<'_> {
        Words {
            probe: &mut self.probe,
            enricher: &mut self.enricher,
            rules: &mut self.rules,
            modules: &mut self.modules,
        }
    }

    /// The tables, if there are any, and the words for them.
    pub(super) fn tables(&mut self) -> Option<(&mut Tables, Words<'_>)> {
        let words = Words {
            probe: &mut self.probe,
            enricher: &mut self.enricher,
            rules: &mut self.rules,
            modules: &mut self.modules,
        };
        Some((self.tables.as_mut()?, words))
    }

    /// Does what is to be done for the tables.
    pub(super) fn tabulate(&mut self, turn: Turn) -> Result<()> {
        match (self.tables(), turn) {
            (Some((tables, mut words)), Turn::Due) => tables.show(&mut words)?,
            (Some((tables, _)), Turn::Returned(returned)) => tables.take_back(returned),
            (None, _) => {}
        }
        Ok(())
    }

    /// Something else than a table is about to be printed.
    fn disturb_tables(&mut self) {
        if let Some(tables) = &mut self.tables {
            tables.disturbed();
        }
    }

    /// Shows the books as they stand, without ending.
    pub(super) fn report_now(&mut self) -> Result<()> {
        if let Some((tables, mut words)) = self.tables() {
            tables.count(&mut words)?;
        }
        // While a file is ended, nothing is counted that it does not tell of.
        if self.plan.is_recorded() && self.files.closing.is_none() {
            self.count_absent()?;
        }
        self.disturb_tables();
        self.show(&self.accounting()?);
        Ok(())
    }

    /// There is a batch to put drops into.
    fn has_room(&self) -> bool {
        !self.is_between() && (self.batch.is_some() || self.writer.has_free())
    }

    /// Hands over what is in the batch.
    pub(super) fn flush(&mut self) {
        if let Some(batch) = self.batch.take_if(|batch| !batch.bytes.is_empty()) {
            self.hand_over(batch);
        }
    }

    /// Has a batch of packets written, as far as the file may have them.
    pub(super) fn hand_over(&mut self, mut batch: Batch) {
        batch.end = self.end_len();
        self.writer.write(batch);
    }

    /// Counts packets at these interfaces as lost: they could not be written.
    fn count_unwritten(&mut self, devices: &[u32]) {
        for device in devices {
            self.fates.unwritten += 1;
            self.enricher.devices.get_mut(*device).unwritten += 1;
            if let Some(closing) = &mut self.files.closing {
                closing.books.take_back(*device);
                closing.lost += 1;
            }
        }
    }

    /// Counts what became of a batch.
    pub(super) fn take_back(&mut self, returned: Returned) -> Result<()> {
        let Returned {
            batch,
            written,
            size,
            error,
            is_full,
            file,
        } = returned;
        if let Some(file) = file {
            self.files.name = printable(&file.to_string_lossy());
            self.files.is_begun = error.is_none();
        }
        self.fates.bytes += size;
        let reached = match written {
            all if all == batch.bytes.len() => batch.devices.len(),
            _ => self.format.findings(&batch.bytes[..written]),
        };
        self.fates.written += reached as u64;
        match (error, &mut self.memory) {
            (Some(error), Some(_)) => self.note_failure(error, batch.is_head()),
            (Some(error), None) => {
                let trouble = Trouble::of(error, self.has_given_up);
                let is_worse = matches!(
                    (&self.trouble, &trouble),
                    (None, _) | (Some(Trouble::Failed(_)), Trouble::Lost(_))
                );
                if is_worse {
                    self.trouble = Some(trouble);
                }
            }
            _ => {}
        }
        if is_full && self.files.closing.is_none() {
            self.rotate(Begin::Next)?;
        }
        let (is_end, is_whole) = (batch.is_end, written == batch.bytes.len());
        if reached < batch.devices.len() && (is_full || self.has_next()) {
            self.keep_again(batch, (written, reached))?;
        } else {
            if !is_end {
                self.format.unwritten(&batch.bytes[written..]);
            }
            self.count_unwritten(&batch.devices[reached..]);
            if let Some(memory) = &mut self.memory {
                memory.written(&batch);
            }
            self.writer.recycle(batch);
        }
        if is_end {
            self.closed(is_whole)
        } else {
            self.end_when_written()
        }
    }
}

/// Waits for what is to be done next for the tables. `None`: there are none.
pub(super) async fn turn(tables: &mut Option<Tables>) -> Option<Turn> {
    match tables {
        Some(tables) => Some(tables.turn().await),
        None => None,
    }
}
