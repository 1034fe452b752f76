//! Has what is written to a long file go on to the disk, and out of the page cache.
//!
//! A flood writes hundreds of megabytes a second that nobody reads soon. Left to the kernel, they push out what other programs
//! have in memory, until so much waits for the disk that whoever writes is made to wait as well. Who opens the file next has the
//! last of them at hand.

use std::{
    fs::File,
    io,
    num::NonZeroU64,
    os::fd::AsRawFd as _,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    thread::{self, JoinHandle},
};

use rustix::fs::{Advice, fadvise};

/// Bytes that are sent on at once; a multiple of any size of a page.
pub(super) const STEP: u64 = 4 << 20;
/// Bytes of a file that stay in the page cache: as many as are on their way to the disk where it is quick.
const KEPT: u64 = 32 << 20;
/// In place of a length: there will be no more.
const ENDED: u64 = u64::MAX;

/// A thread that sends on what is written to one file. It may have to wait for the disk, and keeps nobody waiting but who wants
/// to be certain that it has ended.
#[derive(Debug)]
pub(super) struct Writeback {
    length: Arc<AtomicU64>,
    /// Until it was waited for.
    thread: Option<JoinHandle<()>>,
}

impl Writeback {
    /// For what is written to `file` from `began` on.
    pub(super) fn start(file: &File, began: u64) -> io::Result<Self> {
        let file = file.try_clone()?;
        let length = Arc::new(AtomicU64::new(began));
        let told = Arc::clone(&length);
        let thread = thread::Builder::new()
            .name("droprec-disk".to_owned())
            .spawn(move || send(&file, began, &told))?;
        Ok(Self {
            length,
            thread: Some(thread),
        })
    }

    /// The file is so many bytes long now.
    pub(super) fn tell(&self, length: u64) {
        self.length.store(length, Ordering::Release);
        if let Some(thread) = &self.thread {
            thread.thread().unpark();
        }
    }

    /// There will be no more.
    pub(super) fn end(&self) {
        self.tell(ENDED);
    }

    /// Waits until it has let go of the file: with its descriptor go the file's lock and, where it was removed, its room.
    pub(super) fn wait(mut self) {
        self.end();
        if let Some(thread) = self.thread.take() {
            // It has nothing to panic at.
            let _ = thread.join();
        }
    }
}

impl Drop for Writeback {
    fn drop(&mut self) {
        self.end();
    }
}

/// Sends on what is written to a file until that ends. Where a file system knows nothing of it, all is as it would be without.
fn send(file: &File, began: u64, length: &AtomicU64) {
    let first = began.next_multiple_of(STEP);
    let (mut sent, mut kept) = (first, first);
    loop {
        match length.load(Ordering::Acquire) {
            ENDED => return,
            length if length < sent + STEP => thread::park(),
            _ => {
                sync(file, sent, libc::SYNC_FILE_RANGE_WRITE);
                sent += STEP;
                if sent - kept > KEPT {
                    // What has not got there cannot be let go, and would have all processors asked for it (`generic_fadvise`,
                    // mm/fadvise.c, v6.18).
                    sync(file, kept, libc::SYNC_FILE_RANGE_WAIT_BEFORE);
                    let _ = fadvise(file, kept, NonZeroU64::new(STEP), Advice::DontNeed);
                    kept += STEP;
                }
            }
        }
    }
}

/// Starts to write a part of a file to the disk, or waits until that is done.
fn sync(file: &File, start: u64, what: libc::c_uint) {
    // SAFETY: numbers alone, of a file that is open.
    let _ = unsafe {
        libc::sync_file_range(
            file.as_raw_fd(),
            start.cast_signed(),
            STEP.cast_signed(),
            what,
        )
    };
}
