//! A disk of a test's own, which goes when dropped.

use std::{
    fs::File,
    path::{Path, PathBuf},
    process::Command,
};

use droprec_testbed::run;
use tempfile::TempDir;

use crate::mount::Mount;

/// A file system of its own on a disk that is a file. It can be frozen (fsfreeze(8)): whoever writes waits then.
pub(crate) struct Disk {
    mount: Mount,
    _image: TempDir,
}

impl Disk {
    /// Has so many MiB.
    pub(crate) fn of(size: u64) -> Self {
        let image = tempfile::tempdir().expect("a directory under /tmp");
        let path: PathBuf = image.path().join("image");
        let file = File::create(&path).expect("there is room");
        file.set_len(size << 20).expect("there is room");
        run("mkfs.ext4", &["-q", text(&path)]);
        Self {
            mount: Mount::of_image(&path),
            _image: image,
        }
    }

    pub(crate) fn path(&self) -> &Path {
        self.mount.path()
    }

    /// `-f` freezes it, `-u` ends that.
    pub(crate) fn freeze(&self, how: &str) {
        run("fsfreeze", &[how, text(self.path())]);
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        // Else nothing can be unmounted. It may be thawed already.
        let path = self.mount.path();
        let _ = Command::new("fsfreeze").arg("-u").arg(path).output();
    }
}

fn text(path: &Path) -> &str {
    path.to_str().expect("a path of letters and digits")
}
