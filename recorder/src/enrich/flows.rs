//! The flows that most drops were of, each with its reason, in bounded memory.

use std::{
    collections::HashMap,
    net::{IpAddr, Ipv4Addr},
};

use super::frequent::{Counted, Frequent};
use crate::identify::flow::Flow;

/// Flows that are kept.
const MAX: usize = 256;

/// A flow and the number of its drops' reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Dropped {
    /// Between whom.
    pub flow: Flow,
    /// As the caller numbers them.
    pub reason: usize,
}

/// Stands where nothing has come yet, and is never seen.
impl Default for Dropped {
    fn default() -> Self {
        let nobody = IpAddr::V4(Ipv4Addr::UNSPECIFIED);
        Self {
            flow: Flow::Internet {
                source: nobody,
                destination: nobody,
                protocol: 0,
                ports: None,
            },
            reason: usize::MAX,
        }
    }
}

/// The flows that most drops were of.
#[derive(Debug, Default)]
pub struct Flows {
    frequent: Frequent<Dropped, MAX>,
    places: HashMap<Dropped, usize>,
    /// The one that came last: drops come in runs.
    last: Option<(Dropped, usize)>,
}

impl Flows {
    /// Counts a drop.
    pub fn count(&mut self, flow: Flow, reason: usize) {
        let dropped = Dropped { flow, reason };
        let index = match self.last {
            Some((last, index)) if last == dropped => index,
            _ => match self.places.get(&dropped) {
                Some(index) => *index,
                None => self.add(dropped),
            },
        };
        self.last = Some((dropped, index));
        self.frequent.count(index);
    }

    fn add(&mut self, dropped: Dropped) -> usize {
        let index = self.frequent.place();
        let place = self.frequent.set(index);
        self.places.remove(place);
        *place = dropped;
        self.places.insert(dropped, index);
        index
    }

    /// The flows, that with most drops first.
    #[must_use]
    pub fn by_count(&self) -> Vec<&Counted<Dropped>> {
        self.frequent.by_count()
    }

    /// There may have been others.
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.frequent.kept().len() == MAX
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flow(host: u32) -> Flow {
        let source = IpAddr::V4(Ipv4Addr::from(host));
        Flow::Internet {
            source,
            destination: source,
            protocol: 17,
            ports: None,
        }
    }

    #[test]
    fn few_flows_are_counted_exactly_each_with_its_reason() {
        let mut flows = Flows::default();
        for (host, reason) in [(1, 0), (1, 0), (1, 1), (2, 0), (1, 0)] {
            flows.count(flow(host), reason);
        }
        let flows = flows.by_count();
        let counts: Vec<u64> = flows.iter().map(|flow| flow.at_least()).collect();
        assert_eq!(counts, [3, 1, 1]);
        assert_eq!((flows[0].flow, flows[0].reason), (flow(1), 0));
        assert!(flows.iter().all(|flow| flow.is_exact()));
    }

    #[test]
    fn a_flow_is_found_in_a_flood_from_everywhere_and_memory_stays_bounded() {
        let mut flows = Flows::default();
        for host in 0..100_000 {
            flows.count(flow(1000 + host), 0);
            if host % 20 == 0 {
                flows.count(flow(7), 0);
            }
        }
        assert!(flows.is_full());
        assert_eq!(
            (flows.places.len(), flows.frequent.kept().len()),
            (MAX, MAX)
        );
        let first = flows.by_count()[0];
        assert_eq!(first.flow, flow(7));
        assert!((1..=5000).contains(&first.at_least()));
    }
}
