//! The lanes that the kernel half fills, one of each processor (`droprec_ebpf::lane`).

use std::{
    ffi::c_void,
    io,
    mem::offset_of,
    os::fd::AsFd as _,
    ptr::null_mut,
    slice::from_raw_parts,
    sync::atomic::{AtomicU32, AtomicU64, Ordering},
};

use aya::maps::Map;
use droprec_ebpf::{
    lane::{Lane, Place, begin, length},
    record::{MAX_CAPTURE, Owner, Record},
};
use rustix::mm::{MapFlags, ProtFlags, mmap, munmap};

/// What is given back at once: this part of a lane.
const PART: u64 = 8;

/// The lanes' reader.
pub(super) struct Lanes {
    memory: Memory,
    positions: Vec<Position>,
}

/// How far a lane was written and read.
#[derive(Clone, Copy, Default)]
struct Position {
    read: u64,
    given_back: u64,
    /// When that was last looked at.
    written: u64,
}

/// The lanes, mapped.
struct Memory {
    address: *mut c_void,
    length: usize,
    /// From one to the next.
    stride: usize,
    /// Bytes of a lane's data, a power of two.
    bytes: u64,
}

// SAFETY: nothing but this has the address, and it is the same in every thread.
unsafe impl Send for Memory {}

impl Memory {
    /// The word of a lane at this offset.
    fn word(&self, lane: usize, offset: usize) -> &AtomicU64 {
        // SAFETY: a word that both halves take for one, within a lane that is mapped as long as this is.
        unsafe { &*(self.address.byte_add(lane * self.stride + offset)).cast() }
    }

    /// What is at this offset of the place that a position is at.
    fn at(&self, lane: usize, position: u64, offset: usize) -> *const c_void {
        let place = offset_of!(Lane, data) + (position & (self.bytes - 1)) as usize;
        let offset = lane * self.stride + place + offset;
        // SAFETY: a place that begins within the data ends within the lane.
        unsafe { self.address.byte_add(offset) }
    }

    fn u32(&self, lane: usize, position: u64, offset: usize) -> u32 {
        // SAFETY: it is within the place, and lies as words do. The kernel half writes such words.
        unsafe { &*self.at(lane, position, offset).cast::<AtomicU32>() }.load(Ordering::Relaxed)
    }

    fn u64(&self, lane: usize, position: u64, offset: usize) -> u64 {
        // SAFETY: as above.
        unsafe { &*self.at(lane, position, offset).cast::<AtomicU64>() }.load(Ordering::Relaxed)
    }
}

impl Drop for Memory {
    fn drop(&mut self) {
        if !self.address.is_null() {
            // SAFETY: what was mapped, and nothing of it is in use any more. It cannot fail.
            let _ = unsafe { munmap(self.address, self.length) };
        }
    }
}

impl Lanes {
    /// Those of the map; none, where it has only room to make a record in.
    pub(super) fn new(map: &Map) -> io::Result<Self> {
        let Map::Array(map) = map else {
            return Err(io::Error::other("the map is no array"));
        };
        let info = map.info().map_err(io::Error::other)?;
        let stride = (info.value_size() as usize).next_multiple_of(8);
        let bytes = stride - size_of::<Lane>();
        let count = if bytes == 0 {
            0
        } else {
            info.max_entries() as usize
        };
        let mut memory = Memory {
            address: null_mut(),
            length: stride * count,
            stride,
            bytes: bytes as u64,
        };
        if count != 0 {
            let (protection, fd) = (ProtFlags::READ | ProtFlags::WRITE, map.fd().as_fd());
            let (length, flags) = (memory.length, MapFlags::SHARED);
            // SAFETY: a new mapping, at a place of the kernel's choice.
            memory.address = unsafe { mmap(null_mut(), length, protection, flags, fd, 0) }?;
        }
        Ok(Self {
            memory,
            positions: vec![Position::default(); count],
        })
    }

    /// How many there are.
    pub(super) fn count(&self) -> usize {
        self.positions.len()
    }

    /// Looks how far each was written by now, and gives back what was read of it.
    pub(super) fn look(&mut self) {
        for lane in 0..self.count() {
            self.give_back(lane);
            let written = self.memory.word(lane, offset_of!(Lane, written));
            self.positions[lane].written = written.load(Ordering::Acquire);
        }
    }

    /// When the next drop of a lane was, as far as it was looked at.
    pub(super) fn time(&self, lane: usize) -> Option<u64> {
        let Position { read, written, .. } = *self.positions.get(lane)?;
        let offset = offset_of!(Place, record) + offset_of!(Record, time);
        (read != written).then(|| self.memory.u64(lane, read, offset))
    }

