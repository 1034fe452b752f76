//! A pair of namespaces, and a droprec that keeps what one of them drops.

use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::atomic::{AtomicBool, AtomicU32, Ordering},
    thread,
    time::Duration,
};

use droprec_testbed::{
    Capture, Droprec, Pair, frame::Origin, must_be_readable, on_this_processor, until,
};
use rustix::process::Signal;
use tempfile::TempDir;

use crate::{stage::DROPREC, tally::capinfos};

/// Where the number of a frame is.
pub(super) const NUMBER: usize = 24;

/// A pair of namespaces, and a droprec that keeps what one of them drops.
pub(super) struct Scene {
    pub(super) pair: Pair,
    pub(super) origin: Origin,
    _directory: Option<TempDir>,
    pub(super) file: PathBuf,
    pub(super) droprec: Droprec,
}

impl Scene {
    /// `arguments` say how much is kept.
    pub(super) fn new(arguments: &[&str]) -> Self {
        let directory = tempfile::tempdir().expect("a directory under /tmp");
        let file = directory.path().join("drops.pcapng");
        Self {
            _directory: Some(directory),
            ..Self::writing(file, arguments)
        }
    }

    pub(super) fn writing(file: PathBuf, arguments: &[&str]) -> Self {
        Self::started(Command::new(DROPREC), file, arguments)
    }

    /// `command` starts droprec with what arguments it is given further.
    pub(super) fn started(mut command: Command, file: PathBuf, arguments: &[&str]) -> Self {
        let pair = Pair::new();
        let path = file.to_str().expect("a path of letters and digits");
        let label = pair.label();
        // What waits in a ring of this size is never lost, however long droprec has to wait for a processor.
        command.args(["-i", &label, "-w", path, "-B", "65536"]);
        command.args(arguments);
        let mut droprec = Droprec::spawn(command, Stdio::piped());
        droprec.wait_until_ready();
        Self {
            origin: Origin::new(),
            _directory: None,
            pair,
            file,
            droprec,
        }
    }

    /// Has frames with these numbers dropped.
    pub(super) fn cause(&self, numbers: std::ops::Range<u32>) {
        let frames = self.origin.unhandled(numbers.end);
        self.pair
            .frames()
            .send_all(&frames[numbers.start as usize..]);
    }

    /// Has frames dropped, from this number on, while something is done, which is told how many it were. The next number.
    pub(super) fn flooded(&self, first: u32, done: impl FnOnce(&AtomicU32)) -> u32 {
        let (sent, is_over) = (AtomicU32::new(first), AtomicBool::new(false));
        thread::scope(|scope| {
            let send = || {
                let mut frames = self.origin.unhandled(1);
                let socket = self.pair.frames();
                while !is_over.load(Ordering::SeqCst) {
                    let number = sent.load(Ordering::SeqCst);
                    frames[0][NUMBER..].copy_from_slice(&number.to_be_bytes());
                    socket.send(&frames[0]);
                    sent.store(number + 1, Ordering::SeqCst);
                    // So that a slow droprec falls back no further than its ring reaches.
                    if number % 10 == 9 {
                        thread::sleep(Duration::from_millis(1));
                    }
                }
            };
            scope.spawn(move || on_this_processor(send));
            // Also where it panics.
            let _over = Over(&is_over);
            done(&sent);
        });
        sent.into_inner()
    }

    /// A file of the series.
    pub(super) fn numbered(&self, number: u32) -> PathBuf {
        self.file.with_file_name(format!("drops-{number}.pcapng"))
    }

    /// The first files of the series.
    pub(super) fn three_files(&self) -> [PathBuf; 3] {
        [self.file.clone(), self.numbered(2), self.numbered(3)]
    }

    /// Asks for a file, and waits until something is said that has these words.
    pub(super) fn ask(&self, words: &str) -> String {
        self.droprec.signal(Signal::USR2);
        let line = || {
            let said = self.droprec.stderr();
            said.lines()
                .find(|line| line.contains(words))
                .map(str::to_owned)
        };
        until(line).unwrap_or_else(|| panic!("not said, {words:?}: {}", self.droprec.stderr()))
    }
}

/// Ends a flood when dropped.
struct Over<'a>(&'a AtomicBool);

impl Drop for Over<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::SeqCst);
    }
}

/// The numbers of the frames in a file, in their order. Everybody must be able to read it.
pub(super) fn numbers(origin: Origin, file: &Path) -> Vec<u32> {
    must_be_readable(file);
    let capture = Capture::read(file);
    assert_eq!(capinfos(file), capture.packets.len() as u64);
    let packets = capture.packets_where(|packet| origin.sent(&packet.data));
    let number = |data: &[u8]| {
        data[NUMBER..]
            .first_chunk()
            .map(|bytes| u32::from_be_bytes(*bytes))
    };
    packets
        .iter()
        .map(|packet| number(&packet.data).expect("the frame has a number"))
        .collect()
}
