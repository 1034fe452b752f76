//! See `checks/logfmt.rs`.

#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../checks/logfmt.rs"]
mod logfmt;

fuzz_target!(|input: &[u8]| logfmt::check(input));