    /// Hands the next item of a lane to `take`.
    pub(super) fn next<T>(&mut self, lane: usize, take: impl FnOnce(&[u8]) -> T) -> Option<T> {
        let Position { read, written, .. } = *self.positions.get(lane)?;
        if read == written {
            return None;
        }
        let (kind, captured) = (
            offset_of!(Owner, kind),
            offset_of!(Place, record) + offset_of!(Record, captured),
        );
        let begin = begin(self.memory.u32(lane, read, kind));
        let captured = self.memory.u32(lane, read, captured).min(MAX_CAPTURE);
        let end = offset_of!(Place, frame) + captured as usize;
        // SAFETY: a part of the place, which the kernel half has finished, and was not given back.
        let item =
            unsafe { from_raw_parts(self.memory.at(lane, read, begin).cast::<u8>(), end - begin) };
        let taken = take(item);
        let position = &mut self.positions[lane];
        position.read = read.wrapping_add(length(captured).into());
        if position.read.wrapping_sub(position.given_back) >= self.memory.bytes / PART {
            self.give_back(lane);
        }
        Some(taken)
    }

    fn give_back(&mut self, lane: usize) {
        let position = &mut self.positions[lane];
        if position.given_back != position.read {
            position.given_back = position.read;
            let read = self.memory.word(lane, offset_of!(Lane, read));
            read.store(position.read, Ordering::Release);
        }
    }
}

#[cfg(test)]
mod tests {
    use droprec_ebpf::record::{DROP, OWNED_DROP};

    use super::*;

    /// Bytes of a lane that has room for two records, and not for many.
    const BYTES: usize = 512;

    /// Lanes that this process fills itself.
    fn lanes(count: usize) -> Lanes {
        let stride = size_of::<Lane>() + BYTES;
        let length = stride * count;
        let (protection, flags) = (ProtFlags::READ | ProtFlags::WRITE, MapFlags::SHARED);
        // SAFETY: a new mapping, at a place of the kernel's choice.
        let address = unsafe { rustix::mm::mmap_anonymous(null_mut(), length, protection, flags) };
        Lanes {
            memory: Memory {
                address: address.expect("there is memory"),
                length,
                stride,
                bytes: BYTES as u64,
            },
            positions: vec![Position::default(); count],
        }
    }

    /// Writes a record of that time and frame as the kernel half does, with an owner or without.
    fn write(lanes: &Lanes, lane: usize, kind: u32, time: u64, frame: &[u8]) {
        let memory = &lanes.memory;
        let written = memory.word(lane, offset_of!(Lane, written));
        let position = written.load(Ordering::Relaxed);
        let place = memory.at(lane, position, 0).cast_mut().cast::<Place>();
        // SAFETY: a place within the lane, which nobody else uses.
        unsafe {
            (*place).owner.kind = kind;
            (*place).record.time = time;
            (*place).record.captured = frame.len() as u32;
            let bytes = (&raw mut (*place).frame).cast::<u8>();
            bytes.copy_from_nonoverlapping(frame.as_ptr(), frame.len());
        }
        written.fetch_add(length(frame.len() as u32).into(), Ordering::Release);
    }

    #[test]
    fn records_are_read_whole_and_in_their_order_also_over_the_end_of_a_lane() {
        let mut lanes = lanes(2);
        for time in 0..1000 {
            let frame: Vec<u8> = (0..time % 150).map(|byte| byte as u8).collect();
            let kind = if time % 2 == 0 { OWNED_DROP } else { DROP };
            write(&lanes, 1, kind, time, &frame);
            assert_eq!(lanes.time(1), None, "before it was looked");
            lanes.look();
            assert_eq!(lanes.time(1), Some(time));
            let item = lanes.next(1, <[u8]>::to_vec).expect("there is one");
            assert!(item.ends_with(&frame));
            let before = if kind == OWNED_DROP {
                size_of::<Owner>()
            } else {
                0
            };
            assert_eq!(item.len(), before + size_of::<Record>() + frame.len());
            assert_eq!(lanes.time(1), None);
            assert_eq!(lanes.next(0, <[u8]>::to_vec), None);
        }
    }

    #[test]
    fn what_was_read_is_given_back_at_the_next_look_at_the_latest() {
        let mut lanes = lanes(1);
        for time in 0..2 {
            write(&lanes, 0, DROP, time, &[]);
        }
        lanes.look();
        while lanes.next(0, |_| ()).is_some() {}
        lanes.look();
        let read = lanes.memory.word(0, offset_of!(Lane, read));
        assert_eq!(read.load(Ordering::Relaxed), 2 * u64::from(length(0)));
    }
}
