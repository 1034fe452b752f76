//! See `checks/symbols.rs`.

#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../checks/symbols.rs"]
mod symbols;

fuzz_target!(|input: &[u8]| symbols::check(input));
