//! How much of a processor droprec takes in a flood: all of its threads together no more than `--max-cpu` says.
//!
//! What is over the limit is not read: it waits in the ring, whose own limit bounds it, and what finds no room there is counted
//! as lost. Rare kinds of drops have room of their own (`recorder-ebpf/src/kernel/fair.rs`).

use std::time::{Duration, Instant};

use rustix::time::{ClockId, clock_gettime};

/// Time that was not used is kept for so long: a recording that has slept for an hour may not take all of a processor for the
/// next.
const KEPT: Duration = Duration::from_millis(200);

/// What was spent beyond the limit is waited for so long: it may have been for something else than reading.
const OWED: Duration = Duration::from_secs(2);

/// What may be spent of a processor's time.
#[derive(Debug)]
pub(super) struct Budget {
    /// Of one processor's time.
    percent: u32,
    /// Processor time up to which it may be spent, as it was at `looked`.
    limit: Duration,
    looked: Instant,
}

impl Budget {
    /// So many percent of one processor, from now on.
    pub(super) fn new(percent: u32) -> Self {
        Self {
            percent,
            limit: spent(),
            looked: Instant::now(),
        }
    }

    /// Whether there is time to spend.
    pub(super) fn allows(&mut self) -> bool {
        self.allows_at(Instant::now(), spent())
    }

    fn allows_at(&mut self, now: Instant, spent: Duration) -> bool {
        let earned = self.part(now.duration_since(self.looked));
        self.looked = now;
        let (least, most) = (
            spent.saturating_sub(self.part(OWED)),
            spent + self.part(KEPT),
        );
        self.limit = (self.limit + earned).clamp(least, most);
        spent < self.limit
    }

    /// The budget of a time.
    fn part(&self, time: Duration) -> Duration {
        time * self.percent / 100
    }
}

/// What this process has spent of the processors' time.
fn spent() -> Duration {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    Duration::try_from(time).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_spent_beyond_the_limit_has_to_be_waited_for_and_what_was_not_is_soon_forgotten() {
        let began = Instant::now();
        let millis = Duration::from_millis;
        let mut budget = Budget {
            percent: 25,
            limit: millis(1000),
            looked: began,
        };
        let mut allows = |at, spent| budget.allows_at(began + millis(at), millis(spent));
        assert!(allows(100, 1000));
        assert!(allows(100, 1024));
        assert!(!allows(100, 1050));
        assert!(!allows(200, 1050));
        assert!(allows(204, 1050));
        // After an hour there are 50 ms to spend, and no more.
        assert!(allows(3_600_000, 1060));
        assert!(allows(3_600_000, 1109));
        assert!(!allows(3_600_000, 1110));
        // What takes a minute is not paid for by four.
        assert!(!allows(3_600_001, 61_110));
        assert!(!allows(3_601_999, 61_110));
        assert!(allows(3_602_005, 61_110));
    }
}
