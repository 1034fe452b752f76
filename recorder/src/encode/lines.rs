//! Findings as lines of text: `12:34:56.789012 STP BPDU dropped, … at … (eth0 in), length 60`.

use std::io::{self, Write};

use anyhow::Result;

use super::{Format, Statistics, local_time::LocalTime};
use crate::enrich::{Finding, devices::Device, pairs::pairs, sentence};

/// Writes the line of a drop. `time`: nanoseconds since 1970 UTC, where it is known; `len`: bytes; `pairs`: what a second line says.
pub fn line(
    out: &mut impl Write,
    clock: &mut LocalTime,
    time: Option<u64>,
    sentence: &str,
    len: u32,
    pairs: Option<&str>,
) -> io::Result<()> {
    if let Some(time) = time {
        out.write_all(&clock.text(time))?;
    } else {
        out.write_all(b"-")?;
    }
    writeln!(out, " {sentence}, length {len}")?;
    match pairs {
        Some(pairs) => writeln!(out, "\t{pairs}"),
        None => Ok(()),
    }
}

/// Writes a line a drop, and with `verbose` a second one with all that is known of it.
#[derive(Debug)]
pub struct Lines {
    verbose: bool,
    clock: LocalTime,
    sentence: String,
    pairs: String,
}

impl Lines {
    /// Times are this machine's local ones, as tcpdump's are.
    #[must_use]
    pub fn new(verbose: bool) -> Self {
        Self {
            verbose,
            clock: LocalTime::default(),
            sentence: String::new(),
            pairs: String::new(),
        }
    }
}

impl Format for Lines {
    fn begin(&mut self, _: &mut Vec<u8>, _: &str, _: &[Device]) -> Result<()> {
        Ok(())
    }

    fn finding(&mut self, out: &mut Vec<u8>, finding: &Finding<'_>, _: &[Device]) -> Result<()> {
        self.sentence.clear();
        sentence(&mut self.sentence, finding);
        if self.verbose {
            self.pairs.clear();
            pairs(&mut self.pairs, finding);
        }
        let event = finding.event;
        let pairs = self.verbose.then_some(self.pairs.as_str());
        line(
            out,
            &mut self.clock,
            Some(event.time),
            &self.sentence,
            event.len,
            pairs,
        )?;
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

    fn findings(&self, output: &[u8]) -> usize {
        let lines = output.split_inclusive(|byte| *byte == b'\n');
        lines.filter(|line| line.first() != Some(&b'\t')).count()
    }
}

/// How much of the text is whole lines.
pub(super) fn whole_lines(text: &[u8]) -> usize {
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
