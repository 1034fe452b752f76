//! Waits for something to become true, with an end.

use std::{
    env,
    sync::LazyLock,
    thread,
    time::{Duration, Instant},
};

/// How long anything may take before a test gives up: long, because the machine is shared. `DROPREC_PATIENCE` has other
/// seconds, for a machine that is slow.
static PATIENCE: LazyLock<Duration> = LazyLock::new(|| {
    let seconds = env::var("DROPREC_PATIENCE").map_or(30, |seconds| {
        seconds
            .parse()
            .unwrap_or_else(|error| panic!("DROPREC_PATIENCE={seconds}: {error}"))
    });
    Duration::from_secs(seconds)
});

const BETWEEN_LOOKS: Duration = Duration::from_millis(5);

/// Looks again and again until there is a value; `None` where patience ended first.
pub fn until<T>(mut look: impl FnMut() -> Option<T>) -> Option<T> {
    let end = Instant::now() + *PATIENCE;
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
