//! When drops of each reason were, and of which flows they were: what the table does not tell.

use super::{flows::Flows, timeline::Timeline};
use crate::identify::flow::Flow;

/// Reasons that are kept apart; what comes after them is the last one's.
const MAX: usize = 64;
/// What stands for the reasons that are not kept apart.
const OTHERS: &str = "(others)";

/// When drops were, and of which flows.
#[derive(Debug, Default)]
pub struct History {
    reasons: Vec<String>,
    /// Drops over time.
    pub timeline: Timeline,
    /// The flows of most drops.
    pub flows: Flows,
}

impl History {
    /// The number of a reason, or of whatever else stands for why drops are.
    pub fn reason(&mut self, name: &str) -> usize {
        if let Some(number) = self.reasons.iter().position(|reason| reason == name) {
            return number;
        }
        if self.reasons.len() < MAX {
            let is_last = self.reasons.len() == MAX - 1;
            let name = if is_last { OTHERS } else { name };
            self.reasons.push(name.to_owned());
        }
        self.reasons.len() - 1
    }

    /// Counts a drop: when it was, nanoseconds since 1970 UTC, the number of its reason, and its flow.
    pub fn count(&mut self, time: Option<u64>, reason: usize, flow: Option<Flow>) {
        self.timeline.count(time, reason);
        if let Some(flow) = flow {
            self.flows.count(flow, reason);
        }
    }

    /// The reasons by their numbers.
    #[must_use]
    pub fn reasons(&self) -> &[String] {
        &self.reasons
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_beyond_the_most_share_the_last_number() {
        let mut history = History::default();
        for number in 0..200 {
            let name = format!("R{number}");
            assert_eq!(history.reason(&name), number.min(MAX - 1));
        }
        assert_eq!(history.reason("R5"), 5);
        assert_eq!(history.reasons()[MAX - 1], OTHERS);
    }
}
