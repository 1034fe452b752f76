//! The ring that the kernel half fills (`BPF_MAP_TYPE_RINGBUF`; `kernel/bpf/ringbuf.c`, v6.18).
//!
//! A page that the reader writes says how far it has read, one that the kernel writes how far it has written, both in bytes
//! since the beginning; behind them are the data. Each item has a header of eight bytes, whose first four are its length and
//! two flags. (The kernel would map the data twice in a row, so that no item is ever in two pieces; but then all of them count
//! twice as this process's memory.)
//!
//! The kernel looks at the first page for every item that it writes, and the reader is on another processor: so what was read
//! is given back not item by item, but some of the ring at a time.

use std::{
    ffi::c_void,
    io,
    mem::offset_of,
    os::fd::{AsFd as _, AsRawFd, RawFd},
    ptr::null_mut,
    slice::from_raw_parts,
    sync::atomic::{AtomicU32, AtomicUsize, Ordering},
};

use aya::maps::{Map, MapData};
use droprec_ebpf::record::{DROP, MODULE, Notice, OWNED_DROP, Owner, Record};
use rustix::{
    mm::{MapFlags, ProtFlags, mmap, munmap},
    param::page_size,
};
use tokio::io::{Interest, unix::AsyncFd};

/// `BPF_RINGBUF_BUSY_BIT`, `BPF_RINGBUF_DISCARD_BIT`, `BPF_RINGBUF_HDR_SZ` (`include/uapi/linux/bpf.h`).
const BUSY: u32 = 1 << 31;
const DISCARD: u32 = 1 << 30;
const HEADER: usize = 8;

/// What is given back at once: this part of the ring, and so many bytes at most.
const PART: usize = 8;
const MOST: usize = 128 * 1024;

/// The ring's reader.
pub struct Ring {
    fd: AsyncFd<MapFd>,
    memory: Memory,
    /// Up to here it was read.
    read: usize,
    /// Up to here it was given back.
    given_back: usize,
    /// Up to here it was written, when that was last looked at.
    written: usize,
    /// An item that begins at the end of the data and goes on at their beginning.
    split: Vec<u8>,
}

/// The map, whose descriptor is there as long as this is.
struct MapFd(MapData);

impl AsRawFd for MapFd {
    fn as_raw_fd(&self) -> RawFd {
        self.0.fd().as_fd().as_raw_fd()
    }
}

/// What of the ring is mapped.
struct Memory {
    /// The reader's page.
    read: *mut c_void,
    /// The kernel's page, and the data behind it.
    written: *mut c_void,
    /// Bytes of a page.
    page: usize,
    /// Bytes of the ring, a power of two of pages.
    size: usize,
}

// SAFETY: nothing but this has the addresses, and they are the same in every thread.
unsafe impl Send for Memory {}

impl Memory {
    fn map(fd: &MapFd, size: usize) -> io::Result<Self> {
        let page = page_size();
        let mut memory = Self {
            read: null_mut(),
            written: null_mut(),
            page,
            size,
        };
        let map = |length, protection, offset| {
            let (flags, fd) = (MapFlags::SHARED, fd.0.fd().as_fd());
            // SAFETY: a new mapping, at a place of the kernel's choice.
            unsafe { mmap(null_mut(), length, protection, flags, fd, offset) }
        };
        memory.read = map(page, ProtFlags::READ | ProtFlags::WRITE, 0)?;
        memory.written = map(page + size, ProtFlags::READ, page as u64)?;
        Ok(memory)
    }

    /// Up to where it was read.
    fn read(&self) -> &AtomicUsize {
        // SAFETY: a page begins with it, and is mapped as long as this is there.
        unsafe { &*self.read.cast::<AtomicUsize>() }
    }

    /// Up to where it was written.
    fn written(&self) -> usize {
        // SAFETY: as above; the kernel writes it.
        let written = unsafe { &*self.written.cast::<AtomicUsize>() };
        written.load(Ordering::SeqCst)
    }

    /// The word at `position`, as the header of an item is.
    fn word(&self, position: usize) -> u32 {
        // SAFETY: it is among the data, and lies as words do; the kernel writes it.
        let word = unsafe { &*self.data(position).cast::<AtomicU32>() };
        word.load(Ordering::Acquire)
    }

    /// What is at `position`.
    fn data(&self, position: usize) -> *const c_void {
        self.written
            .wrapping_byte_add(self.page + (position & (self.size - 1)))
    }

