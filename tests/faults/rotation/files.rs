//! The files of a rotation, as others read them.

use std::{
    fs,
    path::{Path, PathBuf},
};

use droprec_testbed::Ended;

use crate::{
    books::must_add_up,
    tally::{Tally, capinfos},
};

/// What is in a directory, in the order that packets came.
pub(crate) fn files(directory: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(directory).expect("the directory is there");
    let mut files: Vec<_> = entries
        .map(|entry| entry.expect("an entry").path())
        .map(|path| (Tally::of(&path).packetids.first().copied(), path))
        .collect();
    // One without packets is last.
    files.sort_by_key(|(first, _)| first.unwrap_or(u64::MAX));
    files.into_iter().map(|(_, path)| path).collect()
}

/// Demands that all files together are the whole recording, and each is one by itself.
pub(crate) fn must_be_whole(ended: &Ended, files: &[PathBuf]) {
    let paths: Vec<&Path> = files.iter().map(PathBuf::as_path).collect();
    must_add_up(ended, &paths);
    let mut all = Vec::new();
    for file in files {
        let tally = Tally::of(file);
        assert!(!tally.is_cut, "{} is cut", file.display());
        assert_eq!(capinfos(file), tally.packets, "{}", file.display());
        all.extend(tally.packetids);
    }
    must_be_each_once(&all, ended.accounting().written);
}

/// Demands the numbers from 0 on, each once and in order.
pub(super) fn must_be_each_once(packetids: &[u64], count: u64) {
    let wrong = (0..).zip(packetids).find(|(number, id)| *number != **id);
    assert_eq!(wrong, None, "one is missing, or there twice");
    assert_eq!(packetids.len() as u64, count);
}
