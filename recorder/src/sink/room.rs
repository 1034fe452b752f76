//! What there is to do about a full disk: nothing, or to wait, or to remove older files.

use std::{
    io,
    sync::{Arc, atomic::Ordering},
    thread,
    time::Duration,
};

use super::{
    output::Patience,
    series::Series,
    writeback::Writeback,
    writer::{OnFull, Shared},
};

/// How long until a look is taken again whether a full disk has room.
const BETWEEN_LOOKS: Duration = Duration::from_millis(100);

/// What there is to do about a full disk.
pub(super) struct Room {
    pub(super) on_full: OnFull,
    pub(super) series: Option<Series>,
    pub(super) writeback: Writeback,
    pub(super) shared: Arc<Shared>,
}

impl Patience for Room {
    fn has_ended(&self) -> bool {
        self.shared.give_up.load(Ordering::Relaxed)
    }

    fn keeps_up(&self) -> bool {
        !self.shared.is_behind.load(Ordering::Relaxed)
    }

    fn make_room(&mut self) -> bool {
        // One that was removed may have its room still.
        if self.writeback.holds_removed() {
            thread::sleep(BETWEEN_LOOKS);
            return !self.has_ended();
        }
        match self.on_full {
            OnFull::Stop => false,
            OnFull::Wait => {
                self.shared.has_waited.store(true, Ordering::Relaxed);
                thread::sleep(BETWEEN_LOOKS);
                !self.has_ended()
            }
            OnFull::DropOldest => {
                let is_removed = self.series.as_mut().is_some_and(Series::remove_oldest);
                let removed = u64::from(is_removed);
                self.shared.removed.fetch_add(removed, Ordering::Relaxed);
                is_removed
            }
        }
    }
}

/// It could not be written because there is no room.
pub(super) fn is_full(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded
    )
}
