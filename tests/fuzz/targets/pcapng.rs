//! See `checks/pcapng.rs`.

#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../checks/pcapng.rs"]
mod pcapng;

fuzz_target!(|input: &[u8]| pcapng::check(input));
