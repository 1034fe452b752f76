//! How many drops of each reason there were when, in bounded memory whatever the time from the first to the last.

/// Spans of time that are kept apart.
const MAX: usize = 240;
/// Nanoseconds.
const MILLI: u64 = 1_000_000;
const SECOND: u64 = 1000 * MILLI;
const MINUTE: u64 = 60 * SECOND;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

/// How long a span may be: round numbers, each so many times the one before it, so that spans can be merged. With the last one
/// `MAX` are enough for all times that 64 bits have.
const WIDTHS: [u64; 22] = [
    MILLI,
    2 * MILLI,
    10 * MILLI,
    20 * MILLI,
    100 * MILLI,
    200 * MILLI,
    SECOND,
    2 * SECOND,
    10 * SECOND,
    30 * SECOND,
    MINUTE,
    2 * MINUTE,
    10 * MINUTE,
    30 * MINUTE,
    HOUR,
    2 * HOUR,
    6 * HOUR,
    12 * HOUR,
    DAY,
    10 * DAY,
    100 * DAY,
    1000 * DAY,
];

/// Drops by time and reason.
#[derive(Debug, Default)]
pub struct Timeline {
    /// Which of `WIDTHS`.
    width: usize,
    /// The first span's number, counted from 1970 UTC.
    first: u64,
    /// From the first to the last that has a drop: how many of each reason.
    spans: Vec<Vec<u64>>,
    /// Drops without a time.
    undated: u64,
}

impl Timeline {
    /// Counts a drop: when it was, nanoseconds since 1970 UTC, and the number of its reason.
    pub fn count(&mut self, time: Option<u64>, reason: usize) {
        let Some(time) = time else {
            self.undated += 1;
            return;
        };
        if self.spans.is_empty() {
            self.first = time / self.width();
            self.spans.push(Vec::new());
        }
        let mut number = time / self.width();
        // Those of several processors come in turn, and so may those of several sections.
        while number.max(self.last()) - number.min(self.first) >= MAX as u64 {
            self.merge();
            number = time / self.width();
        }
        if number < self.first {
            let before = self.first - number;
            self.spans.splice(..0, (0..before).map(|_| Vec::new()));
            self.first = number;
        }
        let index = (number - self.first) as usize;
        if index >= self.spans.len() {
            self.spans.resize(index + 1, Vec::new());
        }
        let span = &mut self.spans[index];
        if reason >= span.len() {
            span.resize(reason + 1, 0);
        }
        span[reason] += 1;
    }

    fn last(&self) -> u64 {
        self.first + self.spans.len() as u64 - 1
    }

    /// Makes longer spans of them.
    fn merge(&mut self) {
        let factor = WIDTHS[self.width + 1] / WIDTHS[self.width];
        let first = self.first / factor;
        let mut merged: Vec<Vec<u64>> = Vec::new();
        for (number, span) in (self.first..).zip(&self.spans) {
            let index = (number / factor - first) as usize;
            if index == merged.len() {
                merged.push(Vec::new());
            }
            let into = &mut merged[index];
            into.resize(into.len().max(span.len()), 0);
            for (sum, count) in into.iter_mut().zip(span) {
                *sum += count;
            }
        }
        self.width += 1;
        self.first = first;
        self.spans = merged;
    }

    /// How long a span is, in nanoseconds.
    #[must_use]
    pub fn width(&self) -> u64 {
        WIDTHS[self.width]
    }

    /// When the first span begins, nanoseconds since 1970 UTC.
    #[must_use]
    pub fn start(&self) -> u64 {
        self.first * self.width()
    }

    /// From the first to the last that has a drop: how many of each reason, of as many reasons as have any there.
    #[must_use]
    pub fn spans(&self) -> &[Vec<u64>] {
        &self.spans
    }

    /// Drops that the file gives no time.
    #[must_use]
    pub fn undated(&self) -> u64 {
        self.undated
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(times: &[u64]) -> Timeline {
        let mut timeline = Timeline::default();
        for (number, time) in times.iter().enumerate() {
            timeline.count(Some(*time), number % 2);
        }
        timeline
    }

    fn sum(timeline: &Timeline) -> u64 {
        timeline.spans.iter().flatten().sum()
    }

    #[test]
    fn each_width_is_a_multiple_of_the_one_before_it() {
        for two in WIDTHS.windows(2) {
            assert!(two[1] > two[0] && two[1].is_multiple_of(two[0]), "{two:?}");
        }
        assert!(u64::MAX / WIDTHS[WIDTHS.len() - 1] < MAX as u64);
    }

    #[test]
    fn drops_of_a_moment_are_kept_apart_by_the_millisecond() {
        let start = 1_795_000_000 * SECOND;
        let timeline = of(&[start, start + 999_999, start + 3 * MILLI]);
        assert_eq!((timeline.start(), timeline.width()), (start, MILLI));
        assert_eq!(timeline.spans, [vec![1, 1], vec![], vec![], vec![1]]);
    }

    #[test]
    fn spans_merge_so_that_no_drop_is_missing_and_their_number_is_bounded() {
        for period in [SECOND, 59 * SECOND, 7 * HOUR, 400 * DAY] {
            let start = 1_500_000_000 * SECOND + 123_456_789;
            let times: Vec<u64> = (0..10_000).map(|n| start + period / 10_000 * n).collect();
            let timeline = of(&times);
            assert_eq!(sum(&timeline), 10_000);
            assert!((40..=MAX).contains(&timeline.spans.len()), "{period}");
            assert!(timeline.start() <= start && start < timeline.start() + timeline.width());
        }
    }

    #[test]
    fn the_order_that_drops_come_in_makes_no_difference() {
        let start = 1_500_000_000 * SECOND;
        let times: Vec<u64> = (0..2000).map(|n| start + n * 7 * SECOND).collect();
        let mut backwards = times.clone();
        backwards.reverse();
        let (forth, back) = (of(&times), of(&backwards));
        assert_eq!((forth.start(), forth.width()), (back.start(), back.width()));
        let by_span = |timeline: &Timeline| -> Vec<u64> {
            timeline
                .spans
                .iter()
                .map(|span| span.iter().sum())
                .collect()
        };
        assert_eq!(by_span(&forth), by_span(&back));
    }

    #[test]
    fn all_of_time_has_room() {
        let timeline = of(&[u64::MAX, 0, 1_500_000_000 * SECOND]);
        assert_eq!(sum(&timeline), 3);
        assert!(timeline.spans.len() <= MAX);
    }

    #[test]
    fn a_drop_without_a_time_is_counted_apart() {
        let mut timeline = Timeline::default();
        timeline.count(None, 0);
        assert_eq!((timeline.undated(), timeline.spans.len()), (1, 0));
    }
}
