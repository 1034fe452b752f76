//! Has what is written go on to the disk at once, and out of the page cache.
//!
//! A flood writes hundreds of megabytes a second that nobody reads soon. Left to the kernel they push out what the machine's other
//! programs read, until so much waits for the disk that who writes is made to wait, too; and each page of memory is a new one, which
//! costs more than the writing does. The last of them stay: whoever opens the file next has them at hand.

use std::{
    fs::File,
    num::NonZeroU64,
    sync::mpsc::{SyncSender, TrySendError, sync_channel},
    thread,
};

use rustix::fs::{Advice, fadvise};

/// Bytes of a file after which they are sent on; a multiple of any size of a page, so that the one that is still written to is left
/// alone.
const STEP: u64 = 4 * 1024 * 1024;
/// How far behind them others may still be on their way to the disk. Only what has got there leaves the page cache.
const ON_THE_WAY: u64 = 16 * STEP;

/// A part of a file.
struct Part {
    file: File,
    start: u64,
    end: u64,
}

/// The thread that sends on, which may have to wait for the disk. Whoever writes does not.
#[derive(Default)]
pub(super) struct Writeback {
    parts: Option<SyncSender<Part>>,
}

impl Writeback {
    /// `file` is `length` bytes long now, of which `sent` were sent on. How many are now.
    pub(super) fn send(&mut self, file: &File, sent: u64, length: u64) -> u64 {
        let end = length - length % STEP;
        if end <= sent {
            return sent;
        }
        // Without a descriptor or a thread for it, all is as it would be without this.
        let Ok(file) = file.try_clone() else {
            return end;
        };
        let start = sent.saturating_sub(ON_THE_WAY);
        match self.parts().try_send(Part { file, start, end }) {
            // It is at the part before, and takes this one with the next.
            Err(TrySendError::Full(_)) => sent,
            Ok(()) | Err(TrySendError::Disconnected(_)) => end,
        }
    }

    /// Starts the thread, once there is something to do for it.
    fn parts(&mut self) -> &SyncSender<Part> {
        self.parts.get_or_insert_with(|| {
            let (parts, to_send) = sync_channel::<Part>(1);
            let _ = thread::Builder::new()
                .name("droprec-disk".to_owned())
                .spawn(move || {
                    for Part { file, start, end } in to_send {
                        // Starts to write what is dirty, and lets go of what is clean (`generic_fadvise`, mm/fadvise.c, v6.18).
                        let _ =
                            fadvise(&file, start, NonZeroU64::new(end - start), Advice::DontNeed);
                    }
                });
            parts
        })
    }
}
