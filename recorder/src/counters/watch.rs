//! Reads the counters of all namespaces on a thread of its own: at the start, of new ones as they are met, and at the end.
//!
//! A driver may take its time to answer, or the kernel to give a lock away; neither keeps a recording waiting for long.

use std::{
    collections::HashSet,
    sync::mpsc::{Receiver, Sender, channel},
    thread,
    time::{Duration, Instant},
};

use rustix::thread::CapabilitySet;

use super::{
    Rise,
    namespaces::{HOST, MOST},
    readings::Readings,
};
use crate::{kernel::namespaces::Namespaces, privileges};

/// How long a recording waits for the first readings before it is armed, and for those before its end. Namespaces that are
/// read later are so with their time.
const PATIENCE: Duration = Duration::from_millis(100);
/// First readings that took no longer are made once more just before the recording is armed: the less time in between, the
/// fewer drops that are counted and not recorded.
const QUICK: Duration = Duration::from_millis(20);
/// Interfaces that are looked at as they are met.
const MOST_MET: usize = 1024;
/// How long it waits for the last ones.
const END: Duration = Duration::from_secs(5);

/// The thread, at work.
#[derive(Debug)]
pub struct Watch {
    orders: Sender<Order>,
    /// A first reading, or one before the end, is made.
    made: Receiver<()>,
    outcome: Receiver<Outcome>,
    /// Namespaces that were met.
    known: HashSet<u32>,
    /// And interfaces in them.
    met: HashSet<(u32, u32)>,
}

/// What the thread is to do.
enum Order {
    /// To read all once more if that is quick: the recording is about to begin.
    Arming,
    /// To make the first reading of this namespace, and of this interface in it.
    Meet(u32, u32),
    /// To read all once more: the recording has begun.
    Armed,
    /// And again: it is about to end.
    Ending,
    /// That was not done in time.
    TooLate,
}

/// What the counters did.
#[derive(Debug, Default)]
pub struct Outcome {
    /// Those that rose. Labels are the interfaces' own names.
    pub rises: Vec<Rise>,
    /// What could not be read, and why.
    pub lacks: Vec<String>,
}

impl Watch {
    /// Begins to read in these namespaces, by inode number; none: in all that there are. `None`: there is no thread for it.
    #[must_use]
    pub fn start(namespaces: Namespaces, wanted: Vec<u32>) -> Option<Self> {
        let (orders, to_do) = channel();
        let (has_made, made) = channel();
        let (done, outcome) = channel();
        let work = move || {
            // The keeper of namespaces has those that it takes. Where one cannot be given up, none is used.
            let _ = privileges::reduce_to(CapabilitySet::empty());
            let mut readings = Readings::new(namespaces);
            let began = Instant::now();
            readings.first(|inode| wanted.is_empty() || inode == HOST || wanted.contains(&inode));
            let is_quick = began.elapsed() <= QUICK;
            // Whoever waited may be gone.
            let _ = has_made.send(());
            for order in to_do {
                match order {
                    Order::Arming => {
                        if is_quick {
                            readings.again();
                        }
                        let _ = has_made.send(());
                    }
                    Order::Meet(inode, ifindex) => readings.meet(inode, ifindex),
                    Order::Armed => readings.armed(),
                    Order::Ending => {
                        readings.ending();
                        let _ = has_made.send(());
                    }
                    Order::TooLate => readings.too_late(),
                }
            }
            let _ = done.send(readings.last());
        };
        thread::Builder::new()
            .name("droprec-counters".to_owned())
            .spawn(work)
            .ok()?;
        Some(Self {
            orders,
            made,
            outcome,
            known: HashSet::new(),
            met: HashSet::new(),
        })
    }

    /// The recording is about to be armed: waits for the first readings, but not for long.
    pub fn arming(&self) {
        if self.made.recv_timeout(PATIENCE).is_ok() {
            let _ = self.orders.send(Order::Arming);
            let _ = self.made.recv_timeout(PATIENCE);
        }
    }

    /// The recording is armed.
    pub fn armed(&self) {
        let _ = self.orders.send(Order::Armed);
    }

    /// The recording is about to end: has all read once more, and waits for that, but not for long.
    pub fn ending(&self) {
        // One that came late is not the one that is waited for.
        while self.made.try_recv().is_ok() {}
        let _ = self.orders.send(Order::Ending);
        if self.made.recv_timeout(PATIENCE).is_err() {
            let _ = self.orders.send(Order::TooLate);
        }
    }

    /// A drop came from this interface of this namespace, or may come. If either is new, its counters are read from now on.
    pub fn meet(&mut self, inode: u32, ifindex: u32) {
        if inode == 0 {
            return;
        }
        let is_new = self.known.len() < MOST && self.known.insert(inode);
        let is_known = self.known.contains(&inode);
        let is_met = is_known && self.met.len() < MOST_MET && self.met.insert((inode, ifindex));
        if is_new || is_met {
            let _ = self.orders.send(Order::Meet(inode, ifindex));
        }
    }

    /// The last readings, and what rose. `armed`: when the recording began, in nanoseconds since 1970 UTC.
    #[must_use]
    pub fn finish(self, armed: u64) -> Outcome {
        drop(self.orders);
        let mut outcome = self.outcome.recv_timeout(END).unwrap_or_else(|_| Outcome {
            rises: Vec::new(),
            lacks: vec!["they could not be read in time".to_owned()],
        });
        for rise in &mut outcome.rises {
            rise.since = rise.since.filter(|since| *since > armed);
        }
        outcome
    }
}
