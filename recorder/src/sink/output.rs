//! Writes whole findings to a file or a pipe, and knows of each whether it got there.

use std::{
    fs::File,
    io::{self, Seek as _, SeekFrom, Write as _},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use rustix::event::{PollFd, PollFlags, Timespec, poll};

/// What a pipe takes at once or not at all (`PIPE_BUF`, pipe(7)), in bytes.
const PIPE_PIECE: usize = 4096;
/// How long a pipe is waited for before a look is taken whether that is still wanted.
const PIPE_WAIT: Timespec = Timespec {
    tv_sec: 0,
    tv_nsec: 100_000_000,
};
/// What is cut off a file that cannot grow, so that its end fits in: the statistics of some thirty interfaces.
const ROOM_FOR_THE_END: usize = 4096;

/// A file or a pipe that is being written.
pub(super) struct Output {
    file: File,
    whole: fn(&[u8]) -> usize,
    give_up: Arc<AtomicBool>,
    /// Bytes written so far; `None` for a pipe and the like, which can be neither cut nor waited for without end.
    length: Option<u64>,
    has_failed: bool,
}

impl Output {
    /// `whole` tells how much of a cut batch is worth keeping; `give_up` that nobody wants to wait any more.
    pub(super) fn new(
        mut file: File,
        whole: fn(&[u8]) -> usize,
        give_up: Arc<AtomicBool>,
    ) -> io::Result<Self> {
        // Standard output may be a file that has something in it already.
        let length = if file.metadata()?.is_file() {
            Some(file.seek(SeekFrom::End(0))?)
        } else {
            None
        };
        Ok(Self {
            file,
            whole,
            give_up,
            length,
            has_failed: false,
        })
    }

    /// Writes a batch, or as much of it as fits, and says how much that was. After an error only the end is written: what
    /// would follow has a gap before it.
    pub(super) fn write(&mut self, batch: &[u8], is_end: bool) -> (usize, Option<io::Error>) {
        if self.has_failed && !(is_end && self.length.is_some()) {
            return (0, None);
        }
        let mut written = 0;
        while written < batch.len() {
            match self.write_some(&batch[written..]) {
                Ok(0) => return self.fail(batch, written, io::ErrorKind::WriteZero.into()),
                Ok(count) => written += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return self.fail(batch, written, error),
            }
        }
        if let Some(length) = &mut self.length {
            *length += written as u64;
        }
        (written, None)
    }

    fn write_some(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.length.is_some() {
            return self.file.write(bytes);
        }
        // Piece by piece, so that it is known what a pipe has taken when nobody empties it.
        loop {
            if self.give_up.load(Ordering::Relaxed) {
                return Err(io::ErrorKind::TimedOut.into());
            }
            let mut fds = [PollFd::new(&self.file, PollFlags::OUT)];
            if poll(&mut fds, Some(&PIPE_WAIT))? == 0 {
                continue;
            }
            match self.file.write(&bytes[..bytes.len().min(PIPE_PIECE)]) {
                // Another writer of the same pipe was faster.
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                result => return result,
            }
        }
    }

    /// Takes a finding that was written in part away again, and makes room for the end. A pipe keeps all that it has.
    fn fail(
        &mut self,
        batch: &[u8],
        written: usize,
        error: io::Error,
    ) -> (usize, Option<io::Error>) {
        let room = if self.has_failed || self.length.is_none() {
            0
        } else {
            ROOM_FOR_THE_END
        };
        self.has_failed = true;
        let kept = &batch[..written.saturating_sub(room)];
        let whole = (self.whole)(kept);
        let Some(length) = &mut self.length else {
            return (whole, Some(error));
        };
        let end = *length + written as u64;
        let is_ours = self
            .file
            .metadata()
            .is_ok_and(|metadata| metadata.len() == end);
        // Where somebody else writes to the same file, what is cut off would be theirs.
        if is_ours && self.file.set_len(*length + whole as u64).is_ok() {
            *length += whole as u64;
            let _ = self.file.seek(SeekFrom::Start(*length));
            return (whole, Some(error));
        }
        *length = end;
        ((self.whole)(&batch[..written]), Some(error))
    }
}
