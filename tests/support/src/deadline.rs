//! Waits for something to become true, with an end.

use std::{
    thread,
    time::{Duration, Instant},
};

/// How long anything may take before a test gives up: long, because the machine is shared.
pub const PATIENCE: Duration = Duration::from_secs(30);

const BETWEEN_LOOKS: Duration = Duration::from_millis(5);

/// Looks again and again until there is a value; `None` where patience ended first.
pub fn until<T>(mut look: impl FnMut() -> Option<T>) -> Option<T> {
    let end = Instant::now() + PATIENCE;
    loop {
        if let Some(found) = look() {
            return Some(found);
        }
        if Instant::now() > end {
            return None;
        }
        thread::sleep(BETWEEN_LOOKS);
    }
}
