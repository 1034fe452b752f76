//! Waits for something to become true, with an end.

use std::{
    env,
    sync::LazyLock,
    thread,
    time::{Duration, Instant},
};

/// Seconds of patience.
const USUAL: f64 = 30.0;

/// How long anything may take before a test gives up: long, because the machine is shared. `DROPREC_PATIENCE` has other
/// seconds, for a machine that is slow.
static PATIENCE: LazyLock<Duration> = LazyLock::new(|| {
    let seconds = env::var("DROPREC_PATIENCE").map_or(USUAL, |seconds| {
        seconds
            .parse()
            .unwrap_or_else(|error| panic!("DROPREC_PATIENCE={seconds}: {error}"))
    });
    Duration::from_secs_f64(seconds)
});

const BETWEEN_LOOKS: Duration = Duration::from_millis(5);

/// This machine is said to be slow.
pub(crate) fn is_slow() -> bool {
    PATIENCE.as_secs_f64() > USUAL
}

/// So long, and longer on a machine that is slow.
#[must_use]
pub fn patiently(duration: Duration) -> Duration {
    duration.mul_f64(PATIENCE.as_secs_f64() / USUAL)
}

/// Waits for so long, and for longer on a machine that is slow: for what nothing but time tells that it has happened.
pub fn pause(duration: Duration) {
    thread::sleep(patiently(duration));
}

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
