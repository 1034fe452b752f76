//! A recording while it runs: reads the ring, fills batches, and takes note of what comes back.

use std::{
    collections::{BTreeSet, HashMap},
    future::{Future, ready},
    io,
    time::Duration,
};

use anyhow::{Context as _, Result, bail};
use droprec_ebpf::record::{Kind, UNJUDGED};
use tokio::{
    task::yield_now,
    time::{Instant, MissedTickBehavior, interval, sleep_until},
};

use super::{
    closing::Files,
    counting::Counting,
    selection::Selection,
    tables::{Tables, Turn},
    words::Words,
};
use crate::{
    decode::Decoder,
    encode::{Format, lines, local_time::LocalTime},
    enrich::{Enricher, Finding, sentence},
    filter::rules::Rules,
    kernel::{interfaces::Netns, probe::Probe},
    plan::{Form, Plan, Voice},
    report::progress::Progress,
    signals::{Request, Signals},
    sink::{
        memory::Memory,
        writer::{Batch, FULL, Returned, Writer},
    },
    source::{Next, Source},
    text::printable,
};

/// How often what little has come is read and written, and the clock and the losses are looked at.
const TICK: Duration = Duration::from_millis(100);
/// How many records are read before anything else is looked at.
const BURST: usize = 4096;

/// Why a recording ends early, other than by the user's wish.
pub(super) enum Trouble {
    /// Whoever read the pipe has read enough.
    Closed,
    /// The target takes no more.
    Failed(io::Error),
    /// The target takes nothing, and the user has waited long enough for it.
    GivenUp,
}

