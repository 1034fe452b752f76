//! What a recording leaves to the programs beside it of the memory that files are kept in.

use std::fs;

use droprec_testbed::run;

use crate::{disk::Disk, stage::Stage};

const MIB: u64 = 1 << 20;
/// Drops that are recorded at once.
const PART: u32 = 100_000;
/// Bytes of the recording.
const LONG: u64 = 400 * MIB;

#[test]
fn a_long_recording_does_not_fill_the_page_cache() {
    let (stage, disk) = (Stage::new(), Disk::of(1024));
    let file = disk.path().join("drops.pcapng");
    let path = file.to_str().expect("a path of letters and digits");
    let droprec = stage.record_to(&file, &[]);
    let length = || fs::metadata(&file).expect("droprec has made it").len();
    while length() < LONG {
        stage.cause(PART);
    }
    let cached = run("fincore", &["-b", "-n", "-o", "RES", path]);
    let cached: u64 = cached.trim().parse().expect("a number of bytes");
    let length = length();
    println!("{cached} of {length} bytes");
    assert!(cached < length / 3, "{cached} of {length} bytes");
    droprec.stop().succeeded().accounting().must_balance();
}
