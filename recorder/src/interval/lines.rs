//! The tables as lines of text for a pipe or a file: each begins with the time of its table, and so says all by itself. Only its
//! call stack is below it, behind tabs.

use std::{
    fmt::Write as _,
    io::{self, Write as _},
    time::Duration,
};

use anyhow::Result;

use super::{Interval, Sum, View, cells};
use crate::encode::{lines::frames, local_time::LocalTime};

/// Characters of a number at least.
const NUMBER: usize = 9;

/// Writes a line for each kind of which there were drops, and one for all of them.
#[derive(Debug, Default)]
pub struct Lines {
    /// Seconds alone do not tell one table from the next.
    has_fractions: bool,
    clock: LocalTime,
    /// The longest name in each column so far: columns stay where they are, unless there comes a longer one.
    widths: [usize; cells::NAMES],
    has_header: bool,
}

impl Lines {
    /// Tables come at such intervals.
    #[must_use]
    pub fn new(period: Duration) -> Self {
        Self {
            has_fractions: period.subsec_nanos() != 0,
            ..Self::default()
        }
    }

    /// Appends the time and the cells.
    fn line(&self, out: &mut Vec<u8>, time: &str, cells: &[String]) -> io::Result<()> {
        let (numbers, names) = parts(cells);
        let mut line = time.to_owned();
        // Writing to a String cannot fail.
        for number in numbers {
            let _ = write!(line, " {number:>NUMBER$}");
        }
        for (name, width) in names.iter().zip(self.widths) {
            let _ = write!(line, "  {name:<width$}");
        }
        writeln!(out, "{}", line.trim_end())
    }
}

/// The numbers and the names of a line.
fn parts(cells: &[String]) -> (&[String], &[String]) {
    cells.split_at(cells.len().saturating_sub(cells::NAMES))
}

impl View for Lines {
    fn show(&mut self, out: &mut Vec<u8>, interval: &Interval<'_>) -> Result<()> {
        let mut time = self.clock.seconds(interval.time);
        if self.has_fractions {
            time = String::from_utf8_lossy(&self.clock.text(interval.time)).into_owned();
        }
        let active = interval.active();
        let (shown, left_out) = active.split_at(active.len().min(interval.most));
        let header = cells::header(interval);
        let kinds: Vec<Vec<String>> = shown
            .iter()
            .map(|line| cells::line(interval, line))
            .collect();
        let mut sums = cells::rest(interval, Sum::of(left_out.iter().copied()));
        sums.push(cells::all(interval));
        for cells in kinds.iter().chain(&sums).chain([&header]) {
            for (name, width) in parts(cells).1.iter().zip(&mut self.widths) {
                *width = name.chars().count().max(*width);
            }
        }
        if !std::mem::replace(&mut self.has_header, true) {
            let blank = " ".repeat(time.len());
            self.line(out, &blank, &header)?;
        }
        for (cells, line) in kinds.iter().zip(shown) {
            self.line(out, &time, cells)?;
            frames(out, line.stack.unwrap_or_default())?;
        }
        for cells in &sums {
            self.line(out, &time, cells)?;
        }
        Ok(())
    }
}
