use std::collections::VecDeque;

use super::*;

/// How the item is written that the ring has and nobody may read yet.
const BUSY: u64 = u64::MAX;

/// Times of items that were written, and how many of them were there at the last look.
#[derive(Default)]
struct Times {
    clock: u64,
    ring: VecDeque<u64>,
    lanes: Vec<VecDeque<u64>>,
    /// Those of the ring, and those of each lane.
    seen: Vec<usize>,
    /// What is written while it is looked, when the ring was looked at already.
    meanwhile: Vec<(Whose, u64)>,
}

impl Times {
    fn of(ring: &[u64], lanes: &[&[u64]]) -> Self {
        Self {
            clock: 1_000_000,
            ring: ring.iter().copied().collect(),
            lanes: lanes
                .iter()
                .map(|lane| lane.iter().copied().collect())
                .collect(),
            seen: vec![0; lanes.len() + 1],
            ..Self::default()
        }
    }

    fn queue(&mut self, whose: Whose) -> (&mut VecDeque<u64>, &mut usize) {
        match whose {
            Whose::Ring => (&mut self.ring, &mut self.seen[0]),
            Whose::Lane(lane) => (&mut self.lanes[lane], &mut self.seen[lane + 1]),
        }
    }

    /// Reads all that may be read.
    fn read(&mut self, turns: &mut Turns) -> Vec<u64> {
        let mut read = Vec::new();
        while let Some(whose) = turns.next(self) {
            let (queue, seen) = self.queue(whose);
            assert!(*seen > 0, "it was not there at the last look");
            *seen -= 1;
            read.extend(queue.pop_front());
        }
        read
    }
}

impl Written for Times {
    fn now(&self) -> u64 {
        self.clock
    }

    fn look(&mut self) -> usize {
        self.seen[0] = self.ring.len();
        for (whose, time) in std::mem::take(&mut self.meanwhile) {
            self.queue(whose).0.push_back(time);
        }
        for lane in 0..self.lanes.len() {
            self.seen[lane + 1] = self.lanes[lane].len();
        }
        self.lanes.len()
    }

    fn time(&mut self, whose: Whose) -> Option<u64> {
        let (queue, seen) = self.queue(whose);
        let first = queue.front().filter(|_| *seen > 0)?;
        (*first != BUSY).then_some(*first)
    }

    fn is_busy(&mut self) -> bool {
        self.seen[0] > 0 && self.ring.front() == Some(&BUSY)
    }
}

#[test]
fn what_is_there_is_read_in_the_order_that_it_happened_and_all_of_it() {
    let mut times = Times::of(&[4, 7, 8, 12], &[&[1, 2, 9], &[], &[3, 5, 6, 10, 11]]);
    let read = times.read(&mut Turns::default());
    assert_eq!(read, (1..=12).collect::<Vec<_>>());
}

#[test]
fn what_was_dropped_while_it_was_looked_comes_after_what_is_seen_at_the_next_look() {
    let (mut times, mut turns) = (Times::of(&[1], &[&[2]]), Turns::default());
    times.clock = 10;
    // Another came into the ring at 11, when that was looked at already.
    times.meanwhile = vec![(Whose::Lane(0), 12)];
    assert_eq!(turns.next(&mut times), Some(Whose::Ring));
    times.ring.push_back(11);
    times.clock = 20;
    assert_eq!(times.read(&mut turns), [1, 2, 11, 12]);
}

#[test]
fn nothing_goes_past_an_item_of_the_ring_that_is_being_written_still() {
    let (mut times, mut turns) = (Times::of(&[1, BUSY, 4], &[&[2, 5]]), Turns::default());
    assert_eq!(times.read(&mut turns), [1]);
    assert!(times.read(&mut turns).is_empty());
    times.ring[0] = 3;
    assert_eq!(times.read(&mut turns), [2, 3, 4, 5]);
}

#[test]
fn nor_past_one_that_was_begun_while_it_was_looked() {
    let (mut times, mut turns) = (Times::of(&[], &[&[]]), Turns::default());
    times.clock = 10;
    times.meanwhile = vec![(Whose::Ring, BUSY), (Whose::Lane(0), 12)];
    assert!(times.read(&mut turns).is_empty());
    times.ring[0] = 11;
    assert_eq!(times.read(&mut turns), [11, 12]);
}

#[test]
fn all_is_read_also_where_this_processs_clock_is_not_the_kernels() {
    for clock in [0, u64::MAX] {
        let mut times = Times::of(&[4, 6], &[&[5, 7]]);
        times.clock = clock;
        assert_eq!(times.read(&mut Turns::default()), [4, 5, 6, 7]);
    }
}
