//! Which network namespaces there are, and reading in each of them.

use std::{
    collections::HashSet,
    path::{Path, PathBuf},
    time::Instant,
};

use anyhow::Result;

use super::reading::Reading;
use crate::kernel::interfaces::{HERE, NAMED, OWN, cookie_here, files, inode, within};

/// Namespaces that are looked at.
pub(super) const MOST: usize = 64;

/// The host's number, whose counters all namespaces share.
pub(super) const HOST: u32 = 0;

/// What has counters of its own.
pub(super) struct Namespace {
    /// Its inode number, or [`HOST`].
    pub(super) inode: u32,
    place: Place,
}

/// Where its counters can be read.
enum Place {
    /// Anywhere.
    Host,
    /// Where droprec is.
    Here,
    /// In what this file is of.
    File(PathBuf),
}

/// The host, the namespace that droprec is in, those that have names, and those of running processes.
pub(super) fn all() -> Vec<Namespace> {
    let processes = files("/proc").map(|process| process.join("ns/net"));
    let mut seen = HashSet::new();
    let files = std::iter::once(PathBuf::from(OWN))
        .chain(files(NAMED))
        .chain(processes);
    let namespaces = files.filter_map(|file| {
        let inode = inode(&file)?;
        seen.insert(inode).then(|| {
            let place = if file == Path::new(OWN) {
                Place::Here
            } else {
                Place::File(file)
            };
            Namespace { inode, place }
        })
    });
    let host = Namespace {
        inode: HOST,
        place: Place::Host,
    };
    std::iter::once(host).chain(namespaces).collect()
}

impl Namespace {
    /// Reads its counters; drivers' only until then.
    pub(super) fn read(&self, until: Instant) -> Result<Reading> {
        let read = || Reading::here(cookie_here().unwrap_or(0), until);
        let file = match &self.place {
            Place::Host => return Ok(Reading::host()),
            Place::Here => return Ok(read()),
            Place::File(file) => file,
        };
        within(file, || {
            // A process's file is another namespace's once its number is another process's.
            let is_it = inode(Path::new(HERE)) == Some(self.inode);
            is_it.then(read)
        })?
        .ok_or_else(|| anyhow::anyhow!("namespace {} has gone", self.inode))
    }
}
