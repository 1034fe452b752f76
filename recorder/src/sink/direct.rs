//! Writes the long pieces of a flood past the page cache: the disk fetches them from where they lie, which takes the processor
//! a fifth of what it takes to copy them into the page cache and to send them on from there.
//!
//! But the page cache takes more at once than most disks do. Where these do not keep up, it has what comes next.

use std::{
    fs::File,
    io::{self, Write as _},
    time::{Duration, Instant},
};

use rustix::fs::{FsWord, OFlags, fcntl_setfl, fstatfs};

use super::aligned::ALIGNMENT;

/// What is shorter is left to the page cache, in bytes: a disk takes some time for each piece, however short.
const LEAST: usize = 1 << 20;
/// The disk does not keep up where so many thousandths of the ring fill while all that goes round is on its way; or where nearly as
/// many are full as a flood may have, and not fewer when something was wanted so often. A reader that has stood still has a full
/// ring, and empties it.
const FILLED: usize = 125;
const NEARLY: usize = 400;
const OFTEN: u32 = 8;
/// How long all is left to the page cache then; each time longer, where it was no better after that.
const PAUSE: Duration = Duration::from_secs(10);
const LONGEST: Duration = Duration::from_mins(10);

/// File systems that have the disk fetch what is written directly, by their magic numbers (`include/uapi/linux/magic.h`,
/// v6.18: `EXT4_SUPER_MAGIC`, `XFS_SUPER_MAGIC`). Others refuse it, or copy it all the same and have whoever writes it wait.
const DIRECT: [FsWord; 2] = [0xef53, 0x5846_5342];

/// Whether the disk keeps up with what comes.
#[derive(Debug)]
pub(super) struct Pace {
    /// How full the ring was when all that goes round was on its way, and how often something was wanted since. `None`: some of it
    /// is back.
    began: Option<(usize, u32)>,
    /// When it was seen last that the disk does not keep up.
    behind: Option<Instant>,
    /// How long that is remembered.
    pause: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            began: None,
            behind: None,
            pause: PAUSE,
        }
    }
}

impl Pace {
    /// Something is wanted that goes round. `is_back`: some is back. `full`: so many thousandths of the ring are to be read yet.
    pub(super) fn note(&mut self, is_back: bool, full: usize, now: Instant) {
        if is_back || !self.keeps_up(now) {
            self.began = None;
            return;
        }
        let (before, wanted) = self.began.unwrap_or((full, 0));
        let is_over = wanted == OFTEN;
        self.began = if is_over {
            None
        } else {
            Some((before, wanted + 1))
        };
        let is_filling = full >= before + FILLED;
        let stays_full = is_over && full >= before.max(NEARLY);
        if !(is_filling || stays_full) {
            return;
        }
        let is_no_better = self.behind.is_some_and(|at| now - at < 2 * self.pause);
        self.pause = if is_no_better {
            LONGEST.min(2 * self.pause)
        } else {
            PAUSE
        };
        self.behind = Some(now);
    }

    pub(super) fn keeps_up(&self, now: Instant) -> bool {
        self.behind.is_none_or(|at| now - at > self.pause)
    }
}

/// How a file can be written.
#[derive(Debug)]
pub(super) struct Direct {
    is_possible: bool,
}

impl Direct {
    /// Of a file which nobody else writes by the same description: its flags are for all of them.
    pub(super) fn of(file: &File) -> Self {
        let file_system = fstatfs(file).map(|about| about.f_type);
        Self {
            is_possible: file_system.is_ok_and(|magic| DIRECT.contains(&magic)),
        }
    }

    /// Not at all.
    pub(super) fn never() -> Self {
        Self { is_possible: false }
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
            Ok(written) if written > 0 => Ok(written),
            refused => {
                // A disk may ask for more than others do. What else stands in the way stands in that of the page cache, too.
                self.is_possible =
                    !matches!(&refused, Err(error) if error.kind() == io::ErrorKind::InvalidInput);
                file.write(bytes)
            }
        }
    }
}

fn write_directly(mut file: &File, bytes: &[u8]) -> io::Result<usize> {
    fcntl_setfl(file, OFlags::DIRECT)?;
    let written = file.write(bytes);
    // To be without a flag is never refused.
    let _ = fcntl_setfl(file, OFlags::empty());
    written
}

#[cfg(test)]
mod tests {
    use std::{fs, os::unix::fs::FileExt as _};

    use rustix::fs::{MemfdFlags, memfd_create};

    use super::*;
    use crate::sink::aligned::Aligned;

    #[test]
    fn a_file_holds_what_was_written_to_it_whether_directly_or_not() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("file");
        let (file, mut direct) = (File::create(&path).unwrap(), Direct { is_possible: true });
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
    fn a_file_that_is_on_no_disk_is_written_as_ever() {
        let file: File = memfd_create("file", MemfdFlags::empty()).unwrap().into();
        assert!(!Direct::of(&file).is_possible);
        // Before v6.6 it refuses the flag (`mm/shmem.c`).
        let (mut direct, mut written) = (Direct { is_possible: true }, 0);
        let mut batch = Aligned::with_capacity(2 * LEAST);
        batch.begin_at(0);
        batch.end().extend((0..LEAST + 17).map(|at| at as u8));
        while written < batch.len() {
            let rest = &batch[written..];
            written += direct.write(&file, written as u64, rest, true).unwrap();
        }
        let mut held = vec![0; written + 1];
        assert_eq!(file.read_at(&mut held, 0).unwrap(), written);
        assert!(held[..written] == *batch);
    }

    #[test]
    fn a_disk_that_is_behind_is_left_alone_for_longer_each_time() {
        let (mut pace, mut now) = (Pace::default(), Instant::now());
        let fill = |pace: &mut Pace, now| [0, 100, 200].map(|full| pace.note(false, full, now));
        let mut pause = PAUSE;
        while pause < LONGEST {
            fill(&mut pace, now);
            // That goes on for a while, and is one time.
            pace.note(false, 900, now + pause / 2);
            assert!(!pace.keeps_up(now + pause));
            now += pause + Duration::from_millis(1);
            assert!(pace.keeps_up(now));
            pace.note(true, 900, now);
            pause *= 2;
        }
        fill(&mut pace, now);
        assert_eq!(pace.pause, LONGEST);
        // Then it does well for as long.
        now += 2 * LONGEST;
        pace.note(true, 0, now);
        fill(&mut pace, now);
        assert_eq!(pace.pause, PAUSE);
    }

    #[test]
    fn a_disk_is_not_behind_where_a_full_ring_is_emptied_nor_where_what_was_written_is_back() {
        let (mut pace, now) = (Pace::default(), Instant::now());
        for full in (0..900).rev().step_by(20) {
            pace.note(false, full + full % 3, now);
        }
        for full in [100, 300, 500, 700] {
            pace.note(true, full, now);
        }
        assert!(pace.keeps_up(now));
        pace.note(false, 700, now);
        pace.note(false, 900, now);
        assert!(!pace.keeps_up(now));
    }

    #[test]
    fn a_disk_is_behind_where_a_ring_stays_as_full_as_a_flood_may_have_it() {
        let (mut pace, now) = (Pace::default(), Instant::now());
        let swings = [480, 450, 500, 460, 490].into_iter().cycle();
        swings.take(50).for_each(|full| pace.note(false, full, now));
        assert!(!pace.keeps_up(now));
        // But one that has little in it is no reason.
        let mut pace = Pace::default();
        (0..350).for_each(|at| pace.note(false, at / 4 + 300, now));
        assert!(pace.keeps_up(now));
    }
}
