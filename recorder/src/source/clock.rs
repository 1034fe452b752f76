//! From the kernel half's clock to the time of day.

use std::{collections::VecDeque, fs, sync::LazyLock};

use rustix::time::{ClockId, Timespec, clock_gettime};

/// From which difference on, in nanoseconds, the time of day was set: more than two measurements of it ever differ by, less
/// than anybody sets a clock by.
const STEP: u64 = 1_000_000;
/// How long a measurement may take, in nanoseconds; in a longer one something came between.
const QUICK: u64 = 20_000;
const TRIES: usize = 10;
/// Settings of the clock that are remembered.
const SETTINGS: usize = 64;

/// What `CLOCK_BOOTTIME` has to be added to, to give `CLOCK_REALTIME`, in nanoseconds.
#[derive(Debug)]
pub struct Clock {
    offset: u64,
    /// What the offset was before the clock was set, and until when, in nanoseconds of `CLOCK_BOOTTIME`: drops of then may still
    /// wait to be read.
    earlier: VecDeque<(u64, u64)>,
}

fn nanoseconds(time: Timespec) -> u64 {
    (time.tv_sec.cast_unsigned())
        .wrapping_mul(1_000_000_000)
        .wrapping_add(time.tv_nsec.cast_unsigned())
}

/// Nanoseconds of `CLOCK_BOOTTIME` now: when a drop of this moment would be.
#[must_use]
pub fn boottime() -> u64 {
    nanoseconds(clock_gettime(ClockId::Boottime)).wrapping_sub(*AHEAD)
}

/// By how much this process's own `CLOCK_BOOTTIME` is ahead of the kernel half's, which knows no time namespaces
/// (`time_namespaces(7)`).
static AHEAD: LazyLock<u64> = LazyLock::new(|| {
    let is = |name: &str| fs::read_link(format!("/proc/self/ns/{name}")).ok();
    // What can be read are the offsets of the namespace that children are born in.
    if is("time") != is("time_for_children") {
        return 0;
    }
    let offsets = fs::read_to_string("/proc/self/timens_offsets");
    offsets.map_or(0, |text| ahead(&text).unwrap_or(0))
});

/// Nanoseconds that `boottime` is ahead, which may be less than none.
fn ahead(offsets: &str) -> Option<u64> {
    let mut lines = offsets.lines().map(str::split_ascii_whitespace);
    let mut line = lines.find_map(|mut words| (words.next()? == "boottime").then_some(words))?;
    let mut number = || line.next()?.parse::<i64>().ok();
    let (seconds, nanoseconds) = (number()?, number()?);
    Some(
        seconds
            .wrapping_mul(1_000_000_000)
            .wrapping_add(nanoseconds)
            .cast_unsigned(),
    )
}

fn measure() -> u64 {
    let sample = || {
        let before = boottime();
        let real = nanoseconds(clock_gettime(ClockId::Realtime));
        let took = boottime().wrapping_sub(before);
        (took, real.wrapping_sub(before.wrapping_add(took / 2)))
    };
    let mut best = sample();
    for _ in 1..TRIES {
        if best.0 <= QUICK {
            break;
        }
        best = best.min(sample());
    }
    best.1
}

impl Clock {
    /// The machine's clocks.
    #[must_use]
    pub fn new() -> Self {
        Self::with_offset(measure())
    }

    /// Clocks that are `offset` nanoseconds apart.
    #[must_use]
    pub fn with_offset(offset: u64) -> Self {
        Self {
            offset,
            earlier: VecDeque::new(),
        }
    }

    /// Measures again. The kernel slews both clocks alike, so only a clock that was set changes anything; without one, the
    /// times of packets stay as evenly spaced as they were. To be called often: what was dropped since the last time is of the
    /// clock that was.
    pub fn refresh(&mut self) {
        let now = measure();
        if now.abs_diff(self.offset) > STEP {
            if self.earlier.len() == SETTINGS {
                self.earlier.pop_front();
            }
            self.earlier.push_back((boottime(), self.offset));
            self.offset = now;
        }
    }

    /// Nanoseconds since 1970 UTC, as they were then.
    #[must_use]
    pub fn time_of_day(&self, boottime: u64) -> u64 {
        boottime.wrapping_add(self.offset_at(boottime))
    }

    fn offset_at(&self, boottime: u64) -> u64 {
        if self.earlier.is_empty() {
            return self.offset;
        }
        let gone = self
            .earlier
            .partition_point(|(until, _)| *until <= boottime);
        self.earlier.get(gone).map_or(self.offset, |(_, was)| *was)
    }
}

impl Default for Clock {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_namespace_is_ahead_or_behind_by_its_offset() {
        let of = |line: &str| ahead(&format!("monotonic           0         0\n{line}\n"));
        assert_eq!(
            of("boottime       86400         5"),
            Some(86_400_000_000_005)
        );
        let behind = of("boottime          -2 500000000");
        assert_eq!(behind, Some(1_500_000_000_u64.wrapping_neg()));
        assert_eq!(of("boottime"), None);
        assert_eq!(of(""), None);
    }

    #[test]
    fn what_was_dropped_before_the_clock_was_set_has_the_time_that_it_was() {
        let start = boottime();
        let mut clock = Clock::with_offset(7);
        // The machine's clock is another one.
        clock.refresh();
        assert_eq!(clock.time_of_day(start), start + 7);
        assert_eq!(clock.time_of_day(start - 1), start + 6);
        let later = boottime();
        assert!(clock.time_of_day(later) > later + 7);
    }
}
