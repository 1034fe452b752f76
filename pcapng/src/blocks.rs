//! Walks whole blocks in memory by their lengths alone.

use std::ops::Range;

use crate::block_type;

/// One block found by [`blocks`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// Its type, see [`block_type`].
    pub block_type: u32,
    /// The interface of an Enhanced Packet Block; `None` for every other block.
    pub interface: Option<u32>,
    /// The time of an Enhanced Packet Block, in the units of its interface; `None` for every other block.
    pub timestamp: Option<u64>,
    /// Its bytes, counted from the start of the slice.
    pub bytes: Range<usize>,
}

/// The iterator that [`blocks`] returns.
#[derive(Debug, Clone)]
pub struct Blocks<'a> {
    bytes: &'a [u8],
    whole: usize,
}

/// Walks the whole blocks at the start of `bytes`, which are in native byte order and begin with a block.
///
/// Ends at the first block that is not there to its end, or that is none. Then [`Blocks::whole`] says where that is:
/// after a write that failed half-way, the length to which the file is good.
#[must_use]
pub const fn blocks(bytes: &[u8]) -> Blocks<'_> {
    Blocks { bytes, whole: 0 }
}

impl Blocks<'_> {
    /// How many bytes the blocks given so far take.
    #[must_use]
    pub const fn whole(&self) -> usize {
        self.whole
    }

    fn word(&self, at: usize) -> Option<u32> {
        let word = self.bytes.get(at..)?.first_chunk()?;
        Some(u32::from_ne_bytes(*word))
    }
}

impl Iterator for Blocks<'_> {
    type Item = Span;

    fn next(&mut self) -> Option<Span> {
        let start = self.whole;
        let block_type = self.word(start)?;
        let length = self.word(start + 4)?;
        let end = start.checked_add(length as usize)?;
        let is_packet = block_type == block_type::ENHANCED_PACKET;
        let shortest = if is_packet { 32 } else { 12 };
        // The length stands again at the end, which also tells that the block is there whole.
        if length < shortest || length % 4 != 0 || self.word(end - 4)? != length {
            return None;
        }
        let word = |at| self.word(start + at).filter(|_| is_packet);
        let interface = word(8);
        let timestamp = word(12)
            .zip(word(16))
            .map(|(upper, lower)| u64::from(upper) << 32 | u64::from(lower));
        self.whole = end;
        Some(Span {
            block_type,
            interface,
            timestamp,
            bytes: start..end,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::write::{Interface, Packet, interface, packet};

    fn two_packets() -> Vec<u8> {
        let mut out = Vec::new();
        interface(&mut out, &Interface::default()).expect("it fits");
        for (number, frame) in [(0, &b"first"[..]), (7, b"second frame")] {
            let frame = &[frame];
            packet(
                &mut out,
                &Packet {
                    interface: number,
                    timestamp: u64::from(number) << 40 | 9,
                    frame,
                    ..Packet::default()
                },
            )
            .expect("it fits");
        }
        out
    }

    #[test]
    fn each_block_is_given_with_its_type_its_interface_its_time_and_its_bytes() {
        let bytes = two_packets();
        let mut walk = blocks(&bytes);
        let found: Vec<_> = walk.by_ref().collect();
        let kinds: Vec<_> = found
            .iter()
            .map(|span| (span.block_type, span.interface, span.timestamp))
            .collect();
        assert_eq!(
            kinds,
            [
                (1, None, None),
                (6, Some(0), Some(9)),
                (6, Some(7), Some(7 << 40 | 9))
            ]
        );
        assert_eq!(found[0].bytes.start, 0);
        assert!(
            found
                .windows(2)
                .all(|pair| pair[0].bytes.end == pair[1].bytes.start)
        );
        assert_eq!(walk.whole(), bytes.len());
    }

    #[test]
    fn the_walk_ends_before_the_block_that_is_cut_wherever_it_is_cut() {
        let bytes = two_packets();
        let ends: Vec<_> = blocks(&bytes).map(|span| span.bytes.end).collect();
        for cut in 0..bytes.len() {
            let mut walk = blocks(&bytes[..cut]);
            let count = walk.by_ref().count();
            assert_eq!(count, ends.iter().filter(|end| **end <= cut).count());
            assert_eq!(
                walk.whole(),
                count.checked_sub(1).map_or(0, |last| ends[last])
            );
        }
    }

    #[test]
    fn a_length_that_holds_no_block_ends_the_walk() {
        for length in [0, 4, 8, 12, 13, 16, u32::MAX] {
            let bytes = [6, length, length, length].map(u32::to_ne_bytes).concat();
            let mut walk = blocks(&bytes);
            assert_eq!(walk.next(), None);
            assert_eq!(walk.whole(), 0);
        }
    }
}
