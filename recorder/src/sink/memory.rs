//! Keeps the newest packets in memory, encoded, for a file that is written later: the oldest whole ones make room for those that
//! come.
//!
//! Memory is taken in pieces, which the writing thread is given as they are: nothing is copied, and the ring's reader does not
//! wait. What is on its way to the disk still takes its room until it is there. The newest packet is kept also where that leaves
//! none: it may be the one that the recording was made for. Beyond what is asked for there are that packet, a piece whose
//! beginning has made room, one that is not full, four bytes a packet, and the blocks of interfaces.

use std::{collections::VecDeque, mem};

use droprec_pcapng::{block_type, blocks};

use super::writer::Batch;

/// Bytes of a piece.
const PIECE: usize = 256 * 1024;

/// The newest packets.
#[derive(Debug)]
pub struct Memory {
    /// Most bytes of packets: those that are kept, and those on their way to the disk.
    size: usize,
    /// The oldest first.
    pieces: VecDeque<Piece>,
    /// Bytes of packets that are kept.
    kept: usize,
    /// Packets that are kept.
    packets: u64,
    /// Bytes on their way.
    away: usize,
    /// Of these, those that came back without having been written. They wait until all are back.
    held: VecDeque<Piece>,
    /// The time of the packet that came last, nanoseconds since 1970 UTC.
    newest: u64,
    /// A piece that is free again.
    spare: Vec<u8>,
    /// What the file begins with that the packets are for, as far as it is not written yet: no packet, and never left out.
    pub head: Vec<u8>,
}

/// Packets one after the other.
#[derive(Debug, Default)]
struct Piece {
    bytes: Vec<u8>,
    /// The index of the interface of each packet.
    devices: Vec<u32>,
    /// Bytes and packets at its beginning that have made room.
    gone: (usize, usize),
}

impl Piece {
    /// The oldest packet's bytes.
    fn first(&self) -> &[u8] {
        let bytes = &self.bytes[self.gone.0..];
        let first = blocks(bytes).next();
        &bytes[..first.map_or(bytes.len(), |block| block.bytes.end)]
    }
}

impl Memory {
    /// It keeps so many bytes of packets.
    #[must_use]
    pub fn new(size: usize) -> Self {
        Self {
            size,
            pieces: VecDeque::new(),
            kept: 0,
            packets: 0,
            away: 0,
            held: VecDeque::new(),
            newest: 0,
            spare: Vec::new(),
            head: Vec::new(),
        }
    }

    /// Keeps what is encoded of a packet at an interface. `overwritten` is called with the interface of each packet that is
    /// no longer kept.
    pub fn keep(&mut self, encoded: &[u8], device: u32, mut overwritten: impl FnMut(u32)) {
        for block in blocks(encoded) {
            let bytes = &encoded[block.bytes];
            if block.block_type != block_type::ENHANCED_PACKET {
                self.head.extend_from_slice(bytes);
                continue;
            }
            self.newest = block.timestamp.unwrap_or(self.newest);
            while self.kept + self.away + bytes.len() > self.size
                && let Some(device) = self.make_room()
            {
                overwritten(device);
            }
            self.push(bytes, device);
        }
    }

    fn push(&mut self, packet: &[u8], device: u32) {
        let has_room = |piece: &Piece| piece.bytes.capacity() - piece.bytes.len() >= packet.len();
        if !self.pieces.back().is_some_and(has_room) {
            let mut bytes = mem::take(&mut self.spare);
            bytes.reserve(PIECE.max(packet.len()));
            self.pieces.push_back(Piece {
                bytes,
                ..Piece::default()
            });
        }
        if let Some(piece) = self.pieces.back_mut() {
            piece.bytes.extend_from_slice(packet);
            piece.devices.push(device);
            self.kept += packet.len();
            self.packets += 1;
        }
    }

    /// Takes the oldest packet away, and says whose it was. `None`: there is none.
    fn make_room(&mut self) -> Option<u32> {
        let piece = self.pieces.front_mut()?;
        let len = piece.first().len();
        let device = piece.devices[piece.gone.1];
        piece.gone.0 += len;
        piece.gone.1 += 1;
        self.kept -= len;
        self.packets -= 1;
        if piece.gone.0 == piece.bytes.len() {
            let piece = self.pieces.pop_front();
            self.spare = piece.map_or_else(Vec::new, |piece| piece.bytes);
            self.spare.clear();
        }
        Some(device)
    }

