//! Findings as lines of text: `12:34:56.789012 STP BPDU dropped, … at … (eth0 in), length 60`.
//!
//! What else is told of a drop is below it, behind a tab. With call stacks, a drop is many lines, and an empty one ends it.

use std::io::{self, Write};

use anyhow::Result;

use super::{Format, Statistics, local_time::LocalTime};
use crate::{
    enrich::{Finding, devices::Device, pairs::pairs, sentence},
    stack,
    text::into_printable,
};

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

/// Writes the frames that a comment has, a line each.
pub fn frames(out: &mut impl Write, comment: &str) -> io::Result<()> {
    for frame in stack::frames(comment).unwrap_or_default() {
        writeln!(out, "\t{}", into_printable(frame.into()))?;
    }
    Ok(())
}

/// Writes a line a drop, with `verbose` a second one with all that is known of it, and then its call stack.
#[derive(Debug)]
pub struct Lines {
    verbose: bool,
    /// Call stacks were asked for.
    stacks: bool,
    clock: LocalTime,
    sentence: String,
    pairs: String,
}

impl Lines {
    /// Times are this machine's local ones, as tcpdump's are.
    #[must_use]
    pub fn new(verbose: bool, stacks: bool) -> Self {
        Self {
            verbose,
            stacks,
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
        self.sentence.extend(sentence(finding));
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
        if let Some(stack) = finding.stack {
            frames(out, stack)?;
            out.push(b'\n');
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
        match (self.stacks, self.verbose) {
            (true, _) => whole_blocks,
            (false, true) => whole_pairs_of_lines,
            (false, false) => whole_lines,
        }
    }

    fn findings(&self, output: &[u8]) -> usize {
        let lines = output.split_inclusive(|byte| *byte == b'\n');
        lines
            .filter(|line| !matches!(line.first(), Some(b'\t' | b'\n')))
            .count()
    }
}

/// How much of the text is whole lines.
pub(crate) fn whole_lines(text: &[u8]) -> usize {
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

/// How much of the text is lines up to an empty one.
fn whole_blocks(text: &[u8]) -> usize {
    let last = text.windows(2).rposition(|two| two == b"\n\n");
    last.map_or(0, |last| last + 2)
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

    #[test]
    fn a_drop_whose_stack_is_cut_is_not_whole() {
        assert_eq!(whole_blocks(b"a\n\tf+0x1\n\nb\n\tf+0x1\n"), 10);
        assert_eq!(whole_blocks(b"a\n\tf+0x1\n\n"), 10);
        assert_eq!(whole_blocks(b"a\n\tf+0x1\n"), 0);
        assert_eq!(whole_blocks(b""), 0);
    }

    #[test]
    fn a_drop_is_counted_once_however_many_lines_it_has() {
        let format = Lines::new(true, true);
        let count = format.findings(b"a\n\tpairs\n\tf+0x1\n\nb\n\tpairs\n\n");
        assert_eq!(count, 2);
    }
}
