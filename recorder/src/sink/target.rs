//! Opens what the user wants written.

use std::{
    fs::{self, File, OpenOptions, Permissions},
    io::{self, IsTerminal as _},
    os::{
        fd::AsFd as _,
        unix::fs::{FileTypeExt as _, OpenOptionsExt as _, PermissionsExt as _},
    },
    path::{Path, PathBuf},
};

use rustix::{
    fs::{FlockOperation, OFlags, flock},
    io::Errno,
};

use anyhow::{Context as _, Error, Result, bail};

use super::{names::is_compressed, shared::Shared};
use crate::text::printable;

/// Where the output goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// A file, made anew.
    File(PathBuf),
    /// Standard output.
    Stdout,
}

impl Target {
    /// What a path means.
    #[must_use]
    pub fn of(path: PathBuf) -> Self {
        if path.as_os_str() == "-" {
            Self::Stdout
        } else {
            Self::File(path)
        }
    }

    /// Opens it; nothing is written. A file is its owner's alone: it may hold anybody's packets. A pipe that nobody reads is not
    /// waited for: [`io::ErrorKind::WouldBlock`].
    pub fn open(&self, binary: bool) -> Result<File> {
        match self {
            Self::File(path) => create(path).map_err(|error| unwritable(error, self)),
            Self::Stdout if binary && io::stdout().is_terminal() => {
                bail!(
                    "-w -: standard output is a terminal; pipe it (droprec -w - | tcpdump -r -), or give -w a file"
                )
            }
            Self::Stdout => Ok(io::stdout()
                .as_fd()
                .try_clone_to_owned()
                .context("there is no standard output")?
                .into()),
        }
    }

    /// There is something of that name, and it is a device, a pipe or the like.
    #[must_use]
    pub fn is_special(&self) -> bool {
        match self {
            Self::File(path) => fs::metadata(path).is_ok_and(|it| !it.is_file() && !it.is_dir()),
            Self::Stdout => true,
        }
    }

    /// Its path; empty where it has none.
    #[must_use]
    pub fn path(&self) -> PathBuf {
        match self {
            Self::File(path) => path.clone(),
            Self::Stdout => PathBuf::new(),
        }
    }

    /// What goes there is compressed: its name says so.
    #[must_use]
    pub fn is_compressed(&self) -> bool {
        match self {
            Self::File(path) => is_compressed(path),
            Self::Stdout => false,
        }
    }

    /// What to call it.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::File(path) => printable(&path.to_string_lossy()),
            Self::Stdout => "standard output".to_owned(),
        }
    }
}

/// Why a file cannot be made, and what to do about it.
#[must_use]
pub fn unwritable(error: io::Error, target: &Target) -> Error {
    let name = target.name();
    Error::new(error).context(format!(
        "cannot write {name}: choose another file with -w, in a directory that can be written"
    ))
}

/// Makes a file of which nothing else has that name. It is its owner's alone, too.
pub(super) fn create_new(path: &Path) -> io::Result<File> {
    let file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)?;
    // Nobody else can have it yet, and a file system without locks is none to refuse.
    let _ = flock(&file, FlockOperation::NonBlockingLockExclusive);
    Ok(file)
}

fn create(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false).mode(0o600);
    let is_pipe = fs::metadata(path).is_ok_and(|it| it.file_type().is_fifo());
    let mut flags = OFlags::empty();
    if is_pipe {
        flags |= OFlags::NONBLOCK;
    }
    let shared = Shared::around(path)?;
    if let Some(shared) = shared {
        flags |= OFlags::NOFOLLOW;
        // Nobody waits until another user reads theirs.
        if is_pipe {
            shared.must_be_own(&fs::symlink_metadata(path)?)?;
        }
    }
    options.custom_flags(flags.bits().cast_signed());
    let file = options.open(path).map_err(|error| {
        if is_pipe && error.raw_os_error() == Some(Errno::NXIO.raw_os_error()) {
            return io::ErrorKind::WouldBlock.into();
        }
        error
    })?;
    let opened = file.metadata()?;
    if let Some(shared) = shared {
        shared.must_be_own(&opened)?;
    }
    if opened.is_file() {
        match flock(&file, FlockOperation::NonBlockingLockExclusive) {
            Err(Errno::WOULDBLOCK) => {
                return Err(io::Error::new(
                    io::ErrorKind::ResourceBusy,
                    "another droprec is writing it",
                ));
            }
            // A file system without locks is none to refuse.
            _ => file.set_len(0)?,
        }
        // One that was there before keeps its mode otherwise.
        file.set_permissions(Permissions::from_mode(0o600))?;
    }
    Ok(file)
}
