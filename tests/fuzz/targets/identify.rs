//! See `checks/identify.rs`.

#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../checks/identify.rs"]
mod identify;

fuzz_target!(|input: &[u8]| identify::check(input));
