//! Shows packets: a line or an object each, or what they come to.

use std::io::Write;

use anyhow::Result;
use droprec_pcapng::read::{Comments, Section, Statistics};

use super::{
    entry::{Entry, Told},
    plan::Reading,
    tally::Tally,
};
use crate::{
    encode::{
        json,
        lines::{frames, line},
        local_time::LocalTime,
    },
    report::left_out::LeftOut,
    text::into_printable,
};

/// How packets are shown.
#[derive(Debug)]
pub enum View {
    /// A line each.
    Lines {
        /// The second comment in a second line.
        verbose: bool,
        /// Tells the time.
        clock: LocalTime,
        /// A place for sentences.
        text: String,
    },
    /// An object each.
    Json,
    /// What they come to.
    Summary(Box<Tally>),
}

impl View {
    /// As planned.
    #[must_use]
    pub fn new(reading: &Reading) -> Self {
        match (reading.summary || reading.report.is_some(), reading.json) {
            (true, _) => Self::Summary(Box::new(Tally::new(reading))),
            (false, true) => Self::Json,
            (false, false) => Self::Lines {
                verbose: reading.verbose,
                clock: LocalTime::default(),
                text: String::new(),
            },
        }
    }

    /// Shows a packet.
    pub fn entry(&mut self, out: &mut impl Write, entry: &Entry<'_>) -> Result<()> {
        match self {
            Self::Lines {
                verbose,
                clock,
                text,
            } => {
                let told = entry.told.as_ref().filter(|_| *verbose);
                let pairs = told.map(Told::comment);
                let sentence = entry.sentence(text);
                line(
                    out,
                    clock,
                    entry.time,
                    &sentence,
                    entry.true_len(),
                    pairs.as_deref(),
                )?;
                if let Some(stack) = &entry.stack {
                    frames(out, stack)?;
                }
                if let Some(lost) = entry.lost_before() {
                    writeln!(out, "\t{lost} more lost before it at this interface")?;
                }
                for comment in entry.comments() {
                    writeln!(out, "\t{}", into_printable(comment))?;
                }
                if entry.stack.is_some() {
                    writeln!(out)?;
                }
                Ok(())
            }
            Self::Json => {
                let (time, comments) = (entry.time, entry.comments());
                let lost = entry
                    .lost_before()
                    .map(|lost| ("drop_count", lost.to_string().into()));
                if let Some(told) = &entry.told {
                    let caplen = entry.caplen();
                    // Another program may have cut it since.
                    let now = |pair @ (key, _)| match &caplen {
                        Some(caplen) if key == "caplen" => (key, caplen.clone()),
                        _ => pair,
                    };
                    let caplen = caplen.clone().map(|caplen| ("caplen", caplen));
                    let pairs = told.pairs().map(now).chain(caplen).chain(lost);
                    let stack = entry.stack.as_deref();
                    json::object(out, time, told.sentence(), pairs, stack, comments)
                } else {
                    let pairs = entry.pairs().into_iter().chain(lost);
                    json::object(out, time, None, pairs, None, comments)
                }
            }
            Self::Summary(tally) => {
                tally.count(entry);
                Ok(())
            }
        }
    }

    /// Takes note of what was counted on an interface.
    pub fn statistics(&mut self, counts: &Statistics, comments: Comments<'_>) {
        if let Self::Summary(tally) = self {
            tally.statistics(counts, comments);
        }
    }

    /// Takes note of the packet that `--until` waited for.
    pub fn ended_by(&mut self, entry: &Entry<'_>) -> Result<()> {
        if let Self::Summary(tally) = self {
            tally.ended_by(entry)?;
        }
        Ok(())
    }

    /// Takes note of what filters left out, where there were any.
    pub fn left_out(&mut self, left_out: Option<LeftOut>) {
        if let Self::Summary(tally) = self {
            tally.left_out = left_out;
        }
    }

    /// Takes note of a section.
    pub fn section(&mut self, section: &Section<'_>) {
        if let Self::Summary(tally) = self {
            tally.section(section);
        }
    }

    /// What the file comes to as a page, where that was asked for. `damage`: what ended the reading before the file's end.
    #[must_use]
    pub fn page(&self, file: &str, damage: Option<&str>) -> Option<String> {
        match self {
            Self::Summary(tally) => tally.page(file, damage),
            _ => None,
        }
    }

    /// Shows what there is to show at the end.
    pub fn end(&mut self, out: &mut impl Write) -> Result<()> {
        match self {
            Self::Summary(tally) => tally.show(out),
            _ => Ok(()),
        }
    }
}
