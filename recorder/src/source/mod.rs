//! Where records come from.

pub mod clock;
pub mod file;
mod lanes;
pub mod rests;
pub mod ring;
mod turns;

use std::io;

use aya::maps::{Map, MapData, PerfEventArray};
use droprec_ebpf::{
    item::Item,
    record::{Met, Owner, Record},
};

use self::{
    clock::boottime,
    lanes::Lanes,
    rests::Rests,
    ring::Ring,
    turns::{Turns, Whose, Written},
};

/// What the kernel half has told of a drop.
#[derive(Clone, Copy, Debug)]
pub struct Raw<'a> {
    /// What it read of the skb.
    pub record: &'a Record,
    /// The socket that it is of or for.
    pub owner: Option<&'a Owner>,
    /// The first bytes of the frame, as far as the record has them.
    pub bytes: &'a [u8],
    /// The bytes from `skb->data` on, where the record has not all.
    pub rest: Option<&'a [u8]>,
}

/// What comes next.
#[derive(Clone, Copy, Debug)]
pub enum Next<'a> {
    /// A drop.
    Drop(&'a Raw<'a>),
    /// A module was loaded: how many it were so far.
    Module(u32),
    /// The interface that the first drop of a kind was at, where drops are only counted.
    Met(&'a Met),
    /// An item of the ring is shorter than it says, which no kernel half of this version makes.
    Damaged,
}

/// The live source: what the kernel half writes, in the order that it happened.
pub struct Source {
    written: Records,
    rests: Rests,
    turns: Turns,
}

/// Where the records are.
struct Records {
    ring: Ring,
    lanes: Lanes,
}

impl Written for Records {
    fn now(&self) -> u64 {
        boottime()
    }

    fn look(&mut self) -> usize {
        self.ring.look();
        self.lanes.look();
        self.lanes.count()
    }

    fn time(&mut self, whose: Whose) -> Option<u64> {
        match whose {
            Whose::Ring => self.ring.time(),
            Whose::Lane(lane) => self.lanes.time(lane),
        }
    }

    fn is_busy(&mut self) -> bool {
        self.ring.is_busy()
    }
}

impl Source {
    /// What the kernel half's maps hold. Must be called within the runtime.
    pub fn new(ring: Map, lanes: &Map, rests: Option<PerfEventArray<MapData>>) -> io::Result<Self> {
        Ok(Self {
            written: Records {
                ring: Ring::new(ring)?,
                lanes: Lanes::new(lanes)?,
            },
            rests: rests.map(Rests::open).unwrap_or_default(),
            turns: Turns::default(),
        })
    }

    /// Why packets are captured only as far as they are in one piece, where that is so.
    #[must_use]
    pub fn lacks(&self) -> Option<&str> {
        self.rests.lacks.as_deref()
    }

    /// Hands what comes next to `take`, and gives its place back to the kernel. `None`: there is nothing.
    pub fn next<T>(&mut self, take: impl FnOnce(Next<'_>) -> T) -> Option<T> {
        let Self {
            written,
            rests,
            turns,
        } = self;
        let whose = turns.next(written)?;
        // Whoever looks at a record looks at it where it is: to copy it takes as long as to read it.
        let take = |item: &[u8]| match &Item::parse(item) {
            None => take(Next::Damaged),
            Some(Item::Module(notice)) => take(Next::Module(notice.modules)),
            Some(Item::Met(met)) => take(Next::Met(met)),
            Some(Item::Drop {
                record,
                owner,
                bytes,
            }) => take(Next::Drop(&Raw {
                record,
                owner: owner.as_ref(),
                bytes,
                rest: rests.of(record),
            })),
        };
        match whose {
            Whose::Ring => written.ring.next(take),
            Whose::Lane(lane) => written.lanes.next(lane, take),
        }
    }

    /// How much of the ring is to be read yet, in thousandths: of what lanes have no room for.
    #[must_use]
    pub fn full(&self) -> usize {
        self.written.ring.full()
    }

    /// Waits until the kernel half wakes the reader.
    pub async fn woken(&self) -> io::Result<()> {
        self.written.ring.woken().await
    }
}
