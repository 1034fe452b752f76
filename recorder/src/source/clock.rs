//! From the kernel half's clock to the time of day.

use rustix::time::{ClockId, Timespec, clock_gettime};

/// From which difference on, in nanoseconds, the time of day was set: more than two measurements of it ever differ by, less
/// than anybody sets a clock by.
const STEP: u64 = 1_000_000;
/// How long a measurement may take, in nanoseconds; in a longer one something came between.
const QUICK: u64 = 20_000;
const TRIES: usize = 10;

/// What `CLOCK_BOOTTIME` has to be added to, to give `CLOCK_REALTIME`, in nanoseconds.
#[derive(Debug)]
pub struct Clock {
    offset: u64,
}

fn nanoseconds(time: Timespec) -> u64 {
    (time.tv_sec.cast_unsigned())
        .wrapping_mul(1_000_000_000)
        .wrapping_add(time.tv_nsec.cast_unsigned())
}

/// Nanoseconds of `CLOCK_BOOTTIME` now: when a drop of this moment would be.
#[must_use]
pub fn boottime() -> u64 {
    nanoseconds(clock_gettime(ClockId::Boottime))
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
        Self { offset: measure() }
    }

    /// Clocks that are `offset` nanoseconds apart.
    #[must_use]
    pub fn with_offset(offset: u64) -> Self {
        Self { offset }
    }

    /// Measures again. The kernel slews both clocks alike, so only a clock that was set changes anything; without one, the
    /// times of packets stay as evenly spaced as they were.
    pub fn refresh(&mut self) {
        let now = measure();
        if now.abs_diff(self.offset) > STEP {
            self.offset = now;
        }
    }

    /// Nanoseconds since 1970 UTC.
    #[must_use]
    pub fn time_of_day(&self, boottime: u64) -> u64 {
        boottime.wrapping_add(self.offset)
    }
}

impl Default for Clock {
    fn default() -> Self {
        Self::new()
    }
}
