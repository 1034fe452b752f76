//! Findings as lines of text: `12:34:56.789012 STP BPDU dropped, … at … (eth0 in), length 60`.

use std::io::Write as _;

use anyhow::Result;
use jiff::{Timestamp, tz::TimeZone};

use super::{Format, Statistics};
use crate::enrich::{Finding, devices::Device, pairs::pairs, sentence};

const SECOND: u64 = 1_000_000_000;
/// No zone changes its offset within a quarter of an hour of the clock.
const QUARTER: u64 = 15 * 60;

/// Writes a line a drop, and with `verbose` a second one with all that is known of it.
#[derive(Debug)]
pub struct Lines {
    verbose: bool,
    zone: TimeZone,
    /// The quarter of an hour that `offset` is of, since 1970 UTC.
    quarter: u64,
    /// From UTC to local time, in seconds.
    offset: i32,
    text: String,
}

impl Lines {
    /// Times are this machine's local ones, as tcpdump's are.
    #[must_use]
    pub fn new(verbose: bool) -> Self {
        Self {
            verbose,
            zone: TimeZone::system(),
            quarter: u64::MAX,
            offset: 0,
            text: String::new(),
        }
    }

    /// Seconds since local midnight.
    fn local(&mut self, seconds: u64) -> u64 {
        let quarter = seconds / QUARTER;
        if quarter != self.quarter {
            self.quarter = quarter;
            let at = Timestamp::from_second(seconds.cast_signed()).unwrap_or(Timestamp::UNIX_EPOCH);
            self.offset = self.zone.to_offset(at).seconds();
        }
        seconds.wrapping_add_signed(self.offset.into()) % (24 * 60 * 60)
    }
}

impl Format for Lines {
    fn begin(&mut self, _: &mut Vec<u8>, _: &str, _: &[Device]) -> Result<()> {
        Ok(())
    }

    fn finding(&mut self, out: &mut Vec<u8>, finding: &Finding<'_>, _: &[Device]) -> Result<()> {
        let event = finding.event;
        let seconds = self.local(event.time / SECOND);
        let micros = event.time % SECOND / 1000;
        self.text.clear();
        sentence(&mut self.text, finding);
        let (hours, minutes) = (seconds / 3600, seconds / 60 % 60);
        writeln!(
            out,
            "{hours:02}:{minutes:02}:{:02}.{micros:06} {}, length {}",
            seconds % 60,
            self.text,
            event.len
        )?;
        if self.verbose {
            self.text.clear();
            pairs(&mut self.text, finding);
            writeln!(out, "\t{}", self.text)?;
        }
        Ok(())
    }

    fn end(
        &mut self,
        _: &mut Vec<u8>,
        _: &[Device],
        _: &[Statistics],
        _: (u64, u64),
    ) -> Result<()> {
        Ok(())
    }

    fn whole(&self) -> fn(&[u8]) -> usize {
        if self.verbose {
            whole_pairs_of_lines
        } else {
            whole_lines
        }
    }

    fn findings(&self, output: &[u8], each: &mut dyn FnMut(u32)) {
        let lines = output.split_inclusive(|byte| *byte == b'\n');
        lines
            .filter(|line| line.first() != Some(&b'\t'))
            .for_each(|_| each(0));
    }
}

/// How much of the text is whole lines.
fn whole_lines(text: &[u8]) -> usize {
    let last = text.iter().rposition(|byte| *byte == b'\n');
    last.map_or(0, |last| last + 1)
}

/// How much of the text is whole lines, the last of which is a second one.
fn whole_pairs_of_lines(text: &[u8]) -> usize {
    let mut end = whole_lines(text);
    while let Some(before) = end.checked_sub(1) {
        let start = whole_lines(&text[..before]);
        if text[start] == b'\t' {
            return end;
        }
        end = start;
    }
    0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_that_was_cut_is_not_whole() {
        assert_eq!(whole_lines(b""), 0);
        assert_eq!(whole_lines(b"one"), 0);
        assert_eq!(whole_lines(b"one\ntw"), 4);
        assert_eq!(whole_lines(b"one\ntwo\n"), 8);
    }

    #[test]
    fn a_drop_whose_second_line_is_missing_is_not_whole() {
        assert_eq!(whole_pairs_of_lines(b"a\n\tb\nc\n\td\n"), 10);
        assert_eq!(whole_pairs_of_lines(b"a\n\tb\nc\n\td"), 5);
        assert_eq!(whole_pairs_of_lines(b"a\n\tb\nc\n"), 5);
        assert_eq!(whole_pairs_of_lines(b"a\n"), 0);
        assert_eq!(whole_pairs_of_lines(b""), 0);
    }
}
