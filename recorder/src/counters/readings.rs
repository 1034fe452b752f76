//! The readings of all namespaces: when a recording begins, just after it has begun, just before it ends, and when it has.

use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

use super::{
    Rise,
    namespaces::{self, MOST},
    reading::{Key, Reading},
    rises,
    watch::Outcome,
};
use crate::kernel::namespaces::Namespaces;

/// How long it may take to read all namespaces once, and to ask drivers in them, which come last: with very many of them, or
/// where others keep the kernel's lock, the rest is left out.
const PASS: Duration = Duration::from_secs(1);
const DRIVERS: Duration = Duration::from_millis(250);

/// What was read so far.
pub(super) struct Readings {
    namespaces: Namespaces,
    /// By the inode numbers of the namespaces.
    all: BTreeMap<u32, Series>,
    /// Namespaces that could not be read.
    failed: usize,
    lacks: Vec<String>,
}

/// The readings of a namespace.
struct Series {
    first: Reading,
    /// Just after the recording had begun; none: the first one was made later than that.
    armed: Option<Reading>,
    /// Just before it ended; none: it was not made in time.
    ending: Option<Reading>,
}

impl Readings {
    /// There are none yet.
    pub(super) fn new(namespaces: Namespaces) -> Self {
        Self {
            namespaces,
            all: BTreeMap::new(),
            failed: 0,
            lacks: Vec::new(),
        }
    }

    /// Makes the first reading of such namespaces, as far as it is not made yet.
    pub(super) fn first(&mut self, is_wanted: impl Fn(u32) -> bool) {
        let (mut left_out, mut why, began) = (0, None, Instant::now());
        for inode in namespaces::all(&self.namespaces) {
            if !is_wanted(inode) || self.all.contains_key(&inode) {
                continue;
            }
            if self.all.len() + self.failed > MOST || began.elapsed() > PASS {
                left_out += 1;
                continue;
            }
            match namespaces::read(&self.namespaces, inode, began + DRIVERS) {
                Ok(mut first) => {
                    self.lacks.append(&mut first.lacks);
                    let series = Series {
                        first,
                        armed: None,
                        ending: None,
                    };
                    self.all.insert(inode, series);
                }
                Err(error) => {
                    self.failed += 1;
                    why.get_or_insert(error);
                }
            }
        }
        if let Some(why) = why {
            self.lacks
                .push(format!("of {} network namespaces: {why:#}", self.failed));
        }
        if left_out > 0 {
            self.lacks.push(format!(
                "{left_out} network namespaces are left out: counters of {MOST} are read at most, as far as that takes a second"
            ));
        }
    }

    /// Makes the first reading of an interface, which may have come later than its namespace's.
    pub(super) fn meet(&mut self, inode: u32, ifindex: u32) {
        match self.all.get_mut(&inode) {
            Some(series) if ifindex != 0 && !series.first.links.contains_key(&ifindex) => {
                let until = Instant::now() + DRIVERS;
                if let Ok(mut now) = namespaces::read(&self.namespaces, inode, until) {
                    self.lacks.append(&mut now.lacks);
                    series.first.add(now);
                }
            }
            Some(_) => {}
            None => self.first(|of| of == inode),
        }
    }

    /// Makes the first readings again.
    pub(super) fn again(&mut self) {
        self.each(|_, series, now| series.first = now);
    }

    /// The recording has begun.
    pub(super) fn armed(&mut self) {
        self.each(|_, series, now| series.armed = Some(now));
    }

    /// The recording is about to end.
    pub(super) fn ending(&mut self) {
        self.each(|_, series, now| series.ending = Some(now));
    }

    /// It had ended before that was read.
    pub(super) fn too_late(&mut self) {
        for series in self.all.values_mut() {
            series.ending = None;
        }
    }

    /// What rose from the first to the last readings, which it makes.
    pub(super) fn last(mut self) -> Outcome {
        let mut all = Vec::new();
        let mut lacks = self.each(|inode, series, last| {
            let Series {
                first,
                armed,
                ending,
            } = series;
            let before_end = ending.as_ref().or(armed.as_ref()).unwrap_or(first);
            let early = armed.as_ref().map(|armed| amounts(first, armed));
            let late = amounts(before_end, &last);
            for (key, mut rise) in rises::between(first, &last, inode).unwrap_or_default() {
                let of = |amounts: &BTreeMap<Key, u64>| amounts.get(&key).copied().unwrap_or(0);
                rise.margin = of(&late) + early.as_ref().map_or(0, of);
                rise.since = Some(first.read_at(&key));
                all.push(rise);
            }
        });
        lacks.append(&mut self.lacks);
        lacks.sort();
        lacks.dedup();
        Outcome { rises: all, lacks }
    }

    /// Reads those namespaces again that were read before and still are there. Tells what could not be read.
    fn each(&mut self, mut take: impl FnMut(u32, &mut Series, Reading)) -> Vec<String> {
        let (mut lacks, began) = (Vec::new(), Instant::now());
        for inode in namespaces::all(&self.namespaces) {
            let Some(series) = self.all.get_mut(&inode) else {
                continue;
            };
            if began.elapsed() > PASS {
                lacks.push("some network namespaces could not be read in time".to_owned());
                break;
            }
            if let Ok(mut reading) = namespaces::read(&self.namespaces, inode, began + DRIVERS) {
                lacks.append(&mut reading.lacks);
                take(inode, series, reading);
            }
        }
        lacks
    }
}

/// By how much each counter rose.
fn amounts(before: &Reading, after: &Reading) -> BTreeMap<Key, u64> {
    let rises = rises::between(before, after, 0).unwrap_or_default();
    let amount = |(key, rise): (Key, Rise)| (key, rise.by());
    rises.into_iter().map(amount).collect()
}
