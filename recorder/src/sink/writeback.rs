//! Has what is written to a long file go on to the disk, and out of the page cache.
//!
//! A flood writes hundreds of megabytes a second that nobody reads soon. Where they cannot go past the page cache (`direct.rs`)
//! and are left to the kernel, they push out what other programs have in memory, until so much waits for the disk that whoever
//! writes is made to wait as well. Who opens the file next has the last of them at hand.
//!
//! What the kernel has taken is not on the disk yet. If that fails, nobody hears of it but who waits for it: so files are, once
//! they are closed.

use std::{
    fs::File,
    io,
    num::NonZeroU64,
    os::{fd::AsRawFd as _, unix::fs::MetadataExt as _},
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
/// Files that wait for the thread, at most: each has a descriptor.
const WAITING: usize = 64;

/// What was written, and the disk has not taken.
#[derive(Debug, thiserror::Error)]
#[error(
    "the disk has not taken all that was written to {}, and some of it may be missing: {cause}",
    name(path)
)]
pub struct Lost {
    path: PathBuf,
    /// What the kernel says of it.
    pub cause: io::Error,
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
    /// What an error says, if it says that.
    #[must_use]
    pub fn of(error: &io::Error) -> Option<&Self> {
        error.get_ref()?.downcast_ref()
    }
}

/// The thread that sends on, one file after the other. It is waited for at the end of a recording, and where too many files wait.
#[derive(Debug, Default)]
pub(super) struct Writeback {
    /// Once there is a file that is long, or closed.
    started: Option<Started>,
    /// The files that it may hold.
    followed: Vec<Weak<Followed>>,
}

#[derive(Debug)]
struct Started {
    files: SyncSender<Arc<Followed>>,
    thread: Thread,
    lost: Receiver<Lost>,
}

/// A file that is sent on.
#[derive(Debug)]
struct Followed {
    path: PathBuf,
    file: File,
    began: u64,
    length: AtomicU64,
}

/// A file that is sent on, as whoever writes it has it. It ends when dropped.
#[derive(Debug)]
pub(super) struct Follower {
    of: Arc<Followed>,
    thread: Thread,
}

impl Writeback {
    /// Sends on what is written to `file` from `began` on. `None`: too many wait already, or there is no thread.
    pub(super) fn follow(&mut self, path: &Path, file: &File, began: u64) -> Option<Follower> {
        let (files, follower) = self.follower(path, file, began)?;
        files.try_send(Arc::clone(&follower.of)).ok()?;
        Some(follower)
    }

    /// Sees to it that the disk has all of a file that is closed.
    pub(super) fn close(&mut self, path: &Path, file: &File, began: u64) {
        if let Some((files, follower)) = self.follower(path, file, began) {
            // It ends at once. Where there is no thread any more, there is nobody to tell either.
            let of = Arc::clone(&follower.of);
            drop(follower);
            let _ = files.send(of);
        }
    }

    fn follower(
        &mut self,
        path: &Path,
        file: &File,
        began: u64,
    ) -> Option<(&SyncSender<Arc<Followed>>, Follower)> {
        if self.started.is_none() {
            self.started = start().ok();
        }
        let started = self.started.as_ref()?;
        let of = Arc::new(Followed {
            path: path.to_owned(),
            file: file.try_clone().ok()?,
            began,
            length: AtomicU64::new(began),
        });
        self.followed.retain(|followed| followed.strong_count() > 0);
        self.followed.push(Arc::downgrade(&of));
        let thread = started.thread.clone();
        Some((&started.files, Follower { of, thread }))
    }

    /// What a file has lost since this was asked last.
    pub(super) fn lost(&self) -> Option<Lost> {
        self.started.as_ref()?.lost.try_recv().ok()
    }

    /// Waits until the disk has all files that have ended. The first loss.
    pub(super) fn finish(&mut self) -> Option<Lost> {
        let Started { files, lost, .. } = self.started.take()?;
        drop(files);
        // It has no more to come when the thread ends, and its half goes.
        lost.into_iter().reduce(|first, _| first)
    }

    /// It holds a file that was removed: the disk has its room no sooner than it is let go.
    pub(super) fn holds_removed(&self) -> bool {
        let mut held = self.followed.iter().filter_map(Weak::upgrade);
        held.any(|followed| followed.has_ended() && followed.is_removed())
    }
}

impl Followed {
    fn has_ended(&self) -> bool {
        self.length.load(Ordering::Acquire) == ENDED
    }

    fn is_removed(&self) -> bool {
        let metadata = self.file.metadata();
        metadata.is_ok_and(|metadata| metadata.nlink() == 0)
    }
}

