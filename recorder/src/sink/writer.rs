//! Writes batches of output on a thread of its own, so that the ring's reader never waits for a disk or a pipe.
//!
//! Batches are few and go round: filled by the reader, written here, given back. When all are on their way, the reader
//! leaves the records in the ring, and the ring's own limit bounds what waits.

use std::{
    fs::File,
    io,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc::{Sender, channel},
    },
    thread,
};

use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use super::output::Output;

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
    /// It ends the output, and so is wanted even where something before it is missing.
    pub is_end: bool,
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
    give_up: Arc<AtomicBool>,
}

impl Writer {
    /// Starts the thread. `whole` tells how much of a cut batch is worth keeping.
    pub fn start(file: File, whole: fn(&[u8]) -> usize) -> io::Result<Self> {
        let (to_write, batches) = channel::<Batch>();
        let (give_back, returned) = unbounded_channel();
        let give_up = Arc::new(AtomicBool::new(false));
        let mut output = Output::new(file, whole, Arc::clone(&give_up))?;
        thread::Builder::new()
            .name("droprec-write".to_owned())
            .spawn(move || {
                for batch in batches {
                    let (written, error) = output.write(&batch.bytes, batch.is_end);
                    let returned = Returned {
                        batch,
                        written,
                        error,
                    };
                    if give_back.send(returned).is_err() {
                        return;
                    }
                }
            })?;
        let free = (0..BATCHES).map(|_| Batch::default()).collect();
        Ok(Self {
            to_write,
            returned,
            free,
            give_up,
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
        self.free.push(Batch {
            bytes: batch.bytes,
            ..Batch::default()
        });
    }

    /// No batch is on its way, when the caller holds so many.
    #[must_use]
    pub fn is_idle(&self, held: usize) -> bool {
        self.free.len() + held == BATCHES
    }

    /// Lets the thread wait no longer for a pipe to be read. What is written to a disk it cannot be called off from.
    pub fn give_up(&self) {
        self.give_up.store(true, Ordering::Relaxed);
    }
}
