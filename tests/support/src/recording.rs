//! A droprec that writes a file of its own, and what is in the file at the end.

use std::path::PathBuf;

use tempfile::TempDir;

use crate::{Capture, Droprec, Ended, Packet, deadline::until};

/// A recording that is running.
#[derive(Debug)]
pub struct Recording {
    /// The process.
    pub droprec: Droprec,
    /// Its file.
    pub file: PathBuf,
    directory: TempDir,
}

/// A recording that has ended well.
#[derive(Debug)]
pub struct Recorded {
    /// All that is in the file.
    pub capture: Capture,
    /// What droprec said, and where every drop went.
    pub ended: Ended,
    /// The file, which goes when this is dropped.
    pub file: PathBuf,
    _directory: TempDir,
}

impl Recording {
    /// Starts `program`, which is `env!("CARGO_BIN_EXE_droprec")`, with `-w` and these arguments, and waits until it
    /// records.
    #[must_use]
    pub fn start<S: AsRef<str>>(program: &str, arguments: &[S]) -> Self {
        let directory = tempfile::tempdir()
            .unwrap_or_else(|error| panic!("no directory for a recording: {error}"));
        let file = directory.path().join("drops.pcapng");
        let path = file.to_string_lossy();
        let arguments: Vec<&str> = ["-w", &path]
            .into_iter()
            .chain(arguments.iter().map(AsRef::as_ref))
            .collect();
        let droprec = Droprec::start(program, &arguments);
        Self {
            droprec,
            file,
            directory,
        }
    }

    /// Starts a recording of what is dropped at these interfaces alone, called as droprec calls them.
    #[must_use]
    pub fn at(program: &str, interfaces: &[&str]) -> Self {
        let arguments: Vec<&str> = interfaces.iter().flat_map(|name| ["-i", name]).collect();
        Self::start(program, &arguments)
    }

    /// Waits until as many such packets are in the file. Whether they are is for the test to see at the end, when it can
    /// show what is there in their place.
    pub fn wait_for(&self, count: usize, wanted: impl Fn(&Packet) -> bool) {
        until(|| {
            let capture = Capture::read_so_far(&self.file);
            (capture.packets_where(&wanted).len() >= count).then_some(())
        });
    }

    /// Ends it as Ctrl-C does. It must succeed, and every drop that it saw must be accounted for.
    #[must_use]
    pub fn finish(self) -> Recorded {
        let Self {
            droprec,
            file,
            directory,
        } = self;
        let ended = droprec.stop().succeeded();
        ended.accounting().must_balance();
        Recorded {
            capture: Capture::read(&file),
            ended,
            file,
            _directory: directory,
        }
    }
}
