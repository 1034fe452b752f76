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
        atomic::{AtomicBool, AtomicU64, Ordering},
        mpsc::{Sender, channel},
    },
    thread,
    time::Instant,
};

use rustix::thread::CapabilitySet;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use super::{
    aligned::Aligned,
    direct::Pace,
    output::{self, Output, Patience as _},
    room::{Room, is_full},
    series::{Begin, Series},
    writeback::Writeback,
};
use crate::privileges::Confinement;

/// How many batches go round.
const BATCHES: usize = 4;
/// When a batch is full, in bytes: with less, there is more to keep account of for the disk and for the page cache.
pub const FULL: usize = 2 * 1024 * 1024;
/// Room in it for the finding that fills it, if that is no longer than most.
const LAST: usize = 32 * 1024;

/// Output that is written in one go.
#[derive(Debug, Default)]
pub struct Batch {
    /// The output.
    pub bytes: Aligned,
    /// The index of the interface of each finding that is in it.
    pub devices: Vec<u32>,
    /// It begins another file.
    pub begins: Option<Begin>,
    /// Bytes that the end of its file will take, where a file may be full.
    pub end: usize,
    /// It ends its file, and so is wanted even where something before it is missing.
    pub is_end: bool,
    /// It is of the last file, or there is none any more: the disk is to have all of them when it comes back.
    pub is_awaited: bool,
}

/// What there is to do when a disk is full.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum OnFull {
    /// End the recording
    #[default]
    Stop,
    /// Wait until there is room, and go on; what the ring has no room for meanwhile is lost, and counted
    Wait,
    /// Remove the oldest files that this recording has made, or that are in its ring, until there is room; with -C or -G
    DropOldest,
}

/// How files are written.
#[derive(Clone, Copy, Debug)]
pub struct Manner {
    /// How much of a cut batch is worth keeping.
    pub whole: fn(&[u8]) -> usize,
    /// With zstd.
    pub is_compressed: bool,
    /// So many bytes long a file may be before the last finding.
    pub limit: Option<u64>,
    /// What there is to do when the disk is full.
    pub on_full: OnFull,
    /// A command reads each file when it is closed.
    pub is_read_soon: bool,
    /// Nobody else has the files open by the same description, whose flags are for all of them.
    pub is_own: bool,
}

impl Manner {
    /// As they come, and to their end.
    #[must_use]
    pub fn plain(whole: fn(&[u8]) -> usize) -> Self {
        Self {
            whole,
            is_compressed: false,
            limit: None,
            on_full: OnFull::Stop,
            is_read_soon: false,
            is_own: false,
        }
    }
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
    /// By how many bytes that has grown.
    pub size: u64,
    /// What kept the rest from it.
    pub error: Option<io::Error>,
    /// The rest is for another file: this one is as long as it may be.
    pub is_full: bool,
    /// The file that it began, or could not begin.
    pub file: Option<PathBuf>,
}

/// What both sides know.
#[derive(Debug, Default)]
pub(super) struct Shared {
    pub(super) give_up: AtomicBool,
    /// The disk does not keep up.
    pub(super) is_behind: AtomicBool,
    pub(super) has_waited: AtomicBool,
    pub(super) removed: AtomicU64,
}

/// The writing thread, seen from the reader's side.
#[derive(Debug)]
pub struct Writer {
    to_write: Sender<Batch>,
    returned: UnboundedReceiver<Returned>,
    free: Vec<Batch>,
    /// How many were handed over and are not back.
    on_the_way: usize,
    /// Where the next one will begin in its file, in bytes, if all that are handed over are written as they are.
    offset: u64,
    pace: Pace,
    shared: Arc<Shared>,
}

/// The writing thread, seen from within.
struct Thread {
    path: PathBuf,
    output: Option<Output>,
    manner: Manner,
    room: Room,
}

impl Thread {
    fn write(&mut self, batch: Batch) -> Returned {
        let mut file = None;
        let mut outcome = output::Outcome::default();
        if let Some(which) = batch.begins {
            outcome.error = self.begin(which).err();
            file = Some(self.path.clone());
        }
        let mut size = 0;
        if let Some(output) = &mut self.output {
            let before = output.size;
            outcome = output.write(&batch, &mut self.room);
            size = output.size - before;
            output.send_on(&self.path, &mut self.room.writeback);
            // What another file has lost is no reason to take this one away.
            if batch.begins.is_none()
                && let Some(lost) = self.room.writeback.lost()
            {
                output.give_up();
                outcome.error = Some(io::Error::other(lost));
            }
        }
        // Without its head there is no sense in what follows.
        if outcome.error.is_some() && batch.is_head() {
            let is_empty = self.output.take().is_none_or(|output| !output.has_findings);
            if let Some(series) = self.room.series.as_mut().filter(|_| is_empty) {
                series.withdraw();
                outcome.written = 0;
            }
        }
        let mut lost = None;
        if (batch.is_end || batch.is_awaited)
            && let Some(output) = self.output.take()
        {
            if batch.is_awaited {
                lost = output.wait(&self.path).err();
            }
            self.close(output);
            if let Some(series) = &mut self.room.series {
                series.closed(&self.path);
            }
        }
        if batch.is_awaited {
            lost = self.room.writeback.finish().or(lost);
        }
        outcome.error = lost.map(io::Error::other).or(outcome.error);
        Returned {
            batch,
            written: outcome.written,
            size,
            error: outcome.error,
            is_full: outcome.is_full,
            file,
        }
    }

    fn close(&mut self, output: Output) {
        let is_of_series = self.room.series.is_some();
        output.close(&self.path, is_of_series, &mut self.room.writeback);
    }

