//! The modules that the kernel has loaded.

use std::{collections::BTreeSet, fs};

/// Their names, as `lsmod` shows them. Empty where the kernel has none, or does not tell.
#[must_use]
pub fn loaded() -> BTreeSet<String> {
    let text = fs::read_to_string("/proc/modules").unwrap_or_default();
    text.lines()
        .filter_map(|line| line.split(' ').next())
        .map(str::to_owned)
        .collect()
}
