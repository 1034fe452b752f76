//! When a recording goes on in another file, and what a full disk comes to meanwhile.

use std::time::Duration;

use anyhow::Result;
use tokio::time::Instant;

use super::{now, running::Recording};
use crate::{
    plan::Plan,
    report::{progress::Progress, say::say, summary::MAX_ABSENT},
    sink::series::Begin,
};

/// What the comments of a file's end take as a rule, and as much again.
const COMMENTS: usize = 1 << 10;
/// What a kind of drops of which some were not recorded may take: a comment, and the blocks of an interface that is in it for no more.
const ABSENT: usize = 512;

/// The time that each file has.
#[derive(Debug)]
pub(super) struct Period {
    length: Duration,
    /// When the present one ends.
    end: Instant,
}

impl Period {
    /// The first one begins now. `None`: files have all the time.
    pub(super) fn of(plan: &Plan) -> Option<Self> {
        let length = plan.rotation.rotate_seconds?;
        let end = Instant::now().checked_add(length)?;
        Some(Self { length, end })
    }

    /// It is over. Then the next one has begun when it ended, however late that is seen.
    fn is_over(&mut self) -> bool {
        let now = Instant::now();
        if now < self.end {
            return false;
        }
        while self.end <= now {
            self.end += self.length;
        }
        true
    }
}

impl Recording<'_> {
    /// Goes on in another file when it is time. True: there will be none.
    pub(super) fn look_at_the_period(&mut self) -> Result<bool> {
        // The disk may take its time.
        if self.files.closing.is_some() {
            return Ok(false);
        }
        let Some(period) = &mut self.files.period else {
            return Ok(false);
        };
        if !period.is_over() {
            return Ok(false);
        }
        let rotation = &self.plan.rotation;
        let most = rotation.file_count.filter(|_| rotation.file_size.is_none());
        if most.is_some_and(|most| self.files.ended + 1 >= most) {
            return Ok(true);
        }
        self.rotate(Begin::Period(now()))?;
        self.end_when_written()?;
        Ok(false)
    }

    /// Closes the file, as what comes is the next one's.
    pub(super) fn rotate(&mut self, next: Begin) -> Result<()> {
        // If it is for the next one, too, it comes back.
        self.flush();
        let total = self.accounted_for()?;
        self.close(total, next)
    }

    /// A file is closed, and what comes next is for one that cannot be begun before it is ended: until then it stays in the ring.
    pub(super) fn is_between(&self) -> bool {
        let closing = self.files.closing.as_ref();
        self.memory.is_none() && closing.is_some_and(|closing| !closing.is_ended)
    }

    /// Bytes that the end of the file takes, with room to spare.
    pub(super) fn end_len(&self) -> usize {
        self.format.end_len() + COMMENTS + ABSENT * self.files.kinds_absent.min(MAX_ABSENT + 1)
    }

    /// Says once that the disk is full, where that does not end the recording.
    pub(super) fn look_at_the_disk(&mut self, progress: &mut Progress) {
        let has_waited = self.writer.has_waited();
        if self.is_disk_full || !(has_waited || self.writer.removed() > 0) {
            return;
        }
        self.is_disk_full = true;
        progress.clear();
        let name = &self.files.name;
        if has_waited {
            say(format_args!(
                "no room for {name}: it is waited for, and what the ring has no room for until then is lost and counted; make room"
            ));
        } else {
            say(format_args!(
                "no room for {name}: the oldest files of this recording are removed for it"
            ));
        }
    }
}
