//! Writes a file whole or not at all: what was there before stays until all of the new one is on the disk.

use std::{
    fs::{self, File, Metadata, OpenOptions},
    io::{self, ErrorKind, Write as _},
    os::unix::fs::MetadataExt as _,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result, bail};
use tempfile::{Builder, NamedTempFile};

use super::{
    shared::{Shared, directory},
    target::create_new,
};
use crate::text::printable;

/// Links that are followed, as many as the kernel follows (`include/linux/namei.h`, v6.18: `MAXSYMLINKS`).
const LINKS_MAX: usize = 40;

/// A file that is to be written, which its owner alone may read: it tells of anybody's packets.
#[derive(Debug)]
pub struct Whole {
    way: Way,
    /// What to call it.
    name: String,
}

#[derive(Debug)]
enum Way {
    /// A file takes the place of this one; where that was a link, of what it points to.
    Replace(PathBuf),
    /// A device or a pipe, which is written to.
    Into(File),
}

impl Whole {
    /// Nothing is written yet, but it is known whether it can be: better before a long reading than after it. `read`: what is
    /// read meanwhile.
    pub fn new(path: &Path, read: &Metadata) -> Result<Self> {
        let name = printable(&path.to_string_lossy());
        let there = match fs::metadata(path) {
            Err(error) if error.kind() == ErrorKind::NotFound => None,
            there => Some(there.with_context(|| format!("cannot write {name}"))?),
        };
        let is_read = |there: &Metadata| {
            there.is_file() && (read.dev(), read.ino()) == (there.dev(), there.ino())
        };
        if there.as_ref().is_some_and(is_read) {
            bail!("{name} is the file that is read: write to another one");
        }
        let way = match there {
            Some(there) if !there.is_file() => into(path),
            _ => behind_links(path.to_owned())
                .and_then(|path| beside(&path).map(|_| Way::Replace(path))),
        };
        Ok(Self {
            way: way.with_context(|| format!("cannot write {name}"))?,
            name,
        })
    }

    /// Writes it.
    pub fn write(&mut self, bytes: &[u8]) -> Result<()> {
        let written = match &mut self.way {
            Way::Replace(path) => replace(path, bytes),
            Way::Into(file) => file.write_all(bytes),
        };
        written.with_context(|| format!("cannot write {}", self.name))
    }
}

/// A device or a pipe, to be written to.
fn into(path: &Path) -> io::Result<Way> {
    let file = OpenOptions::new().write(true).open(path)?;
    if let Some(shared) = Shared::around(path)? {
        shared.must_be_own(&file.metadata()?)?;
    }
    Ok(Way::Into(file))
}

/// What a link points to, which need not be there yet; what is no link, itself. No link or file of another user's in a
/// directory that all may write to.
fn behind_links(mut path: PathBuf) -> io::Result<PathBuf> {
    for _ in 0..LINKS_MAX {
        let shared = Shared::around(&path)?;
        let Ok(target) = fs::read_link(&path) else {
            if let (Some(shared), Ok(there)) = (shared, fs::symlink_metadata(&path)) {
                shared.must_be_own(&there)?;
            }
            break;
        };
        path = path.parent().unwrap_or(Path::new("")).join(target);
    }
    Ok(path)
}

/// A new file in the same directory, with mode 0600, that is gone again unless it gets a name.
pub(super) fn beside(path: &Path) -> io::Result<NamedTempFile> {
    Builder::new()
        .prefix(".droprec-")
        .make_in(directory(path), create_new)
}

fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = beside(path)?;
    file.as_file_mut().write_all(bytes)?;
    file.as_file().sync_all()?;
    file.persist(path)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    use super::*;

    fn directory() -> tempfile::TempDir {
        tempfile::tempdir().expect("there is room for a directory")
    }

    fn write(path: &Path, bytes: &[u8]) -> Result<()> {
        Whole::new(path, &fs::metadata("/dev/null")?)?.write(bytes)
    }

    #[test]
    fn a_file_is_its_owners_alone_also_where_there_was_one_for_all() {
        let directory = directory();
        let path = directory.path().join("report.html");
        fs::write(&path, "something longer than the new one").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        write(&path, b"new").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"new");
        assert_eq!(path.metadata().unwrap().mode() & 0o777, 0o600);
        assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_link_stays_one_and_what_it_points_to_is_replaced() {
        let directory = directory();
        let (file, link) = (directory.path().join("file"), directory.path().join("link"));
        fs::write(&file, "old").unwrap();
        symlink(&file, &link).unwrap();
        write(&link, b"new").unwrap();
        assert!(link.is_symlink());
        assert_eq!(fs::read(&file).unwrap(), b"new");

        let (file, link) = (directory.path().join("2"), directory.path().join("to_2"));
        symlink("2", &link).unwrap();
        write(&link, b"new").unwrap();
        assert!(link.is_symlink());
        assert_eq!(fs::read(&file).unwrap(), b"new");

        let round = directory.path().join("round");
        symlink("round", &round).unwrap();
        let refused = write(&round, b"new").unwrap_err();
        assert!(
            format!("{refused:#}").contains("symbolic links"),
            "{refused:#}"
        );
        assert!(round.is_symlink());
    }

    #[test]
    fn a_device_is_written_to_and_never_replaced() {
        write(Path::new("/dev/null"), b"new").unwrap();
        assert!(!fs::metadata("/dev/null").unwrap().is_file());
        let full = write(Path::new("/dev/full"), b"new").unwrap_err();
        assert!(format!("{full:#}").contains("No space left"), "{full:#}");
    }

    #[test]
    fn what_cannot_be_written_is_told_before_anything_is_read() {
        let directory = directory();
        let read = directory.path().join("drops.pcapng");
        fs::write(&read, "drops").unwrap();
        let is_read = fs::metadata(&read).unwrap();
        let refused = |path: &Path| format!("{:#}", Whole::new(path, &is_read).unwrap_err());
        assert!(refused(&read).contains("is the file that is read"));
        assert!(refused(directory.path()).contains("Is a directory"));
        let nowhere = directory.path().join("nowhere").join("report.html");
        assert!(refused(&nowhere).contains("No such file"));
        assert_eq!(fs::read(&read).unwrap(), b"drops");
    }
}
