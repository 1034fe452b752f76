//! The frames that were dropped most often at a place, in bounded memory.

use super::frequent::{Counted, Frequent};

/// Frames that are kept.
const MAX: usize = 8;

/// A frame, and how often it was dropped.
pub type Frame = Counted<Seen>;

/// What is seen of a frame.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    /// What it is, in words.
    pub what: String,
    /// `skb->protocol` in host order, where it is known.
    pub protocol: Option<u16>,
}

/// The most frequent frames.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Frames {
    frequent: Frequent<Seen, MAX>,
    /// The one that came last: drops come in runs.
    last: usize,
}

impl Frames {
    /// Counts one.
    pub fn count(&mut self, what: &str, protocol: Option<u16>) {
        let is = |seen: &Seen| seen.protocol == protocol && seen.what == what;
        let kept = self.frequent.kept();
        if !kept.get(self.last).is_some_and(|kept| is(kept)) {
            let known = kept.iter().position(|kept| is(kept));
            self.last = known.unwrap_or_else(|| self.add(what, protocol));
        }
        self.frequent.count(self.last);
    }

    fn add(&mut self, what: &str, protocol: Option<u16>) -> usize {
        let index = self.frequent.place();
        let seen = self.frequent.set(index);
        // In the memory that the one before it had.
        seen.what.clear();
        seen.what.push_str(what);
        seen.protocol = protocol;
        index
    }

    /// Those that surely came, the most frequent first.
    #[must_use]
    pub fn by_count(&self) -> Vec<&Frame> {
        self.frequent.by_count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(frames: &Frames) -> Vec<(&str, u64, bool)> {
        let frames = frames.by_count();
        frames
            .iter()
            .map(|frame| (frame.what.as_str(), frame.at_least(), frame.is_exact()))
            .collect()
    }

    #[test]
    fn few_kinds_of_frames_are_counted_exactly() {
        let mut frames = Frames::default();
        for what in ["b", "a", "a", "b", "a"] {
            frames.count(what, Some(4));
        }
        assert_eq!(told(&frames), [("a", 3, true), ("b", 2, true)]);
    }

    #[test]
    fn a_frame_that_comes_again_and_again_is_found_among_a_flood_of_others() {
        let mut frames = Frames::default();
        for number in 0..10_000 {
            frames.count(&format!("flood {number}"), None);
            if number % 4 == 0 {
                frames.count("regular", None);
            }
        }
        let (what, count, _) = told(&frames)[0];
        assert_eq!(what, "regular");
        assert!((1250..=2500).contains(&count), "{count} of 2500");
        assert_eq!(frames.frequent.kept().len(), MAX);
    }

    #[test]
    fn no_frame_is_said_to_have_come_more_often_than_it_did() {
        let mut frames = Frames::default();
        for number in 0..1000 {
            frames.count(&format!("{}", number % 20), None);
        }
        for (what, count, _) in told(&frames) {
            assert!(count <= 50, "{what}: {count}");
        }
    }
}