    /// All of it, to be written. It counts until [`Memory::written`].
    pub fn take(&mut self) -> impl Iterator<Item = Batch> {
        self.away += mem::take(&mut self.kept);
        self.packets = 0;
        mem::take(&mut self.pieces).into_iter().map(|mut piece| {
            piece.bytes.drain(..piece.gone.0);
            piece.devices.drain(..piece.gone.1);
            Batch {
                bytes: piece.bytes.into(),
                devices: piece.devices,
                ..Batch::default()
            }
        })
    }

    /// A batch is back from being written, and its packets take no room any more.
    pub fn written(&mut self, batch: &Batch) {
        if !batch.devices.is_empty() {
            self.away = self.away.saturating_sub(batch.bytes.len());
        }
    }

    /// A batch is back of which only so many bytes and packets were written. The others are kept again with
    /// [`Memory::put_back`].
    pub fn hold(&mut self, batch: Batch, written: (usize, usize)) {
        self.away = self.away.saturating_sub(written.0);
        self.held.push_back(Piece {
            bytes: batch.bytes.into(),
            devices: batch.devices,
            gone: written,
        });
    }

    /// All that could be written is: what is held is kept again, before what came meanwhile.
    pub fn put_back(&mut self) {
        while let Some(mut piece) = self.held.pop_back() {
            // Nothing is put into it any more.
            piece.bytes.shrink_to_fit();
            let len = piece.bytes.len() - piece.gone.0;
            self.away = self.away.saturating_sub(len);
            self.kept += len;
            self.packets += (piece.devices.len() - piece.gone.1) as u64;
            self.pieces.push_front(piece);
        }
    }

    /// Bytes of packets that are kept.
    #[must_use]
    pub fn kept(&self) -> usize {
        self.kept
    }

    /// Packets that are kept.
    #[must_use]
    pub fn packets(&self) -> u64 {
        self.packets
    }

    /// The time of the oldest packet, nanoseconds since 1970 UTC.
    #[must_use]
    pub fn oldest(&self) -> Option<u64> {
        blocks(self.pieces.front()?.first()).next()?.timestamp
    }

    /// The time of the packet that came last.
    #[must_use]
    pub fn newest(&self) -> u64 {
        self.newest
    }
}

#[cfg(test)]
mod tests {
    use droprec_pcapng::write::{self, Interface, Packet};

    use super::*;

    /// The block of a packet whose number is its time, at the interface of the same number.
    fn packet(number: u64, len: usize) -> Vec<u8> {
        let mut out = Vec::new();
        let packet = Packet {
            interface: number as u32,
            timestamp: number,
            frame: &[&vec![0x5a; len]],
            ..Packet::default()
        };
        write::packet(&mut out, &packet).unwrap();
        out
    }

    /// Keeps packets of these numbers and this length, and says which made room.
    fn keep(memory: &mut Memory, numbers: std::ops::Range<u64>, len: usize) -> Vec<u32> {
        let mut gone = Vec::new();
        for number in numbers {
            let bytes = packet(number, len);
            memory.keep(&bytes, number as u32, |device| gone.push(device));
            let is_within = memory.kept() + memory.away <= memory.size;
            assert!(is_within || memory.packets() == 1, "beside the newest");
        }
        gone
    }

    /// The numbers of the packets that are to be written, by their blocks and by their interfaces.
    fn numbers(batches: &[Batch]) -> Vec<u64> {
        let mut numbers = Vec::new();
        for batch in batches {
            let found: Vec<u64> = blocks(&batch.bytes)
                .filter_map(|block| block.timestamp)
                .collect();
            let devices = batch.devices.iter().copied().map(u64::from);
            assert_eq!(found, devices.collect::<Vec<_>>());
            assert_eq!(
                blocks(&batch.bytes)
                    .map(|block| block.bytes.len())
                    .sum::<usize>(),
                batch.bytes.len(),
                "only whole packets"
            );
            numbers.extend(found);
        }
        numbers
    }

    #[test]
    fn the_newest_packets_are_kept_and_each_older_one_is_told_of() {
        let len = packet(0, 60).len();
        let mut memory = Memory::new(10 * len + len / 2);
        let gone = keep(&mut memory, 0..25, 60);
        assert_eq!(gone, (0..15).collect::<Vec<_>>());
        assert_eq!((memory.packets(), memory.kept()), (10, 10 * len));
        assert_eq!((memory.oldest(), memory.newest()), (Some(15), 24));
        let batches: Vec<Batch> = memory.take().collect();
        assert_eq!(numbers(&batches), (15..25).collect::<Vec<_>>());
        assert_eq!((memory.packets(), memory.oldest()), (0, None));
    }

