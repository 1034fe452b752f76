//! Ends a file with its books while drops go on coming, and begins the next one.
//!
//! A file is closed to packets first. It is ended when all of them are known to be written, or not to be: only then its books
//! are known. What comes meanwhile is the next file's.

use std::{collections::HashMap, io, mem};

use anyhow::Result;
use droprec_ebpf::record::Kind;

use super::{failure::message, first::First, now, rotating::Period, running::Recording};
use crate::{
    enrich::absent::Absent,
    plan::{Plan, Voice},
    report::{
        accounting::Accounting, books::Books, progress::size, reconcile, say::say, summary::Summary,
    },
    sink::{memory::Memory, series::Begin, writeback::Lost, writer::Batch},
};

/// The files of a recording.
#[derive(Debug)]
pub(super) struct Files {
    /// What each of them says of its own making.
    about: String,
    /// The first one of a flight recorder.
    first: Option<First>,
    /// When the recording was armed, in nanoseconds since 1970 UTC.
    pub(super) started: u64,
    /// What to call the one that is being written.
    pub(super) name: String,
    /// The books that those have told that were ended.
    pub(super) told: Books,
    /// How many were ended.
    pub(super) ended: u64,
    /// The one that is to be ended.
    pub(super) closing: Option<Closing>,
    /// There will be none after it.
    pub(super) is_last: bool,
    /// Something could not be written, and the recording went on.
    pub(super) has_failed: bool,
    /// What the next one of a rotation begins with, and the packets that the one before had no room for.
    pub(super) head: Vec<u8>,
    pub(super) carried: Vec<Batch>,
    /// The last one could be begun.
    pub(super) is_begun: bool,
    /// The time that each has.
    pub(super) period: Option<Period>,
    /// What was not recorded of each kind when the last one was closed.
    pub(super) absent: HashMap<Kind, Absent>,
    /// And of no known kind, in all of the recording: known at its end.
    pub(super) of_no_kind: Absent,
    /// Kinds of drops of which some were not recorded since then.
    pub(super) kinds_absent: usize,
}

impl Files {
    /// There is the first one.
    pub(super) fn new(plan: &Plan, name: String, about: String, first: Option<First>) -> Self {
        let started = now();
        Self {
            about,
            first,
            started,
            name,
            told: Books::begin(started),
            ended: 0,
            closing: None,
            is_last: false,
            has_failed: false,
            head: Vec::new(),
            carried: Vec::new(),
            is_begun: true,
            period: Period::of(plan),
            absent: HashMap::new(),
            of_no_kind: Absent::default(),
            kinds_absent: 0,
        }
    }
}

/// A file that takes no more packets and is not ended yet, or not known to be.
#[derive(Debug)]
pub(super) struct Closing {
    /// As they stood when it was closed.
    pub(super) books: Books,
    /// Packets and bytes that were written before it.
    before: (u64, u64),
    /// What kept a part of it from being written.
    error: Option<io::Error>,
    /// It has all that its packets need. Without that nothing is in it.
    pub(super) is_begun: bool,
    /// Packets that were not written and are kept.
    pub(super) kept: u64,
    /// The time of the first one of them, where they go to a file that is begun at once.
    pub(super) kept_since: Option<u64>,
    /// Packets that were not written and are lost.
    pub(super) lost: u64,
    /// Its end is on its way.
    pub(super) is_ended: bool,
    /// Which one comes after it.
    next: Begin,
    /// The user has asked for the next one meanwhile.
    is_asked_again: bool,
}