impl Trouble {
    /// What an error in writing comes to. `has_given_up`: the user does not want to wait any longer.
    pub(super) fn of(error: io::Error, has_given_up: bool) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Self::Closed,
            io::ErrorKind::TimedOut if has_given_up => Self::GivenUp,
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
    /// Drops that the kernel half could not tell a filter of, and that none wants.
    pub(super) filtered: u64,
    /// Of these, those that are noise.
    pub(super) noise: u64,
    /// Only these drops.
    pub(super) selection: Option<Selection>,
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
    /// What a flight recorder keeps.
    pub(super) memory: Option<Memory>,
    pub(super) files: Files,
    /// The batch that is being filled.
    pub(super) batch: Option<Batch>,
    /// Drops that were put into a batch.
    pub(super) encoded: u64,
    /// Of these, those that are known to have been written.
    pub(super) written: u64,
    /// Bytes written.
    pub(super) bytes: u64,
    /// Drops that were read and not written.
    pub(super) unwritten: u64,
    /// Of these, those that never were in a batch.
    pub(super) discarded: u64,
    /// Drops that newer ones took the room of in memory.
    pub(super) overwritten: u64,
    /// Drops of which fewer bytes were had than asked for.
    pub(super) partial: u64,
    /// The user does not want to wait for the target.
    pub(super) has_given_up: bool,
    /// Records that came after the last one of `-c` or `--until`.
    pub(super) beyond: u64,
    /// The line of the drop that `--until` waited for.
    pub(super) ended_by: Option<String>,
    /// Drops of which nothing but the count is kept.
    pub(super) counted: u64,
    /// Losses that are known of.
    pub(super) lost: u64,
    /// Those by kind that the table has.
    pub(super) counted_lost: HashMap<Kind, u64>,
    pub(super) trouble: Option<Trouble>,
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
            let more = self.drain()?;
            if self.is_complete() || self.is_in_trouble() {
                progress.clear();
                return Ok(());
            }
            if is_due || self.plan.packet_buffered {
                is_due = false;
                self.flush();
            }
            // Where reading takes longer than a tick, a tick is always due before them.
            while let Some(returned) = self.writer.already_returned() {
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
                    self.counting.meet(self.enricher.devices.all());
                    if progress.is_due() {
                        progress.draw(&self.accounting()?, self.bytes, self.kept());
                    }
                }
                Some(turn) = turn(&mut self.tables) => self.tabulate(turn)?,
                Some(returned) = self.writer.returned() => self.take_in(returned, &mut progress)?,
                () = ready(()), if more => {}
                woken = self.source.woken(), if self.has_room() => woken.context("the ring cannot be waited for")?,
            }
        }
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
        let drops = self.encoded.max(self.counted);
        let is_enough = self.plan.count.is_some_and(|count| drops >= count);
        is_enough || self.ended_by.is_some()
    }

    /// Something that is wanted can be written no further.
    fn is_in_trouble(&self) -> bool {
        let tables = self.tables.as_ref();
        self.trouble.is_some() || tables.is_some_and(|tables| tables.trouble.is_some())
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
        self.disturb_tables();
        self.show(&self.accounting()?);
        Ok(())
    }

    /// There is a batch to put drops into.
    fn has_room(&self) -> bool {
        self.batch.is_some() || self.writer.has_free()
    }

    /// Reads the ring. True: there may be more in it, and room for it.
    pub(super) fn drain(&mut self) -> Result<bool> {
        for _ in 0..BURST {
            // Of what is only counted, all that came has to be judged.
            if self.is_complete() && self.plan.is_recorded() {
                return Ok(false);
            }
            // A failed writer takes nothing more; what is still read is only counted.
            let mut unused = Batch::default();
            let out = if self.trouble.is_some() {
                &mut unused
            } else {
                if self.batch.is_none() {
                    self.batch = self.writer.take();
                }
                match &mut self.batch {
                    Some(batch) => batch,
                    None => return Ok(false),
                }
            };
            let snaplen = self.decoder.snaplen();
            let (decoder, format) = (&mut self.decoder, &mut self.format);
            let (partial, filtered, noise) =
                (&mut self.partial, &mut self.filtered, &mut self.noise);
            let (ended_by, tables) = (&mut self.ended_by, &mut self.tables);
            let selection = &mut self.selection;
            let is_recorded = self.plan.is_recorded();
            let mut words = Words {
                probe: &mut self.probe,
                enricher: &mut self.enricher,
                rules: &mut self.rules,
                modules: &mut self.modules,
            };
            let taken = self.source.next(|next| -> Result<Option<u32>> {
                let raw = match next {
                    Next::Drop(raw) => raw,
                    Next::Module(loaded) => {
                        // Of what was dropped before, names may be gone with the next ones.
                        if let Some(tables) = tables {
                            tables.count(&mut words)?;
                        }
                        words.note(loaded)?;
                        return Ok(None);
                    }
                    Next::Met(met) => {
                        words.enricher.meet(met);
                        return Ok(None);
                    }
                    Next::Damaged => bail!("a record of the kernel half is cut short"),
                };
                words.note(raw.record.modules)?;
                let event = decoder.decode(raw);
                let is_unjudged = raw.record.flags & UNJUDGED != 0;
                if is_unjudged && !words.want(&event) {
                    *filtered += 1;
                    *noise += u64::from(words.is_noise(&event));
                    return Ok(None);
                }
                let event = event.cut(snaplen);
                if selection.as_mut().is_some_and(|only| !only.takes(&event)) {
                    return Ok(None);
                }
                let (finding, devices) = words.enricher.enrich(&event);
                if let Some(tables) = tables.as_mut().filter(|_| is_unjudged) {
                    tables.add(&finding);
                }
                if !is_recorded {
                    return Ok(None);
                }
                *partial += u64::from(event.is_partial);
                format.finding(&mut out.bytes, &finding, devices)?;
                if finding.is_awaited {
                    *ended_by = Some(told(&finding)?);
                }
                Ok(Some(finding.kind.device))
            });
            let Some(device) = taken.transpose()? else {
                return Ok(false);
            };
            let Some(device) = device else { continue };
            if self.trouble.is_some() {
                self.enricher.devices.get_mut(device).unwritten += 1;
                self.unwritten += 1;
                self.discarded += 1;
                continue;
            }
            out.devices.push(device);
            let is_full = out.bytes.len() >= FULL;
            self.encoded += 1;
            if self.memory.is_some() {
                self.keep();
            } else if is_full {
                self.flush();
            }
        }
        Ok(true)
    }

    /// Hands over what is in the batch.
    pub(super) fn flush(&mut self) {
        if let Some(batch) = self.batch.take_if(|batch| !batch.bytes.is_empty()) {
            self.writer.write(batch);
        }
    }

    /// Counts what became of a batch.
    pub(super) fn take_back(&mut self, returned: Returned) -> Result<()> {
        let Returned {
            batch,
            written,
            error,
            file,
        } = returned;
        if let Some(file) = file {
            self.files.name = printable(&file.to_string_lossy());
        }
        self.bytes += written as u64;
        let reached = match written {
            all if all == batch.bytes.len() => batch.devices.len(),
            _ => self.format.findings(&batch.bytes[..written]),
        };
        self.written += reached as u64;
        for device in &batch.devices[reached..] {
            self.unwritten += 1;
            self.enricher.devices.get_mut(*device).unwritten += 1;
            if let Some(closing) = &mut self.files.closing {
                closing.books.take_back(*device);
            }
        }
        match (error, &mut self.memory) {
            (Some(error), Some(_)) => self.note_failure(error),
            (Some(error), None) if self.trouble.is_none() => {
                self.trouble = Some(Trouble::of(error, self.has_given_up));
            }
            _ => {}
        }
        if let Some(memory) = &mut self.memory {
            memory.written(&batch);
        }
        let (is_end, is_whole) = (batch.is_end, written == batch.bytes.len());
        self.writer.recycle(batch);
        if is_end {
            self.closed(is_whole)
        } else {
            self.end_when_written()
        }
    }

    /// Drops that were put into the ring, and that no filter wants.
    pub(super) fn left_out(&self) -> u64 {
        self.filtered + self.selection.as_ref().map_or(0, Selection::left_out)
    }

    /// Takes note of what the ring had no room for; where drops are only counted, of how many.
    pub(super) fn note_losses(&mut self) -> Result<()> {
        if !self.plan.is_recorded() {
            if self.plan.count.is_some()
                && let Some((tables, mut words)) = self.tables()
            {
                tables.count(&mut words)?;
                self.counted = tables.counted();
            }
            return Ok(());
        }
        let lost = self.probe.counters()?.lost;
        if lost != self.lost {
            self.lost = lost;
            self.take_losses()?;
        }
        Ok(())
    }

    /// Lets the interfaces know what the ring had no room for, so that the file tells of it where it happened. How many drops
    /// of each kind that are.
    pub(super) fn take_losses(&mut self) -> Result<HashMap<Kind, u64>> {
        let by_kind = self.probe.lost_by_kind()?;
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

/// The line of a drop.
fn told(finding: &Finding<'_>) -> Result<String> {
    let (mut line, mut text) = (Vec::new(), String::new());
    sentence(&mut text, finding);
    let event = finding.event;
    let mut clock = LocalTime::default();
    lines::line(
        &mut line,
        &mut clock,
        Some(event.time),
        &text,
        event.len,
        None,
    )?;
    Ok(String::from_utf8_lossy(line.trim_ascii_end()).into_owned())
}

/// Waits for what is to be done next for the tables. `None`: there are none.
pub(super) async fn turn(tables: &mut Option<Tables>) -> Option<Turn> {
    match tables {
        Some(tables) => Some(tables.turn().await),
        None => None,
    }
}
