//! The end of what goes on beside a test.

use std::sync::atomic::{AtomicBool, Ordering};

/// Tells those who look at the flag that it is over, when this is dropped: also where the test fails, which would else wait for
/// them for ever.
#[derive(Debug)]
pub struct Over<'a>(pub &'a AtomicBool);

impl Drop for Over<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}