impl Recording<'_> {
    /// Writes what is kept in memory, as far as it was dropped before this: SIGUSR2.
    pub(super) fn write_out(&mut self) -> Result<()> {
        if self.memory.is_none() {
            say(
                "SIGUSR2 writes what a flight recorder keeps in memory; without --flight-recorder, all is written as it comes",
            );
            return Ok(());
        }
        if let Some(closing) = &mut self.files.closing {
            closing.is_asked_again = true;
            return Ok(());
        }
        // In a flood the ring never is empty.
        let asked = now();
        let is_due =
            |memory: &Option<Memory>| memory.as_ref().is_some_and(|of| of.newest() < asked);
        while is_due(&self.memory) && self.drain()? {}
        if self
            .memory
            .as_ref()
            .is_none_or(|memory| memory.packets() == 0)
        {
            say("nothing is kept in memory that could be written");
            return Ok(());
        }
        let total = self.accounted_for()?;
        self.close(total, Begin::Next)?;
        self.end_when_written()
    }

    /// The books as far as it is known where drops went, which others than those at the end never quite tell: what is seen and
    /// neither read nor counted yet is left for the next file.
    pub(super) fn accounted_for(&mut self) -> Result<Accounting> {
        let mut counters = self.probe.counters()?;
        // One that is about to be seen by the spare program is not missed.
        let nested = counters.nested.saturating_sub(counters.busy);
        counters.nested = nested.max(self.files.told.nested());
        let Absent { lost, limited } = self.count_absent()?;
        let total = Accounting {
            written: self.still_to_be_written(),
            ring_full: lost,
            limited,
            kept: 0,
            ..self.accounting_of(&counters)
        };
        Ok(Accounting {
            seen: total.accounted_for(),
            ..total
        })
    }

    /// Takes note of what was not recorded, in the table too. How many drops that are, as far as their kinds are known.
    pub(super) fn count_absent(&mut self) -> Result<Absent> {
        let by_kind = self.take_absent()?;
        for (kind, absent) in &by_kind {
            let new = *absent - self.counted_absent.get(kind).copied().unwrap_or_default();
            if new.total() > 0 {
                let enricher = &mut self.enricher;
                enricher.count_absent(kind, self.has_reason, new);
            }
        }
        let sum = by_kind.values().copied().sum();
        self.counted_absent = by_kind;
        Ok(sum)
    }

    /// Drops that are written, once all that are in memory and on their way are.
    pub(super) fn still_to_be_written(&self) -> u64 {
        self.fates.encoded + self.fates.discarded - self.fates.overwritten - self.fates.unwritten
    }

    /// Closes the file. `total`: the books of the whole recording up to now, in which all that is kept counts as written. `next`:
    /// the one after it, if there is one.
    pub(super) fn close(&mut self, total: Accounting, next: Begin) -> Result<()> {
        self.files.absent.clone_from(&self.counted_absent);
        self.files.kinds_absent = 0;
        let devices = self.enricher.devices.all();
        self.files.closing = Some(Closing {
            books: Books::of(total, devices, now()),
            before: (self.fates.written, self.fates.bytes),
            error: None,
            is_begun: true,
            kept: 0,
            kept_since: None,
            lost: 0,
            is_ended: false,
            next,
            is_asked_again: false,
        });
        let head = if let Some(memory) = &mut self.memory {
            // The first file was begun when the recording was, and is begun again where it is gone.
            let first = self.files.first.take();
            let gone = first.filter(First::is_gone);
            let begins = match &gone {
                Some(_) => Some(Begin::Again),
                None => (self.files.ended > 0).then_some(next),
            };
            let mut head = gone.map_or_else(Vec::new, |first| first.head);
            head.append(&mut memory.head);
            self.writer.write(Batch {
                bytes: head.into(),
                begins,
                ..Batch::default()
            });
            for batch in memory.take() {
                self.writer.write(batch);
            }
            &mut memory.head
        } else {
            &mut self.files.head
        };
        if !self.files.is_last {
            self.format.begin(head, &self.files.about, devices)?;
        }
        Ok(())
    }

    /// Ends the file that is closed, unless something of it is still on its way, and begins the next one of a rotation.
    pub(super) fn end_when_written(&mut self) -> Result<()> {
        let Some(closing) = &mut self.files.closing else {
            return Ok(());
        };
        if closing.is_ended || !self.writer.is_idle() {
            return Ok(());
        }
        closing.is_ended = true;
        let next = closing.next;
        let (accounting, mut statistics) = closing.books.since(&self.files.told);
        let period = (self.files.told.at, closing.books.at);
        let devices = self.enricher.devices.all();
        // They rose in all of the recording, so that a part of its drops does not explain them.
        let is_whole = self.files.told.accounted_for() == 0 && self.fates.overwritten == 0;
        let rises = if is_whole {
            &self.counting.rises[..]
        } else {
            &[]
        };
        let summary = Summary {
            rows: &self.enricher.rows,
            modules: &self.new_modules(),
            rises,
            accounting: Some(accounting),
            ended_by: None,
        };
        statistics[0].comments.extend(summary.comments());
        reconcile::comments(rises, devices, &mut statistics);
        let mut tail = Batch {
            is_end: true,
            is_awaited: self.memory.is_some() || self.files.is_last,
            ..Batch::default()
        };
        self.format
            .end(tail.bytes.end(), devices, &statistics, period)?;
        self.writer.write(tail);
        if self.memory.is_none() && !self.files.is_last {
            self.writer.write(Batch {
                bytes: mem::take(&mut self.files.head).into(),
                begins: Some(next),
                ..Batch::default()
            });
            for batch in mem::take(&mut self.files.carried) {
                self.hand_over(batch);
            }
        }
        Ok(())
    }

    /// Takes note of what keeps a part of the file from being written, maybe its beginning. A flight recorder goes on: the next
    /// file may be written.
    pub(super) fn note_failure(&mut self, error: io::Error, is_head: bool) {
        if let Some(closing) = &mut self.files.closing {
            // What is lost of what was written weighs more than what could not be.
            if closing.error.is_none() || Lost::of(&error).is_some() {
                closing.error = Some(error);
            }
            closing.is_begun &= !is_head;
        }
    }

    /// The end of a file is back.
    pub(super) fn closed(&mut self, is_whole: bool) -> Result<()> {
        self.files.ended += 1;
        let Some(mut closing) = self.files.closing.take() else {
            return Ok(());
        };
        let before = closing.before;
        let (name, packets) = (&self.files.name, self.fates.written - before.0);
        if let Some(memory) = &mut self.memory {
            memory.put_back();
        }
        if let Some(error) = closing.error.take() {
            // What goes to the next file after all is no failure; books that are nowhere are one.
            self.files.has_failed |=
                self.files.is_last || (closing.is_begun && !is_whole) || Lost::of(&error).is_some();
            say(message(name, &error, &closing, packets, is_whole));
        } else if self.memory.is_some() && self.plan.voice != Voice::Quiet {
            let bytes = size(self.fates.bytes - before.1);
            say(format_args!(
                "{packets} packets, {bytes}, written to {name}"
            ));
        }
        let is_asked_again = closing.is_asked_again;
        // Books that are nowhere are the next file's too.
        if is_whole || packets > 0 {
            // The packets that go to the next file are of this one's time.
            if closing.kept > 0 {
                closing.books.at = closing.kept_since.unwrap_or(self.files.told.at);
            }
            self.files.told = closing.books;
            self.enricher.rows.note_told();
        }
        if is_asked_again {
            return self.write_out();
        }
        Ok(())
    }
}
