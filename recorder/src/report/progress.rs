//! The line that is drawn again each second while a recording runs: drops, rate, losses, size of the file.

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

    /// Draws the line. `bytes`: written so far.
    pub fn draw(&mut self, accounting: &Accounting, bytes: u64) {
        let passed = self.last.elapsed();
        let rate = (accounting.seen - self.seen) as f64 / passed.as_secs_f64();
        self.last = Instant::now();
        self.seen = accounting.seen;
        self.drawn = true;
        let mut stderr = io::stderr().lock();
        // A terminal that is gone is no reason to stop recording.
        let _ = write!(
            stderr,
            "{CLEAR}{} drops, {rate:.0}/s, {} lost, {}",
            accounting.seen - accounting.filtered - accounting.suppressed,
            accounting.lost(),
            size(bytes),
        );
        let _ = stderr.flush();
    }

    /// Takes the line away, so that something else can be printed.
    pub fn clear(&mut self) {
        if std::mem::take(&mut self.drawn) {
            let _ = write!(io::stderr(), "{CLEAR}");
        }
    }
}

/// Bytes, for people.
fn size(bytes: u64) -> String {
    const STEP: f64 = 1024.0;
    let mut size = bytes as f64;
    for unit in ["B", "KiB", "MiB"] {
        if size < STEP {
            return if unit == "B" {
                format!("{bytes} B")
            } else {
                format!("{size:.1} {unit}")
            };
        }
        size /= STEP;
    }
    format!("{size:.1} GiB")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_size_has_the_unit_that_keeps_it_short() {
        assert_eq!(size(0), "0 B");
        assert_eq!(size(1023), "1023 B");
        assert_eq!(size(1024), "1.0 KiB");
        assert_eq!(size(5 << 30), "5.0 GiB");
    }
}
