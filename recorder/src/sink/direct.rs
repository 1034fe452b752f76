//! Writes the long pieces of a flood past the page cache: the disk fetches them from where they lie, which takes the processor
//! a fifth of what it takes to copy them into the page cache and to send them on from there.
//!
//! But the page cache takes more at once than most disks do. Where these do not keep up, it has what comes next.

use std::{
    fs::File,
    io::{self, Write as _},
    time::{Duration, Instant},
};

use rustix::fs::{OFlags, fcntl_setfl};

use super::aligned::ALIGNMENT;

/// What is shorter is left to the page cache, in bytes: a disk takes some time for each piece, however short.
const LEAST: usize = 1 << 20;
/// How long what is to be written has waited where the disk does not keep up.
const BEHIND: Duration = Duration::from_millis(10);
/// How long all is left to the page cache then.
const BEHIND_FOR: Duration = Duration::from_secs(10);

/// Whether the disk takes what is written as soon as it comes.
#[derive(Debug, Default)]
pub(super) struct Pace {
    /// When it was seen last that it did not.
    behind: Option<Instant>,
}

impl Pace {
    /// What is written next has waited since then.
    pub(super) fn note(&mut self, since: Instant) {
        let now = Instant::now();
        if now.saturating_duration_since(since) > BEHIND {
            self.behind = Some(now);
        }
    }

    pub(super) fn keeps_up(&self) -> bool {
        self.behind.is_none_or(|at| at.elapsed() > BEHIND_FOR)
    }
}

/// How a file can be written.
#[derive(Debug)]
pub(super) struct Direct {
    is_possible: bool,
}

impl Direct {
    /// `is_possible`: as far as is known.
    pub(super) fn new(is_possible: bool) -> Self {
        Self { is_possible }
    }

    /// Writes some of `bytes` to a file that is at `offset`, directly where that is wanted and they lie as they must: from a
    /// multiple of [`ALIGNMENT`] on, in the file and in memory.
    pub(super) fn write(
        &mut self,
        mut file: &File,
        offset: u64,
        bytes: &[u8],
        is_wanted: bool,
    ) -> io::Result<usize> {
        let before = (offset.wrapping_neg() % ALIGNMENT as u64) as usize;
        let lies_alike = (bytes.as_ptr().addr() + before).is_multiple_of(ALIGNMENT);
        if !(is_wanted && self.is_possible && lies_alike) || bytes.len() < LEAST {
            return file.write(bytes);
        }
        if before > 0 {
            return file.write(&bytes[..before]);
        }
        let whole = bytes.len() / ALIGNMENT * ALIGNMENT;
        match write_directly(file, &bytes[..whole]) {
            Ok(0) | Err(_) => {
                // Not all file systems can. What else stands in the way stands in that of the page cache, too.
                self.is_possible = false;
                file.write(bytes)
            }
            written => written,
        }
    }
}

fn write_directly(mut file: &File, bytes: &[u8]) -> io::Result<usize> {
    fcntl_setfl(file, OFlags::DIRECT)?;
    let written = file.write(bytes);
    fcntl_setfl(file, OFlags::empty())?;
    written
}

#[cfg(test)]
mod tests {
    use std::fs;

    use rustix::fs::{MemfdFlags, memfd_create};

    use super::*;
    use crate::sink::aligned::Aligned;

    #[test]
    fn a_file_holds_what_was_written_to_it_whether_directly_or_not() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("file");
        let (file, mut direct) = (File::create(&path).unwrap(), Direct::new(true));
        let mut expected = Vec::new();
        let mut batch = Aligned::with_capacity(3 * LEAST);
        for round in 0..20 {
            // Some lie in memory as they do in the file, others do not, and each has another length.
            let offset = expected.len() as u64;
            batch.begin_at(if round % 5 == 4 { offset + 1 } else { offset });
            let len = LEAST / 2 + round * 123_457;
            batch
                .end()
                .extend((0..len).map(|at| (at * 7 + round) as u8));
            let mut written = 0;
            while written < batch.len() {
                let at = offset + written as u64;
                let is_wanted = round % 7 != 3;
                written += direct
                    .write(&file, at, &batch[written..], is_wanted)
                    .unwrap();
            }
            expected.extend_from_slice(&batch);
        }
        assert!(fs::read(&path).unwrap() == expected);
    }

    #[test]
    fn a_file_that_cannot_be_written_directly_is_written_all_the_same() {
        // A file of memory has no disk (`mm/shmem.c`; before v6.6 it refuses the flag).
        let file: File = memfd_create("file", MemfdFlags::empty()).unwrap().into();
        let mut batch = Aligned::with_capacity(2 * LEAST);
        batch.begin_at(0);
        batch.end().extend(vec![42; LEAST + 17]);
        let (mut direct, mut written) = (Direct::new(true), 0);
        while written < batch.len() {
            let rest = &batch[written..];
            written += direct.write(&file, written as u64, rest, true).unwrap();
        }
        assert_eq!(file.metadata().unwrap().len(), LEAST as u64 + 17);
    }

    #[test]
    fn who_has_waited_too_long_is_behind_for_some_time() {
        let mut pace = Pace::default();
        pace.note(Instant::now());
        assert!(pace.keeps_up());
        let before = |duration| Instant::now().checked_sub(duration).unwrap();
        pace.note(before(2 * BEHIND));
        assert!(!pace.keeps_up());
        pace.note(Instant::now());
        assert!(!pace.keeps_up());
        pace.behind = Some(before(2 * BEHIND_FOR));
        assert!(pace.keeps_up());
    }
}
