//! Which network namespaces have counters of their own, and reading in each of them.

use std::time::Instant;

use anyhow::{Context as _, Result};

use super::reading::Reading;
use crate::kernel::namespaces::{Inside, Namespaces};

/// Namespaces that are looked at.
pub(super) const MOST: usize = 64;

/// The host's number, whose counters all namespaces share.
pub(super) const HOST: u32 = 0;

/// The host, and all namespaces: their inode numbers.
pub(super) fn all(namespaces: &Namespaces) -> Vec<u32> {
    std::iter::once(HOST).chain(namespaces.all()).collect()
}

/// Reads the counters of one; drivers' only until then.
pub(super) fn read(namespaces: &Namespaces, inode: u32, until: Instant) -> Result<Reading> {
    if inode == HOST {
        return Ok(Reading::host());
    }
    let inside = if inode == namespaces.own {
        Inside::here()?
    } else {
        let file = namespaces.file(inode)?;
        let file = file.with_context(|| format!("namespace {inode} has gone"))?;
        namespaces.enter(&file)?
    };
    Ok(Reading::of(&inside, until))
}
