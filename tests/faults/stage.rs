//! An interface on which nothing happens but what a test has happen, and a directory to record into.

use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use droprec_testbed::{Droprec, Pair, flood::flood, frame::UNHANDLED};
use tempfile::TempDir;

/// The program under test.
pub(crate) const DROPREC: &str = env!("CARGO_BIN_EXE_droprec");

/// The interface and the directory. Both go when dropped.
pub(crate) struct Stage {
    pair: Pair,
    directory: TempDir,
}

impl Stage {
    pub(crate) fn new() -> Self {
        Self {
            pair: Pair::new(),
            directory: tempfile::tempdir().expect("a directory under /tmp"),
        }
    }

    /// What droprec calls the interface.
    pub(crate) fn label(&self) -> String {
        self.pair.label()
    }

    /// The number of the interface's namespace.
    pub(crate) fn netns(&self) -> u64 {
        self.pair.receiver.inode()
    }

    pub(crate) fn directory(&self) -> &Path {
        self.directory.path()
    }

    /// What [`Stage::record`] writes.
    pub(crate) fn file(&self) -> PathBuf {
        self.directory().join("drops.pcapng")
    }

    /// A droprec that records the interface into [`Stage::file`], with further arguments.
    pub(crate) fn record(&self, arguments: &[&str]) -> Droprec {
        self.record_to(&self.file(), arguments)
    }

    /// The same, into a file elsewhere.
    pub(crate) fn record_to(&self, file: &Path, arguments: &[&str]) -> Droprec {
        let file = file.to_str().expect("a path of letters and digits");
        let label = self.label();
        Droprec::start(DROPREC, &[&["-i", &label, "-w", file], arguments].concat())
    }

    /// The same, into standard output, which is given. `arguments` say in which form.
    pub(crate) fn record_into(&self, stdout: impl Into<Stdio>, arguments: &[&str]) -> Droprec {
        let mut command = Command::new(DROPREC);
        command.args(["-i", &self.label()]).args(arguments);
        let mut droprec = Droprec::spawn(command, stdout.into());
        droprec.wait_until_ready();
        droprec
    }

    /// Has the interface drop so many frames. The interface's own counter must agree.
    pub(crate) fn cause(&self, drops: u32) {
        let counted = || self.pair.receiver.statistic("eth0", "rx_dropped");
        let before = counted();
        self.cause_uncounted(drops);
        assert_eq!(
            counted() - before,
            u64::from(drops),
            "rx_dropped does not count what was injected"
        );
    }

    /// Does this in the interface's namespace.
    pub(crate) fn enter<T: Send>(&self, work: impl FnOnce() -> T + Send) -> T {
        self.pair.receiver.enter(work)
    }

    /// The same, at once: nobody looks at the counter.
    pub(crate) fn cause_uncounted(&self, drops: u32) {
        self.pair.receiver.enter(|| flood("eth0", UNHANDLED, drops));
    }
}
