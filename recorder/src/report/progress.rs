//! The line that is drawn again each second while a recording runs: drops, rate, losses, size of the file and of what is kept.

use std::{
    io::{self, IsTerminal as _, Write as _},
    time::{Duration, Instant},
};

use super::accounting::Accounting;

/// Takes the cursor to the beginning of the line, and what is on it away (ECMA-48, EL).
const CLEAR: &str = "\r\x1b[K";
const INTERVAL: Duration = Duration::from_secs(1);

/// Draws on a terminal's standard error, or not at all.
#[derive(Debug)]
pub struct Progress {
    wanted: bool,
    drawn: bool,
    last: Instant,
    seen: u64,
}

impl Progress {
    /// `wanted`: the user has not asked for quiet, and what is recorded does not go to the terminal itself.
    #[must_use]
    pub fn new(wanted: bool) -> Self {
        Self {
            wanted: wanted && io::stderr().is_terminal(),
            drawn: false,
            last: Instant::now(),
            seen: 0,
        }
    }

    /// The line is wanted, and the last one is a second old.
    #[must_use]
    pub fn is_due(&self) -> bool {
        self.wanted && self.last.elapsed() >= INTERVAL
    }

    /// Draws the line. `bytes`: written so far; `kept`: bytes in memory, and how many seconds they reach back, where there is a
    /// flight recorder.
    pub fn draw(&mut self, accounting: &Accounting, bytes: u64, kept: Option<(u64, u64)>) {
        let passed = self.last.elapsed();
        let passed = u64::try_from(passed.as_millis()).unwrap_or(u64::MAX).max(1);
        let rate = accounting
            .seen
            .saturating_sub(self.seen)
            .saturating_mul(1000)
            / passed;
        self.last = Instant::now();
        self.seen = accounting.seen;
        self.drawn = true;
        let mut stderr = io::stderr().lock();
        // A terminal that is gone is no reason to stop recording.
        let _ = write!(stderr, "{CLEAR}{}", line(accounting, rate, bytes, kept));
        let _ = stderr.flush();
    }

    /// Takes the line away, so that something else can be printed.
    pub fn clear(&mut self) {
        if std::mem::take(&mut self.drawn) {
            let _ = write!(io::stderr(), "{CLEAR}");
        }
    }
}

/// The line. `rate`: drops a second.
fn line(accounting: &Accounting, rate: u64, bytes: u64, kept: Option<(u64, u64)>) -> String {
    let left_out = accounting.filtered + accounting.suppressed;
    let drops = accounting.seen.saturating_sub(left_out);
    let (lost, written) = (accounting.lost(), size(bytes));
    let kept = kept.map_or(String::new(), |(bytes, seconds)| {
        format!(", kept {}, {seconds} s", size(bytes))
    });
    format!("{drops} drops, {rate}/s, {lost} lost, {written}{kept}")
}

/// Bytes, for people: a tenth of the unit is the least that is told.
#[must_use]
pub fn size(bytes: u64) -> String {
    if bytes < 1024 {
        return format!("{bytes} B");
    }
    let mut tenths = u128::from(bytes) * 10;
    let mut units = ["KiB", "MiB", "GiB"].into_iter();
    let mut unit = "B";
    while tenths >= 10 * 1024
        && let Some(next) = units.next()
    {
        tenths /= 1024;
        unit = next;
    }
    format!("{}.{} {unit}", tenths / 10, tenths % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_tells_how_much_a_flight_recorder_keeps_and_how_far_back_that_reaches() {
        let books = Accounting {
            seen: 12,
            filtered: 2,
            ring_full: 1,
            ..Accounting::default()
        };
        let written = "10 drops, 5/s, 1 lost, 2.0 KiB";
        assert_eq!(line(&books, 5, 2048, None), written);
        assert_eq!(
            line(&books, 5, 2048, Some((12_900_000, 84))),
            format!("{written}, kept 12.3 MiB, 84 s")
        );
    }

    #[test]
    fn a_size_has_the_unit_that_keeps_it_short() {
        assert_eq!(size(0), "0 B");
        assert_eq!(size(1023), "1023 B");
        assert_eq!(size(1024), "1.0 KiB");
        assert_eq!(size(5 << 30), "5.0 GiB");
    }
}
