//! Writes batches of output on a thread of its own, so that the ring's reader never waits for a disk or a pipe.
//!
//! Batches are few and go round: filled by the reader, written here, given back. When all are on their way, the reader
//! leaves the records in the ring, and the ring's own limit bounds what waits.

use std::{
    fs::File,
    io::{self, Write as _},
    sync::mpsc::{Sender, channel},
    thread,
};

use rustix::fs::{SeekFrom, ftruncate, seek};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

/// How many batches go round.
const BATCHES: usize = 32;
/// When a batch is full, in bytes.
pub const FULL: usize = 256 * 1024;

/// Output that is written in one go.
#[derive(Debug, Default)]
pub struct Batch {
    /// The output.
    pub bytes: Vec<u8>,
    /// How many findings are in it.
    pub findings: u64,
}

/// A batch, back from being written.
#[derive(Debug)]
pub struct Returned {
    /// The batch.
    pub batch: Batch,
    /// How many of its bytes, whole findings all, reached the target.
    pub written: usize,
    /// What kept the rest from it.
    pub error: Option<io::Error>,
}

/// The writing thread, seen from the reader's side.
#[derive(Debug)]
pub struct Writer {
    to_write: Sender<Batch>,
    returned: UnboundedReceiver<Returned>,
    free: Vec<Batch>,
}

impl Writer {
    /// Starts the thread. `whole` tells how much of a cut batch is worth keeping.
    pub fn start(file: File, whole: fn(&[u8]) -> usize) -> io::Result<Self> {
        let (to_write, batches) = channel::<Batch>();
        let (give_back, returned) = unbounded_channel();
        let mut output = Output {
            file,
            whole,
            length: 0,
            failed: false,
        };
        thread::Builder::new()
            .name("droprec-write".to_owned())
            .spawn(move || {
                for batch in batches {
                    let (written, error) = output.write(&batch.bytes);
                    if give_back
                        .send(Returned {
                            batch,
                            written,
                            error,
                        })
                        .is_err()
                    {
                        return;
                    }
                }
            })?;
        let free = (0..BATCHES).map(|_| Batch::default()).collect();
        Ok(Self {
            to_write,
            returned,
            free,
        })
    }

    /// An empty batch. `None`: all are on their way.
    pub fn take(&mut self) -> Option<Batch> {
        self.free.pop()
    }

    /// [`Writer::take`] would give one.
    #[must_use]
    pub fn has_free(&self) -> bool {
        !self.free.is_empty()
    }

    /// Hands a batch over.
    pub fn write(&mut self, batch: Batch) {
        if let Err(unsent) = self.to_write.send(batch) {
            // The thread ends only after this half of it.
            self.free.push(unsent.0);
        }
    }

    /// The next batch that comes back. It is to be handed to [`Writer::recycle`] when it was looked at.
    pub async fn returned(&mut self) -> Option<Returned> {
        self.returned.recv().await
    }

    /// Puts a batch back to the empty ones.
    pub fn recycle(&mut self, mut batch: Batch) {
        batch.bytes.clear();
        batch.findings = 0;
        self.free.push(batch);
    }

    /// No batch is on its way, when the caller holds so many.
    #[must_use]
    pub fn is_idle(&self, held: usize) -> bool {
        self.free.len() + held == BATCHES
    }
}

struct Output {
    file: File,
    whole: fn(&[u8]) -> usize,
    /// Bytes written so far.
    length: u64,
    failed: bool,
}

impl Output {
    /// Writes a batch, or as much of it as fits. After an error nothing more is written: what would follow has a gap
    /// before it that no reader could step over.
    fn write(&mut self, batch: &[u8]) -> (usize, Option<io::Error>) {
        if self.failed {
            return (0, None);
        }
        let mut written = 0;
        while written < batch.len() {
            match self.file.write(&batch[written..]) {
                Ok(0) => return self.fail(batch, written, io::ErrorKind::WriteZero.into()),
                Ok(count) => written += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return self.fail(batch, written, error),
            }
        }
        self.length += written as u64;
        (written, None)
    }

    /// Takes a finding that was written in part away again. A pipe keeps it.
    fn fail(
        &mut self,
        batch: &[u8],
        written: usize,
        error: io::Error,
    ) -> (usize, Option<io::Error>) {
        self.failed = true;
        let whole = (self.whole)(&batch[..written]);
        let end = self.length + whole as u64;
        if ftruncate(&self.file, end).is_ok() {
            let _ = seek(&self.file, SeekFrom::Start(end));
        }
        (whole, Some(error))
    }
}