    /// The bytes from `position` on, of which `split` holds those that are in two pieces.
    ///
    /// # Safety
    ///
    /// The kernel must have finished them, and they must not have been given back.
    unsafe fn bytes<'a>(
        &'a self,
        position: usize,
        length: usize,
        split: &'a mut Vec<u8>,
    ) -> &'a [u8] {
        let before_end = self.size - (position & (self.size - 1));
        // SAFETY: they are among the data, and nobody writes them.
        let bytes = unsafe { from_raw_parts(self.data(position).cast(), length.min(before_end)) };
        if length <= before_end {
            return bytes;
        }
        let rest = position + before_end;
        split.clear();
        split.extend_from_slice(bytes);
        // SAFETY: as above; an item is shorter than the ring.
        split.extend_from_slice(unsafe {
            from_raw_parts(self.data(rest).cast(), length - before_end)
        });
        split
    }
}

impl Drop for Memory {
    fn drop(&mut self) {
        for (address, length) in [
            (self.read, self.page),
            (self.written, self.page + self.size),
        ] {
            if !address.is_null() {
                // SAFETY: what was mapped, and nothing of it is in use any more. It cannot fail.
                let _ = unsafe { munmap(address, length) };
            }
        }
    }
}

impl Ring {
    /// Must be called within the runtime.
    pub fn new(map: Map) -> io::Result<Self> {
        let Map::RingBuf(map) = map else {
            return Err(io::Error::other("the map is no ring"));
        };
        let size = map.info().map_err(io::Error::other)?.max_entries() as usize;
        let fd = MapFd(map);
        let memory = Memory::map(&fd, size)?;
        let read = memory.read().load(Ordering::Relaxed);
        // SAFETY: a map keeps one descriptor from its making to its end.
        let fd = unsafe { AsyncFd::register_with_interest(fd, Interest::READABLE) };
        Ok(Self {
            fd: fd.map_err(|error| error.into_parts().1)?,
            memory,
            read,
            given_back: read,
            written: read,
            split: Vec::new(),
        })
    }

    /// Looks how far the ring was written by now.
    pub fn look(&mut self) {
        loop {
            self.written = self.memory.written();
            // Whoever fills the ring wakes only a reader that has given all back: so that comes before it is decided that
            // there is nothing.
            if self.next_item().is_some() || !self.give_back() {
                return;
            }
        }
    }

    /// How much of it is to be read yet, in thousandths.
    #[must_use]
    pub fn full(&self) -> usize {
        1000 * (self.memory.written() - self.read) / self.memory.size
    }

    /// Whether the next item is being written still, as far as the ring was looked at.
    pub fn is_busy(&mut self) -> bool {
        self.next_item().is_none() && self.read != self.written
    }

    /// When the next drop was, as far as the ring was looked at; 0 where what comes next is no drop and is for before. `None`:
    /// there is none, or it is being written still.
    pub fn time(&mut self) -> Option<u64> {
        let (item, _) = self.next_item()?;
        let offset = match self.memory.word(item) {
            DROP => offset_of!(Record, time),
            OWNED_DROP => size_of::<Owner>() + offset_of!(Record, time),
            MODULE => offset_of!(Notice, time),
            _ => return Some(0),
        };
        let halves = [item + offset, item + offset + 4].map(|at| self.memory.word(at));
        Some(u64::from(halves[1]) << 32 | u64::from(halves[0]))
    }

    /// Hands the next item to `take`, as far as the ring was looked at.
    pub fn next<T>(&mut self, take: impl FnOnce(&[u8]) -> T) -> Option<T> {
        let (item, length) = self.next_item()?;
        self.read += (HEADER + length).next_multiple_of(HEADER);
        // SAFETY: it is no longer busy, and is given back later.
        let bytes = unsafe { self.memory.bytes(item, length, &mut self.split) };
        let taken = take(bytes);
        if self.read - self.given_back >= MOST.min(self.memory.size / PART) {
            self.give_back();
        }
        Some(taken)
    }

    /// Where the next item is, and how long.
    fn next_item(&mut self) -> Option<(usize, usize)> {
        while self.read != self.written {
            let header = self.memory.word(self.read);
            if header & BUSY != 0 {
                return None;
            }
            let length = (header & !DISCARD) as usize;
            if header & DISCARD == 0 {
                return Some((self.read + HEADER, length));
            }
            self.read += (HEADER + length).next_multiple_of(HEADER);
        }
        None
    }

    /// Gives the place of what was read back to the kernel. True: there was some.
    fn give_back(&mut self) -> bool {
        if self.given_back == self.read {
            return false;
        }
        self.given_back = self.read;
        self.memory.read().store(self.read, Ordering::SeqCst);
        true
    }

    /// Waits until the kernel half wakes the reader. It does so when the ring or a lane fills up; what is below that mark is for the
    /// reader's timer.
    pub async fn woken(&self) -> io::Result<()> {
        self.fd.readable().await?.clear_ready();
        Ok(())
    }
}
