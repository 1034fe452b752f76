//! Reads the ring: judges what the kernel half could not, and fills batches with the rest.

use anyhow::{Result, bail};
use droprec_ebpf::record::UNJUDGED;

use super::{running::Recording, words::Words};
use crate::{
    encode::{lines, local_time::LocalTime},
    enrich::{Finding, sentence},
    sink::writer::{Batch, FULL},
    source::Next,
};

/// How many records are read before anything else is looked at.
const BURST: usize = 4096;

impl Recording<'_> {
    /// Reads the ring. True: there may be more in it, and room for it.
    pub(super) fn drain(&mut self) -> Result<bool> {
        for _ in 0..BURST {
            // Of what is only counted, all that came has to be judged.
            if self.is_complete() && self.plan.is_recorded() {
                return Ok(false);
            }
            // A failed writer takes nothing more; what is still read is only counted.
            let mut unused = Batch::default();
            let is_written = self.trouble.is_none();
            let out = if !is_written {
                &mut unused
            } else if self.is_between() {
                return Ok(false);
            } else {
                if self.batch.is_none() {
                    self.batch = self.writer.take();
                    self.writer.note(self.source.full());
                }
                match &mut self.batch {
                    Some(batch) => batch,
                    None => return Ok(false),
                }
            };
            let snaplen = self.decoder.snaplen();
            let (decoder, format, fates) = (&mut self.decoder, &mut self.format, &mut self.fates);
            let (ended_by, tables) = (&mut self.ended_by, &mut self.tables);
            let (selection, limits) = (&mut self.selection, &mut self.limits);
            let is_recorded = self.plan.is_recorded();
            let mut words = Words {
                probe: &mut self.probe,
                enricher: &mut self.enricher,
                rules: &mut self.rules,
                modules: &mut self.modules,
            };
            let mut failure = None;
            let mut take = |next: Next<'_>| -> Result<Taken> {
                let raw = match next {
                    Next::Drop(raw) => raw,
                    Next::Module(loaded) => return Ok(Taken::Module(loaded)),
                    Next::Met(met) => {
                        words.enricher.meet(met);
                        return Ok(Taken::Nothing);
                    }
                    Next::Damaged => bail!("a record of the kernel half is cut short"),
                };
                words.note(raw.record.modules)?;
                let event = decoder.decode(raw);
                let is_unjudged = raw.record.flags & UNJUDGED != 0;
                if is_unjudged && !words.want(&event) {
                    fates.filtered += 1;
                    fates.noise += u64::from(words.is_noise(&event));
                    return Ok(Taken::Nothing);
                }
                let event = event.cut(snaplen);
                if selection.as_mut().is_some_and(|only| !only.takes(&event)) {
                    return Ok(Taken::Nothing);
                }
                if let Err(kind) = limits.take(event.record) {
                    if let Some(tables) = tables.as_mut().filter(|_| is_unjudged) {
                        tables.add_one(&kind, words.enricher);
                    }
                    return Ok(Taken::Nothing);
                }
                let (finding, devices) = words.enricher.enrich(&event);
                if let Some(tables) = tables.as_mut().filter(|_| is_unjudged) {
                    tables.add(&finding);
                }
                if !is_recorded {
                    return Ok(Taken::Nothing);
                }
                fates.partial += u64::from(event.is_partial);
                if is_written {
                    format.finding(out.bytes.end(), &finding, devices)?;
                }
                if finding.is_awaited() {
                    *ended_by = Some(told(&finding)?);
                }
                Ok(Taken::Drop(finding.kind.device))
            };
            // What comes back of each drop is to be no larger than a register.
            let taken = self.source.next(|next| {
                take(next).unwrap_or_else(|error| {
                    failure = Some(error);
                    Taken::Nothing
                })
            });
            if let Some(error) = failure {
                return Err(error);
            }
            match taken {
                None => return Ok(false),
                Some(Taken::Nothing) => {}
                Some(Taken::Module(loaded)) => self.note_module(loaded)?,
                Some(Taken::Drop(device)) => self.note_drop(device),
            }
        }
        Ok(true)
    }

    /// A drop at this interface is in the batch; nowhere, if what is written to has failed.
    fn note_drop(&mut self, device: u32) {
        let Some(batch) = self.batch.as_mut().filter(|_| self.trouble.is_none()) else {
            self.enricher.devices.get_mut(device).unwritten += 1;
            self.fates.unwritten += 1;
            self.fates.discarded += 1;
            return;
        };
        batch.devices.push(device);
        let is_full = batch.bytes.len() >= FULL;
        self.fates.encoded += 1;
        if self.memory.is_some() {
            self.keep();
        } else if is_full {
            self.flush();
        }
    }

    /// A module was loaded. Of what was dropped before, names may be gone with the next one.
    fn note_module(&mut self, loaded: u32) -> Result<()> {
        // While a file is ended, nothing is counted that it does not tell of.
        if self.plan.is_recorded() && self.files.closing.is_none() {
            self.count_absent()?;
        }
        if let Some((tables, mut words)) = self.tables() {
            tables.count(&mut words)?;
        }
        self.words().note(loaded)
    }
}

/// What came of an item of the ring.
enum Taken {
    /// Nothing more.
    Nothing,
    /// So many modules were loaded so far.
    Module(u32),
    /// A drop at this interface is in the batch, or would be.
    Drop(u32),
}

/// The line of a drop.
fn told(finding: &Finding<'_>) -> Result<String> {
    let mut line = Vec::new();
    let text = sentence(finding).concat();
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
