//! The recordings in `samples/`.

use std::{fs, path::PathBuf};

/// Their files, of which there are some, in the order of their names.
#[must_use]
pub fn samples() -> Vec<PathBuf> {
    let directory = concat!(env!("CARGO_MANIFEST_DIR"), "/../../samples");
    let entries = fs::read_dir(directory).unwrap_or_else(|error| panic!("{directory}: {error}"));
    let mut samples: Vec<PathBuf> = entries
        .map(|entry| {
            entry
                .unwrap_or_else(|error| panic!("{directory}: {error}"))
                .path()
        })
        .filter(|path| path.extension().is_some_and(|is| is == "pcapng"))
        .collect();
    samples.sort();
    assert!(!samples.is_empty(), "no samples in {directory}");
    samples
}
