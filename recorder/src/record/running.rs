//! A recording while it runs: reads the ring, fills batches, and takes note of what comes back.

use std::{
    collections::{BTreeSet, HashMap},
    future::{Future, ready},
    io,
    time::Duration,
};

use anyhow::{Context as _, Result, bail};
use tokio::{
    task::yield_now,
    time::{Instant, MissedTickBehavior, interval, sleep_until},
};

use super::{counting::Counting, selection::Selection};
use crate::{
    decode::Decoder,
    encode::Format,
    enrich::Enricher,
    kernel::{interfaces::Netns, probe::Probe},
    plan::{Form, Plan, Voice},
    report::progress::Progress,
    signals::{Request, Signals},
    sink::writer::{Batch, FULL, Returned, Writer},
    source::{Next, Source},
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
    /// Drops of which fewer bytes were had than asked for.
    pub(super) partial: u64,
    /// The user does not want to wait for the target.
    pub(super) has_given_up: bool,
    /// Records that came after the last one of `-c`.
    pub(super) beyond: u64,
    /// Losses that the interfaces know of.
    pub(super) lost: u64,
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
            // Timers and signals have their turn only while this waits, and a batch that is always back would leave them none.
            yield_now().await;
            tokio::select! {
                biased;
                request = signals.next() => {
                    progress.clear();
                    match request {
                        Request::Stop => return Ok(()),
                        Request::Report => self.show(&self.accounting()?),
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
                        progress.draw(&self.accounting()?, self.bytes);
                    }
                }
                Some(returned) = self.writer.returned() => self.take_back(returned),
                () = ready(()), if more => {}
                woken = self.source.woken(), if self.has_room() => woken.context("the ring cannot be waited for")?,
            }
        }
    }

    /// As many drops as `-c` asked for.
    pub(super) fn is_complete(&self) -> bool {
        self.plan.count.is_some_and(|count| self.encoded >= count)
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
            let selection = &mut self.selection;
            let mut note = |enricher: &mut Enricher, loaded| {
                if std::mem::replace(modules, loaded) != loaded {
                    enricher.modules_changed();
                }
            };
            let taken = self.source.next(|next| -> Result<Option<u32>> {
                let raw = match next {
                    Next::Drop(raw) => raw,
                    Next::Module(loaded) => {
                        note(enricher, loaded);
                        return Ok(None);
                    }
                    Next::Damaged => bail!("a record of the kernel half is cut short"),
                };
                note(enricher, raw.record.modules);
                let event = decoder.decode(raw);
                if selection.as_mut().is_some_and(|only| !only.takes(&event)) {
                    return Ok(None);
                }
                *partial += u64::from(event.is_partial);
                let (finding, devices) = enricher.enrich(&event);
                format.finding(&mut out.bytes, &finding, devices)?;
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
            out.findings += 1;
            let is_full = out.bytes.len() >= FULL;
            self.encoded += 1;
            if is_full {
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
    pub(super) fn take_back(&mut self, returned: Returned) {
        let Returned {
            batch,
            written,
            error,
        } = returned;
        self.bytes += written as u64;
        self.written += batch.findings;
        if written < batch.bytes.len() {
            self.format
                .findings(&batch.bytes[written..], &mut |device| {
                    self.written -= 1;
                    self.unwritten += 1;
                    self.enricher.devices.get_mut(device).unwritten += 1;
                });
        }
        if let (Some(error), None) = (error, &self.trouble) {
            self.trouble = Some(match error.kind() {
                io::ErrorKind::BrokenPipe => Trouble::Closed,
                io::ErrorKind::TimedOut if self.has_given_up => Trouble::GivenUp,
                _ => Trouble::Failed(error),
            });
        }
        self.writer.recycle(batch);
    }

    /// Lets the interfaces know what the ring had no room for, so that the file tells of it where it happened.
    pub(super) fn note_losses(&mut self) -> Result<()> {
        let lost = self.probe.counters()?.lost;
        if lost == self.lost {
            return Ok(());
        }
        self.lost = lost;
        let mut totals = HashMap::new();
        for (kind, count) in self.probe.lost_by_kind()? {
            let netns = match kind.ifindex {
                0 => Netns::default(),
                _ => Netns::from(&kind),
            };
            *totals.entry((netns, kind.ifindex)).or_insert(0) += count;
        }
        for ((netns, ifindex), total) in totals {
            self.enricher.devices.set_lost(netns, ifindex, total);
        }
        Ok(())
    }
}
