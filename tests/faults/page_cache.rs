//! What a recording leaves to the programs beside it of the memory that files are kept in.

use std::fs;

use droprec_testbed::run;

use crate::{disk::Disk, stage::Stage};

/// Drops that are recorded at once, some 55 MB.
const PART: u32 = 100_000;
/// How often, at least and at most.
const LEAST: u32 = 6;
const MOST: u32 = 16;

#[test]
fn a_long_recording_does_not_fill_the_page_cache() {
    let (stage, disk) = (Stage::new(), Disk::of(1024));
    let file = disk.path().join("drops.pcapng");
    let path = file.to_str().expect("a path of letters and digits");
    let droprec = stage.record_to(&file, &[]);
    // A slow disk catches up at one moment or another.
    let is_small = (1..=MOST).any(|part| {
        stage.cause(PART);
        let length = fs::metadata(&file).expect("droprec has made it").len();
        let cached = run("fincore", &["-b", "-n", "-o", "RES", path]);
        let cached: u64 = cached.trim().parse().expect("a number of bytes");
        println!("{cached} of {length} bytes");
        part >= LEAST && cached < length / 3
    });
    assert!(is_small, "much of the file is in memory");
    droprec.stop().succeeded().accounting().must_balance();
}
