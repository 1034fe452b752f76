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
        Arc, Weak,
        atomic::{AtomicU64, Ordering},
        mpsc::{SyncSender, sync_channel},
    },
    thread::{self, Thread},
};

use rustix::fs::{Advice, fadvise};

/// Bytes that are sent on at once; a multiple of any size of a page.
pub(super) const STEP: u64 = 4 << 20;
/// Bytes of a file that stay in the page cache: as many as are on their way to the disk where it is quick.
const KEPT: u64 = 32 << 20;
/// In place of a length: there will be no more.
const ENDED: u64 = u64::MAX;

/// The thread that sends on, one file after the other. It waits for the disk, and nobody for it.
#[derive(Debug, Default)]
pub(super) struct Writeback {
    /// Once there is a long file.
    started: Option<(SyncSender<Followed>, Thread)>,
    /// The lengths of the files that it may hold.
    followed: Vec<Weak<AtomicU64>>,
}

/// A file that is sent on, as the thread has it.
#[derive(Debug)]
struct Followed {
    file: File,
    began: u64,
    length: Arc<AtomicU64>,
}

/// A file that is sent on, as whoever writes it has it. It ends when dropped.
#[derive(Debug)]
pub(super) struct Follower {
    length: Arc<AtomicU64>,
    thread: Thread,
}

impl Writeback {
    /// Sends on what is written to `file` from `began` on. `None`: the thread is still at others, or there is none.
    pub(super) fn follow(&mut self, file: &File, began: u64) -> Option<Follower> {
        if self.started.is_none() {
            self.started = start().ok();
        }
        let (files, thread) = self.started.as_ref()?;
        let file = file.try_clone().ok()?;
        let length = Arc::new(AtomicU64::new(began));
        let follower = Follower {
            length: Arc::clone(&length),
            thread: thread.clone(),
        };
        self.followed.retain(|length| length.strong_count() > 0);
        self.followed.push(Arc::downgrade(&length));
        let followed = Followed {
            file,
            began,
            length,
        };
        files.try_send(followed).ok()?;
        Some(follower)
    }

    /// It holds a file that is closed: if that was removed, the disk has its room no sooner than it is let go.
    pub(super) fn holds_closed(&self) -> bool {
        self.followed
            .iter()
            .any(|length| length.strong_count() == 1)
    }
}

impl Follower {
    /// The file is so many bytes long now.
    pub(super) fn tell(&self, length: u64) {
        self.length.store(length, Ordering::Release);
        self.thread.unpark();
    }
}

impl Drop for Follower {
    fn drop(&mut self) {
        self.tell(ENDED);
    }
}

fn start() -> io::Result<(SyncSender<Followed>, Thread)> {
    let (files, to_send) = sync_channel::<Followed>(1);
    let thread = thread::Builder::new()
        .name("droprec-disk".to_owned())
        .spawn(move || to_send.iter().for_each(|followed| send(&followed)))?;
    Ok((files, thread.thread().clone()))
}

/// Sends on what is written to a file until that ends. Where a file system knows nothing of it, all is as it would be without.
fn send(followed: &Followed) {
    let Followed {
        file,
        began,
        length,
    } = followed;
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

#[cfg(test)]
mod tests {
    use std::{thread::sleep, time::Duration};

    use super::*;

    /// What comes of it within ten seconds.
    fn soon<T>(mut what: impl FnMut() -> Option<T>) -> Option<T> {
        (0..1000).find_map(|_| {
            sleep(Duration::from_millis(10));
            what()
        })
    }

    #[test]
    fn a_file_is_held_until_it_has_ended_and_one_waits_meanwhile() {
        let file = tempfile::tempfile().unwrap();
        file.set_len(3 * STEP).unwrap();
        let mut writeback = Writeback::default();
        let first = writeback.follow(&file, 1).unwrap();
        first.tell(3 * STEP);
        // There is room for it when the thread has taken the first.
        let second = soon(|| writeback.follow(&file, 0)).unwrap();
        assert!(writeback.follow(&file, 0).is_none());
        assert!(!writeback.holds_closed());
        drop(second);
        assert!(writeback.holds_closed());
        drop(first);
        assert!(soon(|| (!writeback.holds_closed()).then_some(())).is_some());
    }
}
