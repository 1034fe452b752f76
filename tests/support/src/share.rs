//! Cases that take their time where the kernel is emulated.

use rustix::system::uname;

use crate::deadline::is_slow;

/// A kernel's share, where it is slow.
const PARTS: usize = 3;

/// All of these; on a machine that is slow one in three of them, which the kernel's version chooses.
#[must_use]
pub fn share<T>(all: Vec<T>) -> Vec<T> {
    if !is_slow() {
        return all;
    }
    let uname = uname();
    let release = uname.release().to_string_lossy();
    let minor = release
        .split('.')
        .nth(1)
        .and_then(|minor| minor.parse().ok());
    let first = minor.unwrap_or(0) % PARTS;
    all.into_iter().skip(first).step_by(PARTS).collect()
}
