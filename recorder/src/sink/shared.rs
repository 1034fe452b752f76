//! What others have put into a directory that all may write to, such as `/tmp`: it is not written to, and no link of theirs is
//! followed.
//!
//! The kernel does so too, where the sysctls `fs.protected_symlinks`, `protected_regular` and `protected_fifos` are on
//! (`fs/namei.c`, v6.18: `may_follow_link`, `may_create_in_sticky`); this does it where they are off, and for hard links that
//! were made while `fs.protected_hardlinks` was.

use std::{
    fs::{self, Metadata},
    io::{self, ErrorKind},
    os::unix::fs::MetadataExt as _,
    path::Path,
};

use rustix::process::geteuid;

/// The sticky bit, and those by which others than the owner may write (`include/uapi/linux/stat.h`, v6.18).
const STICKY: u32 = 0o1000;
const OTHERS_WRITE: u32 = 0o022;

/// A directory in which everybody may make files, and only their owners remove them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shared {
    owner: u32,
}

impl Shared {
    /// The directory that has the file of this path. `None`: it is no such one, or there is a link that may be followed: nobody
    /// but its owner, or the directory's, can put something else into its place. Another user's link is refused.
    pub(super) fn around(path: &Path) -> io::Result<Option<Self>> {
        let Ok(directory) = fs::metadata(directory(path)) else {
            return Ok(None);
        };
        if directory.mode() & STICKY == 0 || directory.mode() & OTHERS_WRITE == 0 {
            return Ok(None);
        }
        let shared = Self {
            owner: directory.uid(),
        };
        match fs::symlink_metadata(path) {
            Ok(link) if link.is_symlink() => {
                shared.must_be_trusted(link.uid(), "a link").map(|()| None)
            }
            _ => Ok(Some(shared)),
        }
    }

    /// Refuses what was opened, or is to be replaced, where another user has put it there, or a file that has a name elsewhere.
    pub(super) fn must_be_own(self, there: &Metadata) -> io::Result<()> {
        self.must_be_trusted(there.uid(), "a file")?;
        if there.is_file() && there.nlink() > 1 {
            return Err(refusal("a file that has another name too (a hard link)"));
        }
        Ok(())
    }

    fn must_be_trusted(self, owner: u32, what: &str) -> io::Result<()> {
        if owner == geteuid().as_raw() || owner == self.owner {
            return Ok(());
        }
        Err(refusal(&format!("{what} of another user (uid {owner})")))
    }
}

/// The directory that a path is in.
#[must_use]
pub fn directory(path: &Path) -> &Path {
    let parent = path.parent().filter(|path| !path.as_os_str().is_empty());
    parent.unwrap_or(Path::new("."))
}

fn refusal(what: &str) -> io::Error {
    let why = format!("it is {what}, in a directory that all may write to");
    io::Error::new(ErrorKind::PermissionDenied, why)
}
