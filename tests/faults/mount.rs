//! File systems of a test's own. They go when dropped.

use std::{path::Path, process::Command};

use droprec_testbed::run;
use tempfile::TempDir;

/// Something mounted on a directory of its own.
pub(crate) struct Mount {
    directory: TempDir,
}

impl Mount {
    /// An empty file system that has room for `size` (`256k`).
    pub(crate) fn with_room_for(size: &str) -> Self {
        let options = format!("size={size}");
        Self::by(&["-t", "tmpfs", "-o", &options, "tmpfs"])
    }

    /// Has room for so much from now on.
    pub(crate) fn make_room(&self, size: &str) {
        let path = self.path().to_str().expect("a path of letters and digits");
        run("mount", &["-o", &format!("remount,size={size}"), path]);
    }

    /// The file system that is in a file.
    pub(crate) fn of_image(image: &Path) -> Self {
        let image = image.to_str().expect("a path of letters and digits");
        Self::by(&["-o", "loop", image])
    }

    /// A directory, so that nothing can be written to it here.
    pub(crate) fn read_only(directory: &Path) -> Self {
        let directory = directory.to_str().expect("a path of letters and digits");
        Self::by(&["-o", "bind,ro", directory])
    }

    /// Runs mount(8) with these arguments and a new directory.
    fn by(arguments: &[&str]) -> Self {
        let directory = tempfile::tempdir().expect("a directory under /tmp");
        let path = directory
            .path()
            .to_str()
            .expect("a path of letters and digits");
        run("mount", &[arguments, &[path]].concat());
        Self { directory }
    }

    pub(crate) fn path(&self) -> &Path {
        self.directory.path()
    }
}

impl Drop for Mount {
    fn drop(&mut self) {
        // A second panic would hide the first.
        let unmounted = Command::new("umount")
            .arg("--lazy")
            .arg(self.path())
            .output();
        if !unmounted.is_ok_and(|output| output.status.success()) {
            eprintln!("{} is still mounted", self.path().display());
        }
    }
}
