//! Ends a file with its books while drops go on coming, and begins the next one.
//!
//! A file is closed to packets first. It is ended when all of them are known to be written, or not to be: only then its books
//! are known. What comes meanwhile is the next file's.

use std::{io, mem};

use anyhow::Result;

use super::{now, running::Recording};
use crate::{
    plan::Voice,
    report::{
        accounting::Accounting, books::Books, progress::size, reconcile, say::say, summary::Summary,
    },
    sink::{memory::Memory, writer::Batch},
};

/// The files of a recording.
#[derive(Debug)]
pub(super) struct Files {
    /// What each of them says of its own making.
    about: String,
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
    /// Something could not be written, and the recording went on.
    pub(super) has_failed: bool,
}

impl Files {
    /// There is the first one.
    pub(super) fn new(name: String, about: String, started: u64) -> Self {
        Self {
            about,
            started,
            name,
            told: Books::begin(started),
            ended: 0,
            closing: None,
            has_failed: false,
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
    /// Its end is on its way.
    is_ended: bool,
    /// The user has asked for the next one meanwhile.
    is_asked_again: bool,
}

impl Recording<'_> {
    /// Bytes in memory, and how many seconds they reach back.
    pub(super) fn kept(&self) -> Option<(u64, u64)> {
        let memory = self.memory.as_ref()?;
        let nanoseconds = memory.oldest().map_or(0, |time| now().saturating_sub(time));
        Some((memory.kept() as u64, nanoseconds / 1_000_000_000))
    }

    /// Puts what is in the batch into memory.
    pub(super) fn keep(&mut self) {
        let Some((memory, batch)) = self.memory.as_mut().zip(self.batch.as_mut()) else {
            return;
        };
        let device = batch.devices.pop().unwrap_or_default();
        memory.keep(&batch.bytes, device, |device| {
            self.books.overwritten += 1;
            self.enricher.devices.get_mut(device).overwritten += 1;
        });
        batch.bytes.clear();
    }

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
        self.close(total)
    }

    /// The books as far as it is known where drops went, which others than those at the end never quite tell: what is seen and
    /// neither read nor counted yet is left for the next file.
    fn accounted_for(&mut self) -> Result<Accounting> {
        let ring_full = self.count_losses()?;
        let total = Accounting {
            written: self.still_to_be_written(),
            ring_full,
            kept: 0,
            ..self.accounting()?
        };
        Ok(Accounting {
            seen: total.accounted_for(),
            ..total
        })
    }

    /// Takes note of what the ring had no room for, in the table too. How many drops that are, as far as their kinds are known.
    pub(super) fn count_losses(&mut self) -> Result<u64> {
        let by_kind = self.take_losses()?;
        for (kind, lost) in &by_kind {
            let before = self.counted_lost.get(kind).copied().unwrap_or(0);
            if *lost > before {
                let enricher = &mut self.enricher;
                enricher.count_lost(kind, self.has_reason, lost - before);
            }
        }
        let sum = by_kind.values().sum();
        self.counted_lost = by_kind;
        Ok(sum)
    }

    /// Drops that are written, once all that are in memory and on their way are.
    pub(super) fn still_to_be_written(&self) -> u64 {
        self.books.encoded + self.books.discarded - self.books.overwritten - self.books.unwritten
    }

    /// Closes the file. `total`: the books of the whole recording up to now, in which all that is kept counts as written.
    pub(super) fn close(&mut self, total: Accounting) -> Result<()> {
        let devices = self.enricher.devices.all();
        self.files.closing = Some(Closing {
            books: Books::of(total, devices, now()),
            before: (self.books.written, self.books.bytes),
            error: None,
            is_ended: false,
            is_asked_again: false,
        });
        if let Some(memory) = &mut self.memory {
            self.writer.write(Batch {
                bytes: mem::take(&mut memory.head),
                // The first file was begun when the recording was.
                is_beginning: self.files.ended > 0,
                ..Batch::default()
            });
            for batch in memory.take() {
                self.writer.write(batch);
            }
            self.format
                .begin(&mut memory.head, &self.files.about, devices)?;
        }
        self.end_when_written()
    }

    /// Ends the file that is closed, unless something of it is still on its way.
    pub(super) fn end_when_written(&mut self) -> Result<()> {
        let Some(closing) = &mut self.files.closing else {
            return Ok(());
        };
        if closing.is_ended || !self.writer.is_idle() {
            return Ok(());
        }
        closing.is_ended = true;
        let (accounting, mut statistics) = closing.books.since(&self.files.told);
        let period = (self.files.told.at, closing.books.at);
        let devices = self.enricher.devices.all();
        // They rose in all of the recording, so that a part of its drops does not explain them.
        let is_whole = self.files.ended == 0 && self.books.overwritten == 0;
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
            ..Batch::default()
        };
        self.format
            .end(&mut tail.bytes, devices, &statistics, period)?;
        self.writer.write(tail);
        Ok(())
    }

    /// Takes note of what keeps a part of the file from being written. A flight recorder goes on: the next file may be written.
    pub(super) fn note_failure(&mut self, error: io::Error) {
        self.files.has_failed = true;
        if let Some(closing) = &mut self.files.closing {
            closing.error.get_or_insert(error);
        }
    }

    /// The end of a file is back.
    pub(super) fn closed(&mut self, is_whole: bool) -> Result<()> {
        self.files.ended += 1;
        let Some(closing) = self.files.closing.take() else {
            return Ok(());
        };
        let Closing { before, error, .. } = closing;
        let (name, packets) = (&self.files.name, self.books.written - before.0);
        // Books that are nowhere are the next file's too.
        if is_whole || packets > 0 {
            self.files.told = closing.books;
            self.enricher.rows.note_told();
        }
        if let Some(error) = error {
            say(format_args!(
                "cannot write {name} to its end: {error}; {packets} packets are in it, the others are lost: make room, or choose another place with -w"
            ));
        } else if self.memory.is_some() && self.plan.voice != Voice::Quiet {
            let bytes = size(self.books.bytes - before.1);
            say(format_args!(
                "{packets} packets, {bytes}, written to {name}"
            ));
        }
        if closing.is_asked_again {
            return self.write_out();
        }
        Ok(())
    }
}
