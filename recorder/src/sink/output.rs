//! Writes whole findings to a file or a pipe, and knows of each whether it got there.

use std::{
    borrow::Cow,
    fs::File,
    io::{self, Seek as _, SeekFrom, Write as _},
    path::Path,
};

use droprec_pcapng::{block_type, blocks};
use rustix::{
    event::{PollFd, PollFlags, Timespec, poll},
    fs::{FallocateFlags, FlockOperation, fallocate, flock},
};
use zstd::zstd_safe::compress_bound;

use super::{
    compressor::Compressor,
    direct::Direct,
    room::is_full,
    writeback::{self, Follower, Lost, STEP, Writeback},
    writer::{Batch, Manner},
};

/// What a pipe takes at once or not at all (`PIPE_BUF`, pipe(7)), in bytes.
const PIPE_PIECE: usize = 4096;
/// How long a pipe is waited for before a look is taken whether that is still wanted.
const PIPE_WAIT: Timespec = Timespec {
    tv_sec: 0,
    tv_nsec: 100_000_000,
};
/// What is cut off a file that cannot grow, so that its end fits in: the statistics of some thirty interfaces.
const ROOM_FOR_THE_END: usize = 4096;

/// Who is asked before it is given up.
pub(super) trait Patience {
    /// Nobody wants to wait any longer.
    fn has_ended(&self) -> bool;

    /// There is no room. True: there may be some now.
    fn make_room(&mut self) -> bool;

    /// The disk keeps up with what is written.
    fn keeps_up(&self) -> bool;
}

/// What became of a batch.
#[derive(Debug, Default)]
pub(super) struct Outcome {
    /// How many of its bytes, whole findings all, got there.
    pub(super) written: usize,
    /// What kept the rest from it.
    pub(super) error: Option<io::Error>,
    /// The rest is for another file: this one is as long as it may be.
    pub(super) is_full: bool,
}

/// A file or a pipe that is being written.
pub(super) struct Output {
    file: File,
    manner: Manner,
    /// `None`: it is written as it is.
    compressor: Option<Compressor>,
    direct: Direct,
    /// Bytes in it so far; `None` for a pipe and the like, which can be neither cut nor waited for without end.
    length: Option<u64>,
    /// How many there were before.
    began: u64,
    /// Sends them on to the disk, once there are many.
    follower: Option<Follower>,
    /// Bytes written to it.
    pub(super) size: u64,
    /// A finding is in it.
    pub(super) has_findings: bool,
    has_failed: bool,
    is_full: bool,
}

impl Output {
    pub(super) fn new(mut file: File, manner: Manner) -> io::Result<Self> {
        // Standard output may be a file that has something in it already.
        let length = if file.metadata()?.is_file() {
            Some(file.seek(SeekFrom::End(0))?)
        } else {
            None
        };
        let compressor = if manner.is_compressed {
            Some(Compressor::new()?)
        } else {
            None
        };
        let may_be_direct = manner.is_own && !manner.is_compressed && !manner.is_read_soon;
        let direct = if may_be_direct {
            Direct::of(&file)
        } else {
            Direct::never()
        };
        Ok(Self {
            file,
            manner,
            compressor,
            direct,
            length,
            began: length.unwrap_or(0),
            follower: None,
            size: 0,
            has_findings: false,
            has_failed: false,
            is_full: false,
        })
    }

    /// Writes a batch, or as much of it as fits. After an error, and once the file is full, only the end is written: what would
    /// follow has a gap before it.
    pub(super) fn write(&mut self, batch: &Batch, patience: &mut dyn Patience) -> Outcome {
        let mut outcome = Outcome::default();
        if !batch.is_end && (self.is_full || self.has_failed) {
            outcome.is_full = self.is_full && !self.has_failed;
            return outcome;
        }
        if self.has_failed && self.length.is_none() {
            return outcome;
        }
        while outcome.written < batch.bytes.len() && outcome.error.is_none() {
            let rest = &batch.bytes[outcome.written..];
            let piece = if batch.devices.is_empty() {
                rest
            } else {
                &rest[..self.fitting(rest, batch.end)]
            };
            if piece.is_empty() {
                self.is_full = true;
                outcome.is_full = true;
                break;
            }
            let (written, error) = match self.reserve(piece, batch, patience) {
                Ok(piece) => self.write_piece(piece, batch.is_end, patience),
                Err(error) => (self.fail(&[], 0), Some(error)),
            };
            outcome.written += written;
            outcome.error = error;
            self.has_findings |= written > 0 && !batch.devices.is_empty();
        }
        outcome
    }

