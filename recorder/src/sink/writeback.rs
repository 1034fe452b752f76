//! Has what is written to a long file go on to the disk, and out of the page cache.
//!
//! A flood writes hundreds of megabytes a second that nobody reads soon. Left to the kernel, they push out what other programs
//! have in memory, until so much waits for the disk that whoever writes is made to wait as well. Who opens the file next has the
//! last of them at hand.
//!
//! What the kernel has taken is not on the disk yet. If that fails, nobody hears of it but who waits for it: so each file is
//! waited for when it is closed.

use std::{
    error::Error,
    fs::File,
    io,
    num::NonZeroU64,
    os::fd::AsRawFd as _,
    path::{Path, PathBuf},
    sync::{
        Arc, Weak,
        atomic::{AtomicU64, Ordering},
        mpsc::{Receiver, Sender, SyncSender, channel, sync_channel},
    },
    thread::{self, Thread},
};

use rustix::fs::{Advice, fadvise};

use super::target::Target;

/// Bytes that are sent on at once; a multiple of any size of a page.
pub(super) const STEP: u64 = 4 << 20;
/// Bytes of a file that stay in the page cache: as many as are on their way to the disk where it is quick.
const KEPT: u64 = 32 << 20;
/// In place of a length: there will be no more.
const ENDED: u64 = u64::MAX;
/// Files that wait for the thread, at most.
const WAITING: usize = 16;

/// What was written, and the disk has not taken.
#[derive(Debug, thiserror::Error)]
#[error(
    "the disk has not taken all that was written to {}, and some of it may be missing: {error}",
    name(path)
)]
pub struct Lost {
    path: PathBuf,
    error: io::Error,
}

fn name(path: &Path) -> String {
    let target = if path.as_os_str().is_empty() {
        Target::Stdout
    } else {
        Target::File(path.to_owned())
    };
    target.name()
}

impl Lost {
    /// Whether that is what an error says.
    #[must_use]
    pub fn is(error: &io::Error) -> bool {
        let inner = error.get_ref();
        inner.is_some_and(<dyn Error + Send + Sync>::is::<Self>)
    }
}

/// The thread that sends on, one file after the other. It waits for the disk, and nobody for it.
#[derive(Debug, Default)]
pub(super) struct Writeback {
    /// Once there is a file that is long, or closed.
    started: Option<Started>,
    /// The lengths of the files that it may hold.
    followed: Vec<Weak<AtomicU64>>,
}

#[derive(Debug)]
struct Started {
    files: SyncSender<Followed>,
    thread: Thread,
    lost: Receiver<Lost>,
}

/// A file that is sent on, as the thread has it.
#[derive(Debug)]
struct Followed {
    path: PathBuf,
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
    pub(super) fn follow(&mut self, path: &Path, file: &File, began: u64) -> Option<Follower> {
        if self.started.is_none() {
            self.started = start().ok();
        }
        let started = self.started.as_ref()?;
        let file = file.try_clone().ok()?;
        let length = Arc::new(AtomicU64::new(began));
        let follower = Follower {
            length: Arc::clone(&length),
            thread: started.thread.clone(),
        };
        self.followed.retain(|length| length.strong_count() > 0);
        self.followed.push(Arc::downgrade(&length));
        let followed = Followed {
            path: path.to_owned(),
            file,
            began,
            length,
        };
        started.files.try_send(followed).ok()?;
        Some(follower)
    }

    /// What a file has lost since this was asked last.
    pub(super) fn lost(&self) -> Option<Lost> {
        self.started.as_ref()?.lost.try_recv().ok()
    }

    /// Waits until all files are on the disk that have ended. What one of them has lost.
    pub(super) fn finish(&mut self) -> Option<Lost> {
        let Started { files, lost, .. } = self.started.take()?;
        drop(files);
        // Else the thread ends, and its half with it.
        lost.recv().ok()
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

fn start() -> io::Result<Started> {
    let (files, to_send) = sync_channel::<Followed>(WAITING);
    let (tell, lost) = channel();
    let thread = thread::Builder::new()
        .name("droprec-disk".to_owned())
        .spawn(move || send_all(&to_send, &tell))?;
    Ok(Started {
        files,
        thread: thread.thread().clone(),
        lost,
    })
}

fn send_all(files: &Receiver<Followed>, tell: &Sender<Lost>) {
    for followed in files {
        if let Err(error) = send(&followed) {
            let path = followed.path;
            // Nobody listens where the recording has ended meanwhile.
            let _ = tell.send(Lost { path, error });
        }
    }
}

/// Sends on what is written to a file until that ends, and is on the disk.
fn send(followed: &Followed) -> io::Result<()> {
    let Followed {
        file,
        began,
        length,
        ..
    } = followed;
    let first = began.next_multiple_of(STEP);
    let (mut sent, mut kept) = (first, first);
    loop {
        match length.load(Ordering::Acquire) {
            ENDED => return lost(file.sync_data()),
            length if length < sent + STEP => thread::park(),
            _ => {
                sync(file, sent, libc::SYNC_FILE_RANGE_WRITE)?;
                sent += STEP;
                if sent - kept > KEPT {
                    // What has not got there cannot be let go, and would have all processors asked for it (`generic_fadvise`,
                    // mm/fadvise.c, v6.18).
                    sync(file, kept, libc::SYNC_FILE_RANGE_WAIT_BEFORE)?;
                    let _ = fadvise(file, kept, NonZeroU64::new(STEP), Advice::DontNeed);
                    kept += STEP;
                }
            }
        }
    }
}

/// Starts to write a part of a file to the disk, or waits until that is done.
fn sync(file: &File, start: u64, what: libc::c_uint) -> io::Result<()> {
    // SAFETY: numbers alone, of a file that is open.
    let result = unsafe {
        libc::sync_file_range(
            file.as_raw_fd(),
            start.cast_signed(),
            STEP.cast_signed(),
            what,
        )
    };
    lost(if result == 0 {
        Ok(())
    } else {
        Err(io::Error::last_os_error())
    })
}

/// What of it is a loss. Where a file system knows nothing of the call, all is as it would be without.
fn lost(result: io::Result<()>) -> io::Result<()> {
    match result {
        Err(error) if !is_loss(&error) => Ok(()),
        result => result,
    }
}

/// The errors of a disk, or of who keeps its blocks, as `filemap_check_errors` tells them (mm/filemap.c, v6.18).
fn is_loss(error: &io::Error) -> bool {
    matches!(
        error.raw_os_error(),
        Some(libc::EIO | libc::ENOSPC | libc::EDQUOT)
    )
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
    fn a_file_is_held_until_it_has_ended_and_some_wait_meanwhile() {
        let file = tempfile::tempfile().unwrap();
        file.set_len(3 * STEP).unwrap();
        let mut writeback = Writeback::default();
        let path = Path::new("file");
        let first = writeback.follow(path, &file, 1).unwrap();
        first.tell(3 * STEP);
        let mut follow = || writeback.follow(path, &file, 0);
        // There is room for all of them when the thread has taken the first.
        let others = [(); WAITING].map(|()| soon(&mut follow).unwrap());
        assert!(follow().is_none());
        assert!(!writeback.holds_closed());
        drop(others);
        assert!(writeback.holds_closed());
        drop(first);
        assert!(soon(|| (!writeback.holds_closed()).then_some(())).is_some());
        assert!(writeback.finish().is_none());
    }
}