impl Follower {
    /// The file is so many bytes long now.
    pub(super) fn tell(&self, length: u64) {
        self.of.length.store(length, Ordering::Release);
        self.thread.unpark();
    }
}

impl Drop for Follower {
    fn drop(&mut self) {
        self.tell(ENDED);
    }
}

fn start() -> io::Result<Started> {
    let (files, to_send) = sync_channel(WAITING);
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

fn send_all(files: &Receiver<Arc<Followed>>, tell: &Sender<Lost>) {
    for followed in files {
        if let Err(cause) = send(&followed)
            && !followed.is_removed()
        {
            let path = followed.path.clone();
            // Nobody listens where the recording has ended meanwhile.
            let _ = tell.send(Lost { path, cause });
        }
    }
}

/// Sends on what is written to a file until that ends, and the disk has it.
fn send(followed: &Followed) -> io::Result<()> {
    let file = &followed.file;
    let first = followed.began.next_multiple_of(STEP);
    let (mut sent, mut kept) = (first, first);
    loop {
        match followed.length.load(Ordering::Acquire) {
            ENDED => return sync(file, followed.began, TO_ITS_END, WRITE | WAIT),
            length if length < sent + STEP => thread::park(),
            _ => {
                sync(file, sent, STEP, WRITE)?;
                sent += STEP;
                if sent - kept > KEPT {
                    // What has not got there cannot be let go, and would have all processors asked for it (`generic_fadvise`,
                    // mm/fadvise.c, v6.18).
                    sync(file, kept, STEP, WAIT)?;
                    let _ = fadvise(file, kept, NonZeroU64::new(STEP), Advice::DontNeed);
                    kept += STEP;
                }
            }
        }
    }
}

const WRITE: libc::c_uint = libc::SYNC_FILE_RANGE_WRITE;
const WAIT: libc::c_uint = libc::SYNC_FILE_RANGE_WAIT_BEFORE | libc::SYNC_FILE_RANGE_WAIT_AFTER;
/// In place of a number of bytes.
const TO_ITS_END: u64 = 0;

/// Starts to write a part of a file to the disk, or waits until that is done.
fn sync(file: &File, start: u64, bytes: u64, what: libc::c_uint) -> io::Result<()> {
    // SAFETY: numbers alone, of a file that is open.
    let result = unsafe {
        libc::sync_file_range(
            file.as_raw_fd(),
            start.cast_signed(),
            bytes.cast_signed(),
            what,
        )
    };
    if result == 0 {
        return Ok(());
    }
    loss(io::Error::last_os_error())
}

/// Waits until the disk has all of a file, and of where that lies.
pub(super) fn wait(path: &Path, file: &File) -> Result<(), Lost> {
    file.sync_data().or_else(loss).map_err(|cause| Lost {
        path: path.to_owned(),
        cause,
    })
}

/// Whether an error is one of the disk: the kernel has many of them for it (`blk_errors`, block/blk-core.c, v6.18). Where a file
/// system knows nothing of such a call, all is as it would be without.
fn loss(error: io::Error) -> io::Result<()> {
    match error.raw_os_error() {
        Some(libc::EINVAL | libc::ENOSYS | libc::EOPNOTSUPP | libc::ESPIPE | libc::EPERM) => Ok(()),
        _ => Err(error),
    }
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
    fn a_removed_file_is_held_until_the_disk_has_it_and_those_before_it() {
        let mut writeback = Writeback::default();
        let (path, file) = (Path::new("file"), tempfile::tempfile().unwrap());
        file.set_len(3 * STEP).unwrap();
        let first = writeback.follow(path, &file, 1).unwrap();
        first.tell(3 * STEP);
        let named = tempfile::NamedTempFile::new().unwrap();
        writeback.close(path, named.as_file(), 0);
        // The one that is being written, and one that is there.
        assert!(!writeback.holds_removed());
        named.close().unwrap();
        assert!(writeback.holds_removed());
        drop(first);
        assert!(soon(|| (!writeback.holds_removed()).then_some(())).is_some());
        assert!(writeback.finish().is_none());
    }

    #[test]
    fn no_more_files_are_followed_than_may_wait() {
        let file = tempfile::tempfile().unwrap();
        let mut writeback = Writeback::default();
        let mut follow = || writeback.follow(Path::new("file"), &file, 0);
        let first = follow().unwrap();
        // There is room for all of them when the thread has taken the first.
        let others = [(); WAITING].map(|()| soon(&mut follow).unwrap());
        assert!(follow().is_none());
        drop((first, others));
        assert!(writeback.finish().is_none());
    }
}