    /// Has what is written go on to the disk. Where that cannot be, the kernel sees to it in its own time.
    pub(super) fn send_on(&mut self, path: &Path, writeback: &mut Writeback) {
        let Some(length) = self.length.filter(|_| !self.manner.is_read_soon) else {
            return;
        };
        if self.follower.is_none() && length - self.began >= STEP {
            self.follower = writeback.follow(path, &self.file, self.began);
        }
        if let Some(follower) = &self.follower {
            follower.tell(length);
        }
    }

    /// Nothing but its end is written any more.
    pub(super) fn give_up(&mut self) {
        self.has_failed = true;
    }

    /// Closes it, and has the disk take all of it; unless a command reads it next, which may remove it. A file of a series has a
    /// lock, which whoever sends it on would keep.
    pub(super) fn close(self, path: &Path, is_of_series: bool, writeback: &mut Writeback) {
        if is_of_series {
            // It goes with the last descriptor else.
            let _ = flock(&self.file, FlockOperation::Unlock);
        }
        if self.follower.is_none() && self.is_kept() {
            writeback.close(path, &self.file, self.began);
        }
    }

    /// Waits until the disk has all of it.
    pub(super) fn wait(&self, path: &Path) -> Result<(), Lost> {
        if self.is_kept() {
            writeback::wait(path, &self.file)
        } else {
            Ok(())
        }
    }

    /// It is a file, which is to stay as it is.
    fn is_kept(&self) -> bool {
        self.length.is_some() && !self.manner.is_read_soon
    }

    /// How many of these bytes, whole findings all, may be written before a look is taken again at how long the file is then. A
    /// finding is the last one that fits, as with tcpdump, if the file was not too long before it. `end`: bytes of its end.
    fn fitting(&self, findings: &[u8], end: usize) -> usize {
        let (Some(limit), Some(length)) = (self.manner.limit, self.length) else {
            return findings.len();
        };
        let room = limit.checked_sub(length + end as u64);
        if room.is_none() && self.has_findings {
            return 0;
        }
        let room = room.unwrap_or(0);
        let mut fitting = 0;
        for block in blocks(findings) {
            if fitting > 0 && block.bytes.end as u64 > room {
                break;
            }
            // The blocks of interfaces are nothing without the finding behind them.
            if block.block_type == block_type::ENHANCED_PACKET {
                fitting = block.bytes.end;
            }
        }
        fitting
    }

    /// Writes what is written as a whole, or not at all where it is compressed.
    fn write_piece(
        &mut self,
        piece: &[u8],
        is_end: bool,
        patience: &mut dyn Patience,
    ) -> (usize, Option<io::Error>) {
        let mut compressor = self.compressor.take();
        let bytes = match &mut compressor {
            None => Cow::Borrowed(piece),
            Some(_) if self.has_failed => Cow::Owned(Compressor::uncompressed_end(piece)),
            Some(compressor) => match compressor.compress(piece, is_end) {
                Ok(bytes) => Cow::Borrowed(bytes),
                Err(error) => {
                    // The frame has no end then.
                    (self.has_failed, self.length) = (true, None);
                    return (0, Some(error));
                }
            },
        };
        let (written, error) = self.write_bytes(&bytes, patience);
        self.size += written as u64;
        let whole = if error.is_some() {
            self.fail(&bytes, written)
        } else {
            if let Some(length) = &mut self.length {
                *length += written as u64;
                if self.manner.is_compressed && is_end {
                    // What is reserved behind it is not needed any more; it does no harm either.
                    let _ = self.file.set_len(*length);
                }
            }
            piece.len()
        };
        self.compressor = compressor;
        (whole, error)
    }

