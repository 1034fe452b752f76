//! Reads a capture file and prints what is in it: `droprec -r`. Needs no rights, and nothing of the running kernel.
//!
//! A packet walks through: [`crate::source::file`] gives bytes, the pcapng crate blocks; [`entry`] tells what a packet is,
//! [`wanted`] whether it was asked for, [`until`] whether it is the last one, [`view`] shows it, and [`output`] takes it to
//! whoever reads.

pub mod chosen;
pub mod entry;
pub mod interfaces;
pub mod name;
pub mod output;
pub mod plan;
pub mod tally;
pub mod until;
pub mod view;
pub mod wanted;

use std::io::{self, ErrorKind, Read, Write};

use anyhow::{Context as _, Result, anyhow};
use droprec_pcapng::read::{Block, Damage, Fault, ReadError, Reader};

use self::{
    entry::Entry, interfaces::Interfaces, plan::Reading, until::Until, view::View, wanted::Wanted,
};
use crate::{
    report::say::say,
    sink::{target::Target, whole::Whole},
    source::file::Input,
};

/// Prints what was asked for. True: all of the file was read, or as much as was asked for.
pub fn read(reading: &Reading) -> Result<bool> {
    let mut wanted = Wanted::new(reading)?;
    let input = Input::open(&reading.file)?;
    let mut report = match &reading.report {
        Some(Target::File(path)) => Some(Whole::new(path, &input.from)?),
        _ => None,
    };
    let mut output = output::stdout()?;
    let mut view = View::new(reading);
    let fault = match show(reading, input.bytes, &mut wanted, &mut view, &mut output) {
        Ok(fault) => fault.map(|error| told(&error, &input.name, input.is_compressed)),
        Err(error) => return unwritten(error),
    };
    if let Some(wrong) = wanted.wrong() {
        told_too(fault.as_ref());
        return Err(wrong.into());
    }
    let damage = fault.as_ref().map(ToString::to_string);
    let mut page = view.page(&input.name, damage.as_deref());
    if let Some(report) = &mut report {
        report
            .write(page.take().unwrap_or_default().as_bytes())
            .inspect_err(|_| told_too(fault.as_ref()))?;
    }
    match end(&mut view, page.as_deref(), &mut output) {
        Ok(()) => fault.map_or(Ok(true), Err),
        Err(error) => {
            told_too(fault.as_ref());
            unwritten(error)
        }
    }
}

/// Says what ended the reading, where another error ends the program.
fn told_too(fault: Option<&anyhow::Error>) {
    if let Some(fault) = fault {
        say(fault);
    }
}

/// Shows what is read from `input`. It fails where `output` does; what ends the reading early is given.
fn show(
    reading: &Reading,
    input: impl Read,
    wanted: &mut Wanted,
    view: &mut View,
    output: &mut impl Write,
) -> Result<Option<ReadError>> {
    let mut reader = Reader::new(input);
    let mut interfaces = Interfaces::default();
    let mut until = Until::new(&reading.until);
    let mut left = reading.count.unwrap_or(u64::MAX);
    let mut fault = None;
    while left > 0 {
        // Nobody waits for a line because the next packet takes its time.
        if !reader.is_ahead() {
            output.flush()?;
        }
        let block = match reader.next_block() {
            Ok(Some(block)) => block,
            Ok(None) => break,
            Err(error) => {
                fault = Some(error);
                break;
            }
        };
        match block {
            Block::Section(section) => {
                interfaces.clear();
                view.section(&section);
            }
            Block::Interface(interface) => interfaces.add(&interface, wanted),
            Block::Packet(packet) => {
                let entry = Entry::of(&packet, interfaces.of(packet.interface));
                if wanted.takes(&entry) {
                    view.entry(output, &entry)?;
                    left -= 1;
                    if until.is_met(&entry) {
                        view.ended_by(&entry)?;
                        left = 0;
                    }
                }
            }
            Block::Statistics(counts, comments) => view.statistics(&counts, comments),
            Block::Other(_) => {}
        }
    }
    // What comes behind the last packet that was asked for is not known.
    if left > 0 {
        wanted.note_what_never_came();
    }
    wanted.note_what_is_cut();
    view.left_out(wanted.left_out());
    Ok(fault)
}

/// Shows what there is to show at the end. `page`: what is to be printed of it.
fn end(view: &mut View, page: Option<&str>, output: &mut impl Write) -> Result<()> {
    output.write_all(page.unwrap_or_default().as_bytes())?;
    view.end(output)?;
    output.flush()?;
    Ok(())
}

/// What it comes to that standard output takes no more: nothing, where whoever read has read enough.
fn unwritten(error: anyhow::Error) -> Result<bool> {
    let cause = error.downcast_ref::<io::Error>();
    if cause.is_some_and(|cause| cause.kind() == ErrorKind::BrokenPipe) {
        return Ok(true);
    }
    Err(error).context("cannot write to standard output")
}

/// What ended the reading, and where.
fn told(error: &ReadError, name: &str, is_compressed: bool) -> anyhow::Error {
    let ReadError { offset, fault } = error;
    let of = if is_compressed {
        " of what is compressed in it"
    } else {
        ""
    };
    let what = match fault {
        Fault::Cut { had: 0, .. } if *offset == 0 => return anyhow!("{name} is empty"),
        Fault::Damage(Damage::NotCapture) => {
            return anyhow!(
                "{name} is no capture file: droprec reads pcapng and pcap files, also compressed with zstd or gzip"
            );
        }
        Fault::Cut { needed, had } => format!(
            "it ends there in the midst of a block, of which {had} bytes of {needed} or more are there"
        ),
        Fault::Io(error) => format!("what comes behind cannot be read: {error}"),
        Fault::Damage(damage) => format!("it is damaged there: {damage}"),
    };
    anyhow!("{name} can be read up to byte {offset}{of}: {what}")
}