    fn begin(&mut self, which: Begin) -> io::Result<()> {
        if let Some(before) = self.output.take() {
            self.close(before);
        }
        loop {
            let Some(series) = &mut self.room.series else {
                return Ok(());
            };
            let (path, file) = series.begin(which);
            self.path = path;
            match file {
                Ok(file) => {
                    self.output = Some(Output::new(file, self.manner)?);
                    return Ok(());
                }
                Err(error) => {
                    series.withdraw();
                    if !is_full(&error) || !self.room.make_room() {
                        return Err(error);
                    }
                }
            }
        }
    }
}

impl Writer {
    /// Starts the thread, which writes to `file`, called `path`. `series` are the files after this one, where there may be any;
    /// `confinement`: what the thread is left with, where that is less than it has.
    pub fn start(
        file: File,
        path: PathBuf,
        manner: Manner,
        series: Option<Series>,
        confinement: Option<Confinement>,
    ) -> io::Result<Self> {
        let (to_write, batches) = channel::<Batch>();
        let (give_back, returned) = unbounded_channel();
        let (confining, confined) = channel::<()>();
        let shared = Arc::new(Shared::default());
        let mut thread = Thread {
            path,
            output: Some(Output::new(file, manner)?),
            manner,
            room: Room {
                on_full: manner.on_full,
                series,
                writeback: Writeback::default(),
                shared: Arc::clone(&shared),
            },
        };
        thread::Builder::new()
            .name("droprec-write".to_owned())
            .spawn(move || {
                // What stands in its way stands in that of the thread that reads, too, which says so.
                let _ = confinement.map(|of| of.confine(CapabilitySet::empty()));
                drop(confining);
                for batch in batches {
                    if give_back.send(thread.write(batch)).is_err() {
                        return;
                    }
                }
            })?;
        // Who says that rights are given up says it of this thread, too. Nothing is ever sent: the other half goes.
        let _ = confined.recv();
        // What is not written to takes no memory, or a huge page; what grows piece by piece takes twice what it needs.
        let empty = |_| Batch {
            bytes: Aligned::with_capacity(FULL + LAST),
            ..Batch::default()
        };
        let free = (0..BATCHES).map(empty).collect();
        Ok(Self {
            to_write,
            returned,
            free,
            on_the_way: 0,
            offset: 0,
            pace: Pace::default(),
            shared,
        })
    }

    /// An empty batch. `None`: all are on their way.
    pub fn take(&mut self) -> Option<Batch> {
        let mut batch = self.free.pop()?;
        batch.bytes.begin_at(self.offset);
        Some(batch)
    }

    /// [`Writer::take`] would give one.
    #[must_use]
    pub fn has_free(&self) -> bool {
        !self.free.is_empty()
    }

    /// A batch is wanted, or was just taken. `full`: so many thousandths of the ring are to be read yet. Where it fills while all
    /// other batches are on their way, the disk does not keep up.
    pub fn note(&mut self, full: usize) {
        let now = Instant::now();
        let is_back = !(self.free.is_empty() && self.returned.is_empty());
        self.pace.note(is_back, full, now);
        let is_behind = !self.pace.keeps_up(now);
        self.shared.is_behind.store(is_behind, Ordering::Relaxed);
    }

    /// Hands a batch over.
    pub fn write(&mut self, batch: Batch) {
        if batch.begins.is_some() {
            self.offset = 0;
        }
        self.offset += batch.bytes.len() as u64;
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

    /// Puts a batch back to the empty ones. Of those that came from elsewhere the memory is given up, and of one that a long
    /// packet was in what it took beyond the others.
    pub fn recycle(&mut self, batch: Batch) {
        let Batch {
            mut bytes,
            mut devices,
            ..
        } = batch;
        if self.free.len() < BATCHES && bytes.has_room_for(FULL) {
            bytes.shrink_to(FULL + LAST);
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

    /// Lets the thread wait no longer for a pipe to be read, or for a full disk to have room. What is written to a disk it
    /// cannot be called off from.
    pub fn give_up(&self) {
        self.shared.give_up.store(true, Ordering::Relaxed);
    }

    /// [`Writer::give_up`] was called.
    #[must_use]
    pub fn has_given_up(&self) -> bool {
        self.shared.give_up.load(Ordering::Relaxed)
    }

    /// It has waited for a full disk to have room.
    #[must_use]
    pub fn has_waited(&self) -> bool {
        self.shared.has_waited.load(Ordering::Relaxed)
    }

    /// How many files were taken away for others.
    #[must_use]
    pub fn removed(&self) -> u64 {
        self.shared.removed.load(Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sink::aligned::ALIGNMENT;

    #[test]
    fn batches_lie_in_memory_as_they_will_in_their_files_also_in_the_next_one() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("file");
        let (manner, file) = (Manner::plain(<[u8]>::len), File::create(&path).unwrap());
        let series = Series::of(path.clone(), true, false, None);
        let mut writer = Writer::start(file, path, manner, Some(series), None).unwrap();
        for (begins, offset) in [
            (None, 0),
            (None, 777),
            (None, 2 * 777),
            (Some(Begin::Next), 3 * 777),
            (None, 777),
        ] {
            let mut batch = writer.take().unwrap();
            let address = batch.bytes.as_ptr().addr();
            assert!(address.wrapping_sub(offset).is_multiple_of(ALIGNMENT));
            batch.bytes.end().extend([42; 777]);
            batch.begins = begins;
            writer.write(batch);
            let returned = writer.returned.blocking_recv().unwrap();
            assert_eq!((returned.written, returned.size), (777, 777));
            writer.recycle(returned.batch);
        }
    }
}