    /// How much of a piece is to be written now. Of what is compressed nothing can be cut off for the end: so it is made sure
    /// before that there is room for both, and a disk that is almost full gets less at a time.
    fn reserve<'a>(
        &self,
        piece: &'a [u8],
        batch: &Batch,
        patience: &mut dyn Patience,
    ) -> io::Result<&'a [u8]> {
        let is_to_last = self.manner.is_compressed && !batch.is_end;
        let Some(length) = self.length.filter(|_| is_to_last) else {
            return Ok(piece);
        };
        let mut some = piece;
        loop {
            let room = (compress_bound(some.len()) + ROOM_FOR_THE_END) as u64;
            match fallocate(&self.file, FallocateFlags::KEEP_SIZE, length, room) {
                Err(error) if is_full(&error.into()) => {
                    let half = if batch.is_head() {
                        0
                    } else {
                        (self.manner.whole)(&some[..some.len() / 2])
                    };
                    if half > 0 {
                        some = &some[..half];
                    } else if patience.make_room() {
                        some = piece;
                    } else {
                        return Err(error.into());
                    }
                }
                // Where it cannot be reserved, it is tried.
                _ => return Ok(some),
            }
        }
    }

    fn write_bytes(
        &mut self,
        bytes: &[u8],
        patience: &mut dyn Patience,
    ) -> (usize, Option<io::Error>) {
        let mut written = 0;
        while written < bytes.len() {
            match self.write_some(&bytes[written..], written as u64, patience) {
                Ok(0) => return (written, Some(io::ErrorKind::WriteZero.into())),
                Ok(count) => written += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) if !is_full(&error) => return (written, Some(error)),
                Err(error) => {
                    written = self.cut(bytes, written);
                    if !patience.make_room() {
                        return (written, Some(error));
                    }
                }
            }
        }
        (written, None)
    }

    /// Takes a finding that was written in part away again: what is there can be read while room is waited for. How much stays.
    fn cut(&mut self, bytes: &[u8], written: usize) -> usize {
        let Some(length) = self.length.filter(|_| !self.manner.is_compressed) else {
            return written;
        };
        let whole = (self.manner.whole)(&bytes[..written]);
        let end = length + whole as u64;
        let is_cut = whole < written
            && self.file.set_len(end).is_ok()
            && self.file.seek(SeekFrom::Start(end)).is_ok();
        if is_cut { whole } else { written }
    }

    fn write_some(
        &mut self,
        bytes: &[u8],
        before: u64,
        patience: &dyn Patience,
    ) -> io::Result<usize> {
        if let Some(length) = self.length {
            let offset = length + before;
            let keeps_up = patience.keeps_up();
            return self.direct.write(&self.file, offset, bytes, keeps_up);
        }
        // Piece by piece, so that it is known what a pipe has taken when nobody empties it.
        loop {
            if patience.has_ended() {
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

    /// Takes a finding that was written in part away again, and makes room for the end; a pipe keeps all. How much stays.
    fn fail(&mut self, bytes: &[u8], written: usize) -> usize {
        let is_compressed = self.manner.is_compressed;
        // What was compressed can be cut nowhere but where it was flushed.
        let whole_of = |bytes: &[u8]| {
            if is_compressed {
                0
            } else {
                (self.manner.whole)(bytes)
            }
        };
        let room = if self.has_failed || self.length.is_none() {
            0
        } else {
            ROOM_FOR_THE_END
        };
        self.has_failed = true;
        let whole = whole_of(&bytes[..written.saturating_sub(room)]);
        let everything = whole_of(&bytes[..written]);
        let Some(length) = &mut self.length else {
            return everything;
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
            return whole;
        }
        if is_compressed {
            // Nothing can stand behind a part of a block.
            self.length = None;
        } else {
            *length = end;
        }
        everything
    }
}

#[cfg(test)]
mod tests {
    use rustix::io::Errno;

    use super::*;

    #[test]
    fn a_file_of_a_series_is_locked_no_more_when_it_is_closed_whoever_still_sends_it_on() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("file");
        let file = File::create_new(&path).unwrap();
        flock(&file, FlockOperation::LockExclusive).unwrap();
        let held = file.try_clone().unwrap();
        let output = Output::new(file, Manner::plain(<[u8]>::len)).unwrap();
        let locked = || {
            let file = File::open(&path).unwrap();
            flock(&file, FlockOperation::NonBlockingLockShared)
        };
        assert_eq!(locked(), Err(Errno::WOULDBLOCK));
        output.close(&path, true, &mut Writeback::default());
        assert_eq!(locked(), Ok(()));
        drop(held);
    }
}
