//! What kind of machine the tests run on.

use std::fs;

use crate::feature;

/// Whether this is a guest that was booted for the tests alone: only there may they set the clock, freeze every process, or take
/// processors away. `tests/guest/boot` tells its guests on their kernel's command line.
#[must_use]
pub fn may_be_shaken() -> bool {
    let arguments = fs::read_to_string("/proc/cmdline").expect("procfs is mounted");
    let is_guest = arguments.contains(" droprec.run=");
    feature::answer(
        "a machine for the tests alone",
        is_guest,
        "it is others', too",
    )
}