    #[test]
    fn a_long_flood_takes_no_more_memory_than_it_may() {
        let size = 2 * PIECE + 12_345;
        let mut memory = Memory::new(size);
        let gone = keep(&mut memory, 0..20_000, 500);
        assert_eq!(gone.len() as u64 + memory.packets(), 20_000);
        assert!(size - memory.kept() < packet(0, 500).len());
        let held = memory.pieces.iter().map(|piece| piece.bytes.capacity());
        assert!(held.sum::<usize>() + memory.spare.capacity() <= size + 3 * PIECE);
        let batches: Vec<Batch> = memory.take().collect();
        let first = gone.len() as u64;
        assert_eq!(numbers(&batches), (first..20_000).collect::<Vec<_>>());
    }

    #[test]
    fn a_long_packet_makes_as_many_short_ones_go_as_it_needs_and_one_that_never_fits_all() {
        let short = packet(0, 60).len();
        let mut memory = Memory::new(10 * short);
        keep(&mut memory, 0..10, 60);
        let gone = keep(&mut memory, 10..11, 60 + 2 * short);
        assert_eq!(gone, [0, 1, 2]);
        let gone = keep(&mut memory, 11..12, 60 + 10 * short);
        assert_eq!(gone, (3..11).collect::<Vec<_>>());
        // And it goes when the next one comes.
        assert_eq!(keep(&mut memory, 12..13, 60), [11]);
        let batches: Vec<Batch> = memory.take().collect();
        assert_eq!(numbers(&batches), [12]);
    }

    #[test]
    fn what_is_on_its_way_to_the_disk_takes_its_room_until_it_is_there() {
        let len = packet(0, 60).len();
        let mut memory = Memory::new(4 * len);
        keep(&mut memory, 0..3, 60);
        let batches: Vec<Batch> = memory.take().collect();
        assert_eq!(keep(&mut memory, 3..6, 60), [3, 4]);
        for batch in &batches {
            memory.written(batch);
        }
        assert_eq!(keep(&mut memory, 6..9, 60), [0; 0]);
        let rest: Vec<Batch> = memory.take().collect();
        assert_eq!(numbers(&rest), [5, 6, 7, 8]);
        // All the room is taken now, and the newest is kept all the same.
        assert_eq!(keep(&mut memory, 9..11, 60), [9]);
        let rest: Vec<Batch> = memory.take().collect();
        assert_eq!(numbers(&rest), [10]);
    }

    #[test]
    fn what_could_not_be_written_is_kept_again_before_what_came_meanwhile_and_makes_room_first() {
        let len = packet(0, 60).len();
        let mut memory = Memory::new(6 * len);
        keep(&mut memory, 0..4, 60);
        let [batch] = memory.take().collect::<Vec<_>>().try_into().unwrap();
        // One packet of it was written, and others come before that is known.
        assert_eq!(keep(&mut memory, 4..5, 60), [0; 0]);
        memory.hold(batch, (len, 1));
        assert_eq!(keep(&mut memory, 5..7, 60), [0; 0]);
        memory.put_back();
        assert_eq!((memory.packets(), memory.away), (6, 0));
        assert_eq!((memory.oldest(), memory.newest()), (Some(1), 6));
        assert_eq!(keep(&mut memory, 7..9, 60), [1, 2]);
        let batches: Vec<Batch> = memory.take().collect();
        assert_eq!(numbers(&batches), (3..9).collect::<Vec<_>>());
        // Nothing of them is written, and they come back in their order.
        for batch in batches {
            memory.hold(batch, (0, 0));
        }
        memory.put_back();
        let batches: Vec<Batch> = memory.take().collect();
        assert_eq!(numbers(&batches), (3..9).collect::<Vec<_>>());
    }

    #[test]
    fn the_blocks_of_interfaces_stay_when_their_packets_make_room() {
        let mut memory = Memory::new(packet(0, 60).len());
        let mut interfaces = Vec::new();
        for number in 0..3 {
            let mut bytes = Vec::new();
            write::interface(&mut bytes, &Interface::default()).unwrap();
            interfaces.extend_from_slice(&bytes);
            bytes.extend(packet(number, 60));
            memory.keep(&bytes, number as u32, |_| {});
        }
        assert_eq!(memory.packets(), 1);
        assert_eq!(memory.head, interfaces);
    }
}
