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

use super::{closing::Files, counting::Counting, selection::Selection};
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

/// A recording that is running.
pub(super) struct Recording<'a> {
    pub(super) plan: &'a Plan,
    pub(super) probe: Probe,
    pub(super) counting: Counting,
    /// Which drops are wanted.
    pub(super) rules: Rules,
    /// Drops that the kernel half could not tell a filter of, and that none wants.
    pub(super) filtered: u64,
    /// Only these drops.
    pub(super) selection: Option<Selection>,
    pub(super) has_reason: bool,
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
        let mut progress =
            Progress::new(self.plan.voice != Voice::Quiet && self.plan.form == Form::Pcapng);
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
            if self.is_complete() || self.trouble.is_some() {
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
                        Request::Report => self.show(&self.accounting()?),
                        Request::Write => self.write_out()?,
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
        }
        self.take_back(returned)
    }

    /// As many drops as `-c` asked for, or the one that `--until` waited for.
    pub(super) fn is_complete(&self) -> bool {
        let is_enough = self.plan.count.is_some_and(|count| self.encoded >= count);
        is_enough || self.ended_by.is_some()
    }

    /// There is a batch to put drops into.
    fn has_room(&self) -> bool {
        self.batch.is_some() || self.writer.has_free()
    }

    /// Reads the ring. True: there may be more in it, and room for it.
    pub(super) fn drain(&mut self) -> Result<bool> {
        for _ in 0..BURST {
            if self.is_complete() {
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
            let (decoder, enricher, format) =
                (&mut self.decoder, &mut self.enricher, &mut self.format);
            let (modules, partial) = (&mut self.modules, &mut self.partial);
            let ended_by = &mut self.ended_by;
            let (rules, filters) = (&mut self.rules, &mut self.probe.filters);
            let filtered = &mut self.filtered;
            let selection = &mut self.selection;
            let mut note = |enricher: &mut Enricher, rules: &mut Rules, loaded| -> Result<()> {
                if std::mem::replace(modules, loaded) != loaded {
                    enricher.modules_changed();
                    if rules.are_any() {
                        enricher.find(rules)?;
                        filters.renew(rules, loaded)?;
                    }
                }
                Ok(())
            };
            let taken = self.source.next(|next| -> Result<Option<u32>> {
                let raw = match next {
                    Next::Drop(raw) => raw,
                    Next::Module(loaded) => {
                        note(enricher, rules, loaded)?;
                        return Ok(None);
                    }
                    Next::Damaged => bail!("a record of the kernel half is cut short"),
                };
                note(enricher, rules, raw.record.modules)?;
                let event = decoder.decode(raw);
                let is_unwanted = raw.record.flags & UNJUDGED != 0
                    && !rules.want(&event, enricher.hardware(&raw.record).as_ref());
                if is_unwanted {
                    *filtered += 1;
                    return Ok(None);
                }
                if selection.as_mut().is_some_and(|only| !only.takes(&event)) {
                    return Ok(None);
                }
                *partial += u64::from(event.is_partial);
                let (finding, devices) = enricher.enrich(&event);
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
                self.trouble = Some(match error.kind() {
                    io::ErrorKind::BrokenPipe => Trouble::Closed,
                    io::ErrorKind::TimedOut if self.has_given_up => Trouble::GivenUp,
                    _ => Trouble::Failed(error),
                });
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

    /// Takes note of what the ring had no room for.
    pub(super) fn note_losses(&mut self) -> Result<()> {
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
