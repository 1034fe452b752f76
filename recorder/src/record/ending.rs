//! The end of a recording: nothing new comes, all that came is written, and the books are closed.

use std::{future::ready, io, time::Duration};

use anyhow::{Result, anyhow};
use tokio::{
    task::yield_now,
    time::{Instant, sleep, sleep_until},
};

use super::{
    running::{Recording, Trouble},
    selection::Selection,
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
    sink::memory::Memory,
    source::Next,
};

/// How long a target may take at the end before the user is told of it.
const PATIENCE: Duration = Duration::from_secs(1);
/// How long a processor may stand still in the midst of the program.
const STANDSTILL: Duration = Duration::from_secs(10);

impl Recording<'_> {
    /// The books as they stand. While drops are on their way they do not balance yet.
    pub(super) fn accounting(&self) -> Result<Accounting> {
        let counters = self.probe.counters()?;
        Ok(Accounting {
            seen: (counters.seen + counters.nested).saturating_sub(self.beyond),
            written: self.written,
            filtered: counters.filtered
                + self.filtered
                + self.selection.as_ref().map_or(0, Selection::left_out),
            noise: counters.noise,
            suppressed: counters.suppressed,
            overwritten: self.plan.flight_recorder.map(|_| self.overwritten),
            ring_full: counters.lost,
            nested: counters.nested,
            unwritten: self.unwritten,
            partial: self.partial,
            stackless: self
                .enricher
                .stacks
                .as_ref()
                .map_or(0, |stacks| stacks.missing),
            beyond: self.beyond,
            kept: self.memory.as_ref().map_or(0, Memory::packets),
        })
    }

    /// Ends the recording: nothing new comes, all that came is written, and the books are closed.
    pub(super) async fn finish(&mut self, signals: &mut Signals) -> Result<()> {
        self.counting.ending();
        self.probe.detach()?;
        self.settle().await?;
        self.counting.finish(
            self.plan.voice,
            &mut self.enricher.devices,
            self.files.started,
        );
        self.deliver(signals).await?;
        if self.is_complete() {
            while let Some(is_drop) = self.source.next(|next| matches!(next, Next::Drop(_))) {
                self.beyond += u64::from(is_drop);
            }
        }
        self.count_losses()?;
        if matches!(self.trouble, None | Some(Trouble::Failed(_))) {
            let total = Accounting {
                written: self.still_to_be_written(),
                kept: 0,
                ..self.accounting()?
            };
            if self.files.ended == 0 || total.accounted_for() > self.files.told.accounted_for() {
                self.close(total)?;
                self.deliver(signals).await?;
            }
        }
        Ok(())
    }

    /// Empties the ring and waits until all batches are back.
    async fn deliver(&mut self, signals: &mut Signals) -> Result<()> {
        let mut notice = Some(Instant::now() + PATIENCE);
        let mut limit = None;
        let mut is_impatient = false;
        loop {
            let more = self.drain()?;
            self.flush();
            if !more && self.writer.is_idle() && self.files.closing.is_none() {
                return Ok(());
            }
            // A second signal may come with the first, so the target has its time all the same.
            if is_impatient && notice.is_none() && limit.is_none() {
                self.writer.give_up();
                self.has_given_up = true;
                limit = Some(Instant::now() + PATIENCE);
            }
            // As while it ran: timers and signals have their turn here.
            yield_now().await;
            tokio::select! {
                biased;
                request = signals.next() => match request {
                    Request::Stop => is_impatient = true,
                    Request::Report => self.show(&self.accounting()?),
                    // It is being written.
                    Request::Write => {}
                },
                Some(returned) = self.writer.returned() => self.take_back(returned)?,
                () = ready(()), if more => {}
                () = sleep_until(notice.unwrap_or_else(Instant::now)), if notice.is_some() => {
                    notice = None;
                    if !is_impatient {
                        let target = &self.files.name;
                        say(format_args!(
                            "waiting for {target} to take what is recorded; Ctrl-C gives it up"
                        ));
                    }
                }
                () = sleep_until(limit.unwrap_or_else(Instant::now)), if limit.is_some() => {
                    // A disk lets nobody go before it is done. What it is given is not known to be there.
                    self.trouble = Some(Trouble::GivenUp);
                    while self.drain()? {}
                    self.memory = None;
                    self.unwritten = self.encoded + self.discarded - self.written - self.overwritten;
                    return Ok(());
                }
            }
        }
    }

    /// Waits until no processor runs a program any more: one may have been at it when it was taken away. That takes
    /// microseconds, unless the processor is a virtual one whose host has no time for it.
    async fn settle(&mut self) -> Result<()> {
        let patience = Instant::now() + STANDSTILL;
        loop {
            let counters = self.probe.counters()?;
            let done = counters.recorded + counters.filtered + counters.suppressed + counters.lost;
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
        match self.trouble.take() {
            None => Ok(accounting.on_the_way() == 0 && !self.files.has_failed),
            Some(Trouble::Closed) => Ok(true),
            Some(Trouble::GivenUp) => Err(anyhow!(
                "{} takes nothing: what was still to be written is lost",
                self.files.name
            )),
            Some(Trouble::Failed(error)) => Err(anyhow!(error).context(format!(
                "cannot write {} any further: what is in it is whole; make room, or choose another place with -w",
                self.files.name
            ))),
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
