//! See `checks/record.rs`.

#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../checks/record.rs"]
mod record;

fuzz_target!(|input: &[u8]| record::check(input));
