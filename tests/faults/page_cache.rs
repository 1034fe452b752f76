//! What a recording leaves to the programs beside it of the memory that files are kept in.

use std::{
    fs::{self, File},
    path::Path,
    thread,
    time::Duration,
};

use droprec_testbed::run;

use crate::{disk::Disk, stage::Stage, tally::capinfos};

/// Drops that are recorded at once, some 55 MB.
const PART: u32 = 100_000;
/// How often, at least and at most.
const LEAST: u32 = 6;
const MOST: u32 = 16;

/// Drops of a flood, some 27 MB: of a longer recording as much may stay there.
const FLOOD: u32 = 50_000;
/// Where others keep a disk busy, a flood may be more than it takes at once.
const FLOODS: u32 = 8;

/// Bytes of a file that are in memory.
fn cached(file: &Path) -> u64 {
    let path = file.to_str().expect("a path of letters and digits");
    let cached = run("fincore", &["-b", "-n", "-o", "RES", path]);
    cached.trim().parse().expect("a number of bytes")
}

#[test]
fn a_flood_goes_past_the_page_cache() {
    let (stage, disk) = (Stage::new(), Disk::of(1024));
    let is_past_it = (1..=FLOODS).any(|flood| {
        let file = disk.path().join(format!("{flood}.pcapng"));
        let droprec = stage.record_to(&file, &[]);
        stage.cause(FLOOD);
        let ended = droprec.stop().succeeded();
        ended.accounting().must_balance();
        let length = fs::metadata(&file).expect("droprec has made it").len();
        let cached = cached(&file);
        assert_eq!(capinfos(&file), ended.accounting().written);
        println!("{cached} of {length} bytes");
        cached < length / 4
    });
    assert!(is_past_it, "much of each file is in memory");
}

#[test]
fn what_the_disk_is_behind_with_goes_through_the_page_cache() {
    let (stage, disk) = (Stage::new(), Disk::of(1024));
    let file = disk.path().join("drops.pcapng");
    let droprec = stage.record_to(&file, &[]);
    disk.freeze("-f");
    // As much of the ring as a flood may have.
    stage.cause(2 * FLOOD);
    // What is claimed is about the passing of time: it is looked ten times a second.
    thread::sleep(Duration::from_secs(2));
    disk.freeze("-u");
    let ended = droprec.stop().succeeded();
    ended.accounting().must_balance();
    let length = fs::metadata(&file).expect("droprec has made it").len();
    let cached = cached(&file);
    assert!(cached > length / 2, "{cached} of {length} bytes");
    assert_eq!(capinfos(&file), ended.accounting().written);
}

#[test]
fn a_long_recording_that_goes_through_the_page_cache_does_not_fill_it() {
    let (stage, disk) = (Stage::new(), Disk::of(1024));
    let file = disk.path().join("drops.pcapng");
    let stdout = File::create(&file).expect("there is room");
    let droprec = stage.record_into(stdout, &["-w", "-"]);
    // A slow disk catches up at one moment or another.
    let is_small = (1..=MOST).any(|part| {
        stage.cause(PART);
        let length = fs::metadata(&file).expect("droprec has made it").len();
        let cached = cached(&file);
        println!("{cached} of {length} bytes");
        part >= LEAST && cached < length / 3
    });
    assert!(is_small, "much of the file is in memory");
    droprec.stop().succeeded().accounting().must_balance();
}
