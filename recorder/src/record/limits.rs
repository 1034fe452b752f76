//! Records of each kind only so many a second, or one of so many: `--rate` and `--sample`, as far as the kernel half leaves it
//! to this.
//!
//! It leaves out most. What it cannot judge by filters it passes on whole, and of a kind that several processors drop at the same
//! time it may pass on a few too many.

use std::collections::HashMap;

use droprec_ebpf::record::{FIRST, Kind, Record, UNJUDGED};

use crate::enrich::absent::Absent;

/// Kinds that are known. Beyond it they are all forgotten, and begin anew as they come; what is left out of a new one is only
/// counted.
const MAX_KINDS: usize = 16_384;
/// Nanoseconds of a second.
const SECOND: u64 = 1_000_000_000;

/// What is let in, and what each kind has come to.
#[derive(Debug, Default)]
pub(super) struct Limits {
    /// Records of a kind in a second at most; 0: as many as there are.
    rate: u64,
    /// Of so many drops of a kind one is let in; 0: each.
    sample: u64,
    /// With the kind, the packet's protocol.
    pasts: HashMap<(Kind, u16), Past>,
    /// How many were left out here, by kind.
    pub(super) left_out: HashMap<Kind, Absent>,
    /// And of all.
    pub(super) sum: u64,
}

/// What a kind has come to.
#[derive(Debug, Default)]
struct Past {
    /// Drops that the kernel half could not judge.
    drops: u64,
    /// Seconds of which it is known how many were let in, and how many: an even and an odd one, as what one processor dropped
    /// may come after what another one dropped later.
    seconds: [(u64, u64); 2],
}

impl Limits {
    /// Nothing was dropped yet.
    pub(super) fn new(rate: Option<u32>, sample: Option<u32>) -> Self {
        Self {
            rate: rate.unwrap_or(0).into(),
            sample: sample.unwrap_or(0).into(),
            ..Self::default()
        }
    }

    /// Lets a drop that filters want in, or counts it and says of which kind it is.
    pub(super) fn take(&mut self, record: &Record) -> Result<(), Kind> {
        if self.rate == 0 && self.sample == 0 {
            return Ok(());
        }
        // The stack and the modules tell none from another here.
        let own = Kind::of(record, FIRST);
        let kind = Kind {
            stack: 0,
            modules: 0,
            ..own
        };
        if self.pasts.len() >= MAX_KINDS {
            self.pasts.clear();
        }
        let past = self.pasts.entry((kind, record.protocol)).or_default();
        let is_let_in = past.is_sample(record, self.sample) && past.is_modest(record, self.rate);
        if is_let_in {
            return Ok(());
        }
        self.sum += 1;
        if self.left_out.len() < MAX_KINDS || self.left_out.contains_key(&own) {
            self.left_out.entry(own).or_default().limited += 1;
        }
        Err(own)
    }
}

impl Past {
    /// Whether it is the first of so many.
    fn is_sample(&mut self, record: &Record, sample: u64) -> bool {
        if sample == 0 || record.flags & UNJUDGED == 0 {
            return true;
        }
        let before = self.drops;
        self.drops += 1;
        before.is_multiple_of(sample)
    }

    /// Whether no more have been let in in its second.
    fn is_modest(&mut self, record: &Record, rate: u64) -> bool {
        if rate == 0 {
            return true;
        }
        let second = record.time / SECOND;
        let (of, records) = &mut self.seconds[(second % 2) as usize];
        if *of < second {
            (*of, *records) = (second, 0);
        }
        *records += 1;
        *of == second && *records <= rate
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(milliseconds: u64, protocol: u16, flags: u16) -> Record {
        Record {
            time: milliseconds * 1_000_000,
            protocol,
            flags,
            ..Record::default()
        }
    }

    #[test]
    fn no_second_has_more_of_a_kind_than_the_rate_though_what_was_dropped_before_comes_after() {
        let mut limits = Limits::new(Some(2), None);
        let mut takes = |time, protocol| limits.take(&record(time, protocol, 0)).is_ok();
        let at = [5000, 5999, 5999, 6000, 5998, 6001, 6002, 7000];
        let taken = at.map(|time| takes(time, 0x800));
        assert_eq!(taken, [true, true, false, true, false, true, false, true]);
        assert!(takes(5000, 0x86dd));
        assert_eq!(limits.sum, 3);
        let left_out: u64 = limits.left_out.values().map(|absent| absent.limited).sum();
        assert_eq!(left_out, 3);
    }

    #[test]
    fn only_of_what_the_kernel_half_could_not_judge_is_the_first_of_so_many_taken_here() {
        let mut limits = Limits::new(None, Some(3));
        let taken = [0; 7].map(|_| limits.take(&record(0, 0x800, UNJUDGED)).is_ok());
        assert_eq!(taken, [true, false, false, true, false, false, true]);
        assert!((0..7).all(|_| limits.take(&record(0, 0x800, 0)).is_ok()));
    }
}
