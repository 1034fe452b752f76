//! The first file of a flight recorder, which is made long before anything is written to it: it may be gone by then.

use std::{
    fs::{self, File},
    io::ErrorKind,
    path::PathBuf,
};

use anyhow::{Context as _, Result};

use crate::{
    plan::Plan,
    sink::{series::identity, target::Target},
};

/// The file as it was made.
#[derive(Debug)]
pub(super) struct First {
    path: PathBuf,
    /// Device and inode.
    is: (u64, u64),
    /// What it begins with.
    pub(super) head: Vec<u8>,
}

impl First {
    /// The one that was opened. `None`: all is written as it comes.
    pub(super) fn of(plan: &Plan, file: &File) -> Result<Option<Self>> {
        let Target::File(path) = &plan.target else {
            return Ok(None);
        };
        if plan.flight_recorder.is_none() {
            return Ok(None);
        }
        let metadata = file.metadata();
        let metadata =
            metadata.with_context(|| format!("cannot look at {}", plan.target.name()))?;
        Ok(Some(Self {
            path: path.clone(),
            is: identity(&metadata),
            head: Vec::new(),
        }))
    }

    /// It was removed, or has another name: nobody would find there what is written to it.
    pub(super) fn is_gone(&self) -> bool {
        match fs::metadata(&self.path) {
            Ok(metadata) => identity(&metadata) != self.is,
            Err(error) => matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory),
        }
    }
}
