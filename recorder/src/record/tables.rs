//! The tables of `--interval` beside a recording, or in its place: counted by the kernel half, read here, and written by a
//! thread of their own, so that whoever reads them keeps nobody else waiting.

use std::{
    io::{self, IsTerminal as _},
    path::PathBuf,
    time::Instant,
};

use anyhow::{Context as _, Result};
use droprec_ebpf::record::{Kind, is_trap};
use tokio::time::{Interval as Timer, MissedTickBehavior, interval_at};

use super::{now, running::Trouble, words::Words};
use crate::{
    encode::lines::whole_lines,
    enrich::{Enricher, Finding},
    interval::{
        Interval, Style, View, counts::Counts, dropwatch::Dropwatch, lines::Lines, object::Objects,
        screen::Screen,
    },
    plan::{Intervals, Plan},
    sink::{
        target::Target,
        writer::{Manner, Returned, Writer},
    },
};

/// What is there to be done.
pub(super) enum Turn {
    /// It is time for a table.
    Due,
    /// One was written.
    Returned(Returned),
}

/// The tables.
pub(super) struct Tables {
    plan: Intervals,
    /// Drops are recorded, too.
    is_recorded: bool,
    /// Drops go through the ring, which may lose some.
    may_lose: bool,
    has_reason: bool,
    timer: Timer,
    since: Instant,
    /// When the counting ended, on both clocks.
    ended: Option<(Instant, u64)>,
    counts: Counts,
    /// How many were shown.
    shown: u64,
    view: Box<dyn View>,
    writer: Writer,
    /// Drops in them that came after the last one that was asked for.
    pub(super) beyond: u64,
    /// Why no more of them can be shown.
    pub(super) trouble: Option<Trouble>,
}

impl Tables {
    /// Those that were planned. The first one begins at `since`. Must be called within the runtime.
    /// `may_lose`: drops go through the ring.
    pub(super) fn start(
        recording: &Plan,
        may_lose: bool,
        has_reason: bool,
        since: Instant,
    ) -> Result<Option<Self>> {
        let Some(plan) = recording.intervals else {
            return Ok(None);
        };
        let view: Box<dyn View> = match plan.style {
            Style::Json => Box::new(Objects),
            Style::Dropwatch => Box::new(Dropwatch),
            Style::Table if io::stdout().is_terminal() => Box::new(Screen::new()),
            Style::Table => Box::new(Lines::new(plan.period)),
        };
        let file = Target::Stdout.open(false)?;
        let manner = Manner::plain(whole_lines);
        let writer = Writer::start(file, PathBuf::new(), manner, None, None);
        let writer = writer.context("no thread to write with")?;
        let mut timer = interval_at((since + plan.period).into(), plan.period);
        timer.set_missed_tick_behavior(MissedTickBehavior::Skip);
        Ok(Some(Self {
            plan,
            is_recorded: recording.is_recorded(),
            may_lose,
            has_reason,
            timer,
            since,
            ended: None,
            counts: Counts::default(),
            shown: 0,
            view,
            writer,
            beyond: 0,
            trouble: None,
        }))
    }

    /// Waits for what is to be done next.
    pub(super) async fn turn(&mut self) -> Turn {
        tokio::select! {
            biased;
            Some(returned) = self.writer.returned() => Turn::Returned(returned),
            _ = self.timer.tick() => Turn::Due,
        }
    }

    /// Takes what the kernel half has counted by now.
    pub(super) fn count(&mut self, words: &mut Words<'_>) -> Result<()> {
        let counters = words.probe.counters()?;
        let mut tallies: Vec<_> = words.probe.tallies()?.into_iter().collect();
        // Each drop has the name that its place had then.
        tallies.sort_unstable_by_key(|(kind, _)| kind.modules);
        let (has_reason, is_recorded) = (self.has_reason, self.is_recorded);
        self.counts.take(tallies, &counters, |kind, new| {
            if kind.modules > *words.modules {
                words.note(kind.modules)?;
            }
            let enricher = &mut *words.enricher;
            let spot = enricher.of_kind(kind, has_reason);
            if !is_recorded {
                // What is lost has a count of its own.
                let drops = new.drops.saturating_sub(new.lost);
                enricher.rows.count_only(spot.row, drops);
                if let (Some(stacks), None) = (&mut enricher.stacks, &spot.stack)
                    // No way in the kernel led to what the hardware dropped.
                    && !is_trap(kind.location)
                {
                    stacks.missing += drops;
                }
            }
            Ok(spot)
        })
    }

    /// Drops in them by now that were not lost.
    pub(super) fn counted(&self) -> u64 {
        self.counts.kept()
    }

    /// Counts a drop that the kernel half has left to be judged, and that is wanted.
    pub(super) fn add(&mut self, finding: &Finding<'_>) {
        self.counts.add(finding);
    }

    /// And one of which no packet is recorded.
    pub(super) fn add_one(&mut self, kind: &Kind, enricher: &mut Enricher) {
        let spot = enricher.of_kind(kind, self.has_reason);
        self.counts.add_one(spot, kind.stack, kind.location);
    }

    /// Shows what is new. While all earlier tables wait to be read, it is left for the next one.
    pub(super) fn show(&mut self, words: &mut Words<'_>) -> Result<()> {
        let Some(mut batch) = self.writer.take() else {
            return Ok(());
        };
        self.count(words)?;
        let enricher = &*words.enricher;
        let (instant, time) = self.ended.unwrap_or_else(|| (Instant::now(), now()));
        let since = std::mem::replace(&mut self.since, instant);
        let mut lines = self.counts.lines(&enricher.rows, &enricher.devices);
        self.plan.order.sort(&mut lines);
        let interval = Interval {
            time,
            period: self.since - since,
            lines,
            order: self.plan.order,
            most: self.plan.most,
            may_lose: self.may_lose,
            nested: self.counts.nested,
            uncounted: self.counts.uncounted,
        };
        self.view.show(batch.bytes.end(), &interval)?;
        self.shown += 1;
        self.counts.next();
        self.writer.write(batch);
        Ok(())
    }

    /// Shows what is new since the last table, where there is anything.
    pub(super) fn finish(&mut self, words: &mut Words<'_>) -> Result<()> {
        self.count(words)?;
        if self.shown > 0 && self.counts.is_still() {
            return Ok(());
        }
        self.show(words)
    }

    /// Nothing is counted any more since then: there the last table ends, however long the rest takes.
    pub(super) fn end_at(&mut self, instant: Instant) {
        let nanoseconds = instant.elapsed().as_nanos() as u64;
        self.ended = Some((instant, now().saturating_sub(nanoseconds)));
    }

    /// Something else is about to be printed.
    pub(super) fn disturbed(&mut self) {
        self.view.disturbed();
    }

    /// Takes note of what became of a table.
    pub(super) fn take_back(&mut self, returned: Returned) {
        if let (Some(error), None) = (returned.error, &self.trouble) {
            self.trouble = Some(Trouble::of(error, self.writer.has_given_up()));
        }
        self.writer.recycle(returned.batch);
    }

    /// All tables were written, or nobody waits for it any longer.
    pub(super) fn is_idle(&self) -> bool {
        self.writer.is_idle() || matches!(self.trouble, Some(Trouble::GivenUp))
    }

    /// Nobody waits any longer for whoever reads them.
    pub(super) fn give_up(&mut self) {
        self.writer.give_up();
    }
}
