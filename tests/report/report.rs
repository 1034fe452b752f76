//! A report of a recording, made in a directory of its own.

use std::{
    fs,
    path::{Path, PathBuf},
};

use droprec_testbed::{Droprec, Ended};
use tempfile::TempDir;

/// The program under test.
pub(crate) const DROPREC: &str = env!("CARGO_BIN_EXE_droprec");

/// A report. It goes when dropped.
pub(crate) struct Report {
    directory: TempDir,
    /// What droprec said meanwhile.
    pub(crate) ended: Ended,
}

impl Report {
    /// Of a recording, with further arguments.
    pub(crate) fn of(recording: &Path, arguments: &[&str]) -> Self {
        let directory = tempfile::tempdir().expect("a directory under /tmp");
        let page = directory.path().join("report.html");
        let (recording, page) = (text(recording), text(&page));
        let own = ["-r", recording, "--report", page];
        Self {
            ended: Droprec::run(DROPREC, &[&own, arguments].concat()),
            directory,
        }
    }

    /// Of a recording that is made of these bytes, in a file of this name.
    pub(crate) fn of_bytes(bytes: &[u8], name: &str, arguments: &[&str]) -> Self {
        let directory = tempfile::tempdir().expect("a directory under /tmp");
        let file = directory.path().join(name);
        fs::write(&file, bytes).expect("there is room for it");
        Self::of(&file, arguments)
    }

    /// Where it is.
    pub(crate) fn path(&self) -> PathBuf {
        self.directory.path().join("report.html")
    }

    /// The page.
    pub(crate) fn html(&self) -> String {
        fs::read_to_string(self.path())
            .unwrap_or_else(|error| panic!("{error}: {}", self.ended.stderr))
    }
}

/// A path as an argument.
pub(crate) fn text(path: &Path) -> &str {
    path.to_str().expect("a path of letters and digits")
}
