//! Names and numbers that no other test uses, in this process or in another.

use std::{
    process,
    sync::atomic::{AtomicU16, Ordering},
};

/// The numbers of this process and of this call: no two calls anywhere on the machine get the same pair.
#[must_use]
pub fn unique() -> (u32, u16) {
    static CALLS: AtomicU16 = AtomicU16::new(0);
    (process::id(), CALLS.fetch_add(1, Ordering::Relaxed))
}
