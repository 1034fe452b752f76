//! Disks of a test's own, which go when dropped.

use std::{fs::File, path::Path, process::Command};

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
        Self {
            mount: made_in(image.path(), size, &[]),
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

/// A disk that says it has half a gigabyte, and takes less: what is beyond that fails when it is on its way from the page cache.
pub(crate) struct FailingDisk {
    mount: Mount,
    _memory: Mount,
}

impl FailingDisk {
    /// Takes so much (`40m`), of which some is the file system's own. What a single request has beyond it is not told of
    /// (`lo_complete_rq`, drivers/block/loop.c, v6.18).
    pub(crate) fn with_room_for(room: &str) -> Self {
        let memory = Mount::with_room_for(room);
        // A journal that fails would keep all others from being written.
        let mount = made_in(memory.path(), 512, &["-O", "^has_journal"]);
        Self {
            mount,
            _memory: memory,
        }
    }

    pub(crate) fn path(&self) -> &Path {
        self.mount.path()
    }
}

/// A file system of so many MiB in a file in a directory, mounted.
fn made_in(directory: &Path, size: u64, options: &[&str]) -> Mount {
    let path = directory.join("image");
    let file = File::create(&path).expect("there is room");
    file.set_len(size << 20).expect("there is room");
    run("mkfs.ext4", &[&["-q", text(&path)], options].concat());
    Mount::of_image(&path)
}

fn text(path: &Path) -> &str {
    path.to_str().expect("a path of letters and digits")
}
