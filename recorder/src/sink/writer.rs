//! Writes batches of output on a thread of its own, so that the ring's reader never waits for a disk or a pipe.
//!
//! Batches are few and go round: filled by the reader, written here, given back. When all are on their way, the reader
//! leaves the records in the ring, and the ring's own limit bounds what waits.

use std::{
    fs::File,
    io,
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc::{Sender, channel},
    },
    thread,
};

use rustix::thread::CapabilitySet;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use super::{output::Output, series::Series};
use crate::privileges::Confinement;

/// How many batches go round.
const BATCHES: usize = 32;
/// When a batch is full, in bytes.
pub const FULL: usize = 256 * 1024;

/// Output that is written in one go.
#[derive(Debug, Default)]
pub struct Batch {
    /// The output.
    pub bytes: Vec<u8>,
    /// The index of the interface of each finding that is in it.
    pub devices: Vec<u32>,
    /// It begins another file.
    pub is_beginning: bool,
    /// That file stands in for the first one, which is not there any more.
    pub is_first: bool,
    /// It ends its file, and so is wanted even where something before it is missing.
    pub is_end: bool,
}

impl Batch {
    /// What is in it belongs to no finding alone, and all findings that follow need it.
    #[must_use]
    pub fn is_head(&self) -> bool {
        self.devices.is_empty() && !self.is_end
    }
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
    /// The file that it began, or could not begin.
    pub file: Option<PathBuf>,
}

/// The writing thread, seen from the reader's side.
#[derive(Debug)]
pub struct Writer {
    to_write: Sender<Batch>,
    returned: UnboundedReceiver<Returned>,
    free: Vec<Batch>,
    /// How many were handed over and are not back.
    on_the_way: usize,
    give_up: Arc<AtomicBool>,
}

impl Writer {
    /// Starts the thread. `whole` tells how much of a cut batch is worth keeping; `series` are the files after this one, where
    /// there may be any; `confinement`: what the thread is left with, where that is less than it has.
    pub fn start(
        file: File,
        whole: fn(&[u8]) -> usize,
        mut series: Option<Series>,
        confinement: Option<Confinement>,
    ) -> io::Result<Self> {
        let (to_write, batches) = channel::<Batch>();
        let (give_back, returned) = unbounded_channel();
        let give_up = Arc::new(AtomicBool::new(false));
        let given_up = Arc::clone(&give_up);
        let new = move |file| Output::new(file, whole, Arc::clone(&given_up));
        let mut output = Some(new(file)?);
        thread::Builder::new()
            .name("droprec-write".to_owned())
            .spawn(move || {
                // What stands in its way stands in that of the thread that reads, too, which says so.
                let _ = confinement.map(|of| of.confine(CapabilitySet::empty()));
                for batch in batches {
                    let mut file = None;
                    let mut unbegun = None;
                    if let Some(series) = series.as_mut().filter(|_| batch.is_beginning) {
                        let (path, begun) = series.begin(batch.is_first);
                        // The one before is closed with this.
                        output = begun
                            .and_then(&new)
                            .map_err(|error| unbegun = Some(error))
                            .ok();
                        file = Some(path);
                    }
                    let (mut written, error) = match &mut output {
                        Some(output) => output.write(&batch.bytes, batch.is_end),
                        None => (0, unbegun),
                    };
                    // Without its head there is no sense in what follows.
                    if error.is_some() && batch.is_head() {
                        output = None;
                        if let Some(series) = series.as_mut().filter(|_| batch.is_beginning) {
                            series.withdraw();
                            written = 0;
                        }
                    }
                    let returned = Returned {
                        batch,
                        written,
                        error,
                        file,
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
            on_the_way: 0,
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
        // The thread ends only after this half of it.
        if self.to_write.send(batch).is_ok() {
            self.on_the_way += 1;
        }
    }

    /// The next batch that comes back. It is to be handed to [`Writer::recycle`] when it was looked at.
    pub async fn returned(&mut self) -> Option<Returned> {
        let returned = self.returned.recv().await?;
        self.on_the_way -= 1;
        Some(returned)
    }

    /// As [`Writer::returned`], where one is back already.
    pub fn already_returned(&mut self) -> Option<Returned> {
        let returned = self.returned.try_recv().ok()?;
        self.on_the_way -= 1;
        Some(returned)
    }

    /// Puts a batch back to the empty ones. Of those that came from elsewhere the memory is given up.
    pub fn recycle(&mut self, batch: Batch) {
        let Batch {
            mut bytes,
            mut devices,
            ..
        } = batch;
        if self.free.len() < BATCHES {
            bytes.clear();
            devices.clear();
            self.free.push(Batch {
                bytes,
                devices,
                ..Batch::default()
            });
        }
    }

    /// No batch is on its way.
    #[must_use]
    pub fn is_idle(&self) -> bool {
        self.on_the_way == 0
    }

    /// Lets the thread wait no longer for a pipe to be read. What is written to a disk it cannot be called off from.
    pub fn give_up(&self) {
        self.give_up.store(true, Ordering::Relaxed);
    }

    /// [`Writer::give_up`] was called.
    #[must_use]
    pub fn has_given_up(&self) -> bool {
        self.give_up.load(Ordering::Relaxed)
    }
}
