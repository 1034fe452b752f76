//! The map in which the kernel half keeps call stacks, each once, by its fingerprint.

use aya::maps::{HashMap, MapData};
use droprec_ebpf::record::MAX_FRAMES;

/// For how many stacks there is room, each of half a KiB: far more than a host's drops have within the time that a record is on
/// its way.
pub const ROOM: u32 = 16_384;

/// The kernel half's stacks.
#[derive(Debug)]
pub struct Stacks(HashMap<MapData, u64, [u64; MAX_FRAMES]>);

impl Stacks {
    /// The stacks of this map.
    #[must_use]
    pub fn new(map: HashMap<MapData, u64, [u64; MAX_FRAMES]>) -> Self {
        Self(map)
    }

    /// The addresses that a stack's functions were to return to, the innermost first. `None`: it has given way to others.
    #[must_use]
    pub fn addresses(&self, fingerprint: u64) -> Option<Vec<u64>> {
        let stack = self.0.get(&fingerprint, 0).ok()?;
        Some(
            stack
                .into_iter()
                .take_while(|address| *address != 0)
                .collect(),
        )
    }
}
