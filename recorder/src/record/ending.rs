//! The end of a recording: nothing new comes, all that came is written, and the books are closed.

use std::{future::ready, io, time::Duration};

use anyhow::{Result, anyhow};
use droprec_ebpf::record::{Counters, UNJUDGED};
use tokio::{
    task::yield_now,
    time::{Instant, sleep, sleep_until},
};

use super::{
    failure::remedy,
    running::{Recording, Trouble, turn},
    service,
    tables::{Tables, Turn},
};
use crate::{
    kernel::modules,
    plan::Voice,
    report::{
        accounting::Accounting,
        say::{say, show},
        summary::Summary,
        width,
    },
    signals::{Request, Signals},
    sink::{memory::Memory, series::Begin, target::Target, writer::Batch},
    source::Next,
};

/// How long a target may take at the end before the user is told of it.
const PATIENCE: Duration = Duration::from_secs(1);
/// How long a processor may stand still in the midst of the program.
const STANDSTILL: Duration = Duration::from_secs(10);

impl Recording<'_> {
    /// The books as they stand. While drops are on their way they do not balance yet.
    pub(super) fn accounting(&self) -> Result<Accounting> {
        Ok(self.accounting_of(&self.probe.counters()?))
    }

    /// The books with these counters of the kernel half.
    pub(super) fn accounting_of(&self, counters: &Counters) -> Accounting {
        let left_out = self.left_out();
        let (counted, ring_full) = if self.plan.is_recorded() {
            (None, counters.lost)
        } else {
            let counted = counters.recorded.saturating_sub(left_out);
            let ring_full = counters.lost.saturating_sub(counters.uncounted);
            (Some(counted), ring_full)
        };
        Accounting {
            seen: (counters.seen + counters.nested).saturating_sub(self.fates.beyond),
            written: self.fates.written,
            counted,
            filtered: counters.filtered + left_out,
            noise: counters.noise + self.fates.noise,
            elsewhere: if self.rules.are_of_interfaces_alone() && self.plan.expression.is_none() {
                counters.filtered + left_out
            } else {
                0
            },
            suppressed: counters.suppressed,
            limited: counters.limited + self.limits.sum,
            overwritten: self.plan.flight_recorder.map(|_| self.fates.overwritten),
            ring_full,
            nested: counters.nested,
            unwritten: self.fates.unwritten,
            partial: self.fates.partial,
            uncounted: counters.uncounted,
            stackless: self
                .enricher
                .stacks
                .as_ref()
                .map_or(0, |stacks| stacks.missing),
            beyond: self.fates.beyond,
            kept: self.memory.as_ref().map_or(0, Memory::packets),
        }
    }

    /// Ends the recording: nothing new comes, all that came is written, and the books are closed. True: they are in the file of
    /// `--metrics`, too, if that was asked for.
    pub(super) async fn finish(&mut self, signals: &mut Signals) -> Result<bool> {
        service::stopping();
        self.counting.ending();
        let ended = self.probe.detach()?;
        if let Some(tables) = &mut self.tables {
            tables.end_at(ended);
        }
        self.settle().await?;
        self.counting.finish(
            self.plan.voice,
            &mut self.enricher.devices,
            self.files.started,
        );
        self.deliver(signals).await?;
        if self.is_complete() && self.plan.is_recorded() {
            let flags = |next: Next<'_>| match next {
                Next::Drop(raw) => Some(raw.record.flags),
                _ => None,
            };
            while let Some(next) = self.source.next(flags) {
                let Some(flags) = next else { continue };
                self.fates.beyond += 1;
                if let Some(tables) = self.tables.as_mut().filter(|_| flags & UNJUDGED == 0) {
                    tables.beyond += 1;
                }
            }
        }
        let known = self.count_absent()?;
        if self.plan.is_recorded() {
            // There were more kinds than are counted.
            let absent = self.absent(&self.probe.counters()?);
            self.enricher.rows.count_rest(absent - known);
            self.files.of_no_kind = absent - known;
        }
        if let Some((tables, mut words)) = self.tables() {
            tables.finish(&mut words)?;
        }
        if matches!(
            self.trouble,
            None | Some(Trouble::Failed(_) | Trouble::Lost(_))
        ) {
            let total = Accounting {
                written: self.still_to_be_written(),
                kept: 0,
                ..self.accounting()?
            };
            let is_told =
                self.files.ended > 0 && total.accounted_for() == self.files.told.accounted_for();
            // What a flight recorder has left is for a file that is begun with it.
            let is_begun = self.memory.is_some() || self.files.is_begun;
            let is_wanted = self.memory.is_none() || !is_told;
            if is_begun && is_wanted {
                self.files.is_last = true;
                self.close(total, Begin::Next)?;
                self.end_when_written()?;
            } else {
                // Those before it may be on their way.
                self.writer.write(Batch {
                    is_awaited: true,
                    ..Batch::default()
                });
            }
        }
        if !matches!(self.trouble, Some(Trouble::GivenUp)) {
            self.deliver(signals).await?;
        }
        self.publish_last()
    }

    /// Empties the ring and waits until all batches are back.
    async fn deliver(&mut self, signals: &mut Signals) -> Result<()> {
        let mut notice = Some(Instant::now() + PATIENCE);
        let mut limit = None;
        let mut is_impatient = false;
        loop {
            let more = self.drain()?;
            self.flush();
            if !more && self.is_delivered() && self.tables.as_ref().is_none_or(Tables::is_idle) {
                return Ok(());
            }
            // A second signal may come with the first, so the target has its time all the same.
            if is_impatient && notice.is_none() && limit.is_none() {
                self.writer.give_up();
                self.has_given_up = true;
                self.tables.iter_mut().for_each(Tables::give_up);
                limit = Some(Instant::now() + PATIENCE);
            }
            // As while it ran: timers and signals have their turn here.
            yield_now().await;
            tokio::select! {
                biased;
                request = signals.next() => match request {
                    Request::Stop => is_impatient = true,
                    Request::Report => self.report_now()?,
                    // It is being written.
                    Request::Write => {}
                },
                Some(turn) = turn(&mut self.tables) => if let Turn::Returned(_) = turn {
                    self.tabulate(turn)?;
                },
                Some(returned) = self.writer.returned() => self.take_back(returned)?,
                () = ready(()), if more => {}
                () = sleep_until(notice.unwrap_or_else(Instant::now)), if notice.is_some() => {
                    notice = None;
                    if !is_impatient {
                        let (target, what) = if self.is_delivered() {
                            (Target::Stdout.name(), "the tables")
                        } else {
                            (self.files.name.clone(), "what is recorded")
                        };
                        say(format_args!(
                            "waiting for {target} to take {what}; Ctrl-C gives it up"
                        ));
                    }
                }
                () = sleep_until(limit.unwrap_or_else(Instant::now)), if limit.is_some() => {
                    // A disk lets nobody go before it is done. What it is given is not known to be there.
                    if let Some(tables) = self.tables.as_mut().filter(|tables| !tables.is_idle()) {
                        tables.trouble = Some(Trouble::GivenUp);
                    }
                    if self.is_delivered() {
                        return Ok(());
                    }
                    self.trouble = Some(Trouble::GivenUp);
                    while self.drain()? {}
                    self.memory = None;
                    self.fates.unwritten = self.fates.encoded + self.fates.discarded - self.fates.written - self.fates.overwritten;
                    return Ok(());
                }
            }
        }
    }

    /// All batches are back, and no file is to be ended.
    fn is_delivered(&self) -> bool {
        self.writer.is_idle() && self.files.closing.is_none()
    }

    /// Waits until no processor runs a program any more: one may have been at it when it was taken away. That takes
    /// microseconds, unless the processor is a virtual one whose host has no time for it.
    async fn settle(&mut self) -> Result<()> {
        let patience = Instant::now() + STANDSTILL;
        loop {
            let counters = self.probe.counters()?;
            let done = counters.recorded
                + counters.filtered
                + counters.suppressed
                + counters.limited
                + counters.lost;
            if (counters.busy == 0 && counters.seen == done) || Instant::now() > patience {
                return Ok(());
            }
            sleep(Duration::from_millis(1)).await;
        }
    }

    /// The modules that were loaded meanwhile.
    pub(super) fn new_modules(&self) -> Vec<String> {
        modules::loaded()
            .difference(&self.had_modules)
            .cloned()
            .collect()
    }

    /// Shows the books, and says what went wrong.
    pub(super) fn report(&mut self) -> Result<bool> {
        let accounting = self.accounting()?;
        if self.plan.voice != Voice::Quiet || accounting.lost() > 0 {
            self.show(&accounting);
        }
        if accounting.on_the_way() > 0 {
            say(format_args!(
                "{} drops are unaccounted for: a mistake of droprec's own",
                accounting.on_the_way()
            ));
        }
        let removed = self.writer.removed();
        if removed > 0 {
            show(format_args!(
                "{removed} files were removed to make room for newer ones"
            ));
        }
        let beyond = self.tables.as_ref().map_or(0, |tables| tables.beyond);
        if beyond > 0 {
            show(format_args!(
                "{beyond} drops more are in the tables: they came after the last one that was asked for"
            ));
        }
        let of_tables = |tables: &mut Tables| Some((tables.trouble.take()?, Target::Stdout.name()));
        let trouble = match self.trouble.take() {
            Some(trouble) => Some((trouble, self.files.name.clone())),
            None => self.tables.as_mut().and_then(of_tables),
        };
        let Some((trouble, target)) = trouble else {
            return Ok(accounting.on_the_way() == 0 && !self.files.has_failed);
        };
        match trouble {
            Trouble::Closed => Ok(true),
            Trouble::GivenUp => Err(anyhow!(
                "{target} takes nothing: what was still to be written is lost"
            )),
            Trouble::Lost(error) => {
                let remedy = remedy(&error);
                Err(anyhow!(
                    "{error}; {remedy}, or choose another place with -w"
                ))
            }
            Trouble::Failed(error) => {
                let remedy = remedy(&error);
                // What has the name of one that was not begun is another's.
                let so_far = if self.files.is_begun {
                    " any further: what is in it is whole"
                } else {
                    ": it was not begun, and the files before it are whole"
                };
                Err(anyhow!(error).context(format!(
                    "cannot write {target}{so_far}; {remedy}, or choose another place with -w"
                )))
            }
        }
    }

    pub(super) fn show(&self, accounting: &Accounting) {
        let summary = Summary {
            rows: &self.enricher.rows,
            modules: &self.new_modules(),
            rises: &self.counting.rises,
            accounting: Some(*accounting),
            ended_by: self.ended_by.as_deref(),
        };
        if self.plan.voice == Voice::Quiet {
            show(accounting);
        } else {
            show(summary.text(width::of_terminal(io::stderr())));
        }
    }
}
