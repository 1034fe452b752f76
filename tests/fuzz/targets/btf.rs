//! See `checks/btf.rs`.

#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../checks/btf.rs"]
mod btf;

fuzz_target!(|input: &[u8]| btf::check(input));
