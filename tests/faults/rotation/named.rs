//! How many files there are, and how they are called: as tcpdump(8) says, but that nothing is overwritten that it does not say
//! is.

use std::{fs, path::Path, time::Duration};

use droprec_testbed::{pause, until};

use super::files::{files, must_be_whole};
use crate::stage::Stage;

/// The names in a directory.
fn names(directory: &Path) -> Vec<String> {
    let entries = fs::read_dir(directory).expect("the directory is there");
    let name = |entry: fs::DirEntry| entry.file_name().to_string_lossy().into_owned();
    let mut names: Vec<_> = entries
        .map(|entry| name(entry.expect("an entry")))
        .collect();
    names.sort();
    names
}

#[test]
fn a_ring_has_its_newest_packets_in_as_many_files_as_it_may_and_older_files_make_room() {
    let stage = Stage::new();
    for name in ["drops.pcapng00", "drops.pcapng03"] {
        fs::write(stage.directory().join(name), "an older one").expect("there is room");
    }
    let droprec = stage.record(&["-C", "100k", "-W", "11"]);
    stage.cause(20_000);
    let ended = droprec.stop().succeeded();
    let expected: Vec<_> = (0..11).map(|of| format!("drops.pcapng{of:02}")).collect();
    assert_eq!(names(stage.directory()), expected);
    let ids: Vec<u64> = files(stage.directory())
        .iter()
        .flat_map(|file| crate::tally::Tally::of(file).packetids)
        .collect();
    // Without a gap up to the last one.
    let written = ended.accounting().written;
    assert_eq!(ids, (ids[0]..written).collect::<Vec<_>>());
    assert!(ids[0] > 0, "nothing made room");
}

#[test]
fn nothing_that_is_there_is_overwritten_without_a_ring() {
    let stage = Stage::new();
    for name in ["drops.pcapng", "drops.pcapng2"] {
        fs::write(stage.directory().join(name), "an older one").expect("there is room");
    }
    let droprec = stage.record(&["-C", "100k"]);
    stage.cause(1000);
    let ended = droprec.stop().succeeded();
    let found = names(stage.directory());
    for name in ["drops.pcapng", "drops.pcapng2"] {
        let path = stage.directory().join(name);
        assert_eq!(fs::read(&path).expect("it is there"), b"an older one");
        fs::remove_file(path).expect("it is there");
    }
    let numbers = ["", "1", "2", "3", "4", "5", "6", "7", "8", "9"];
    let expected = numbers.map(|number| format!("drops.pcapng{number}"));
    assert_eq!(found, expected[..found.len()]);
    must_be_whole(&ended, &files(stage.directory()));
}

#[test]
fn files_of_a_period_are_called_by_the_time_that_they_began_and_the_last_one_ends_the_recording() {
    let stage = Stage::new();
    let file = stage.directory().join("drops-%Y%m%d-%H%M%S.pcapng");
    let droprec = stage.record_to(&file, &["-G", "1", "-W", "3"]);
    // A file of its own for a time in which nothing comes.
    stage.cause(10);
    pause(Duration::from_millis(2100));
    stage.cause_uncounted(10);
    let ended = droprec.wait().succeeded();
    must_be_whole(&ended, &files(stage.directory()));
    let found = names(stage.directory());
    assert_eq!(found.len(), 3, "{found:?}");
    for name in &found {
        let path = stage.directory().join(name);
        let made = fs::metadata(&path).expect("it is there").created();
        let made = made
            .expect("a file system that keeps it")
            .duration_since(std::time::UNIX_EPOCH);
        let seconds = made.expect("after 1970").as_secs();
        let date = |seconds: u64| {
            let format = "+drops-%Y%m%d-%H%M%S.pcapng";
            let text = droprec_testbed::run("date", &["-d", &format!("@{seconds}"), format]);
            text.trim().to_owned()
        };
        // It may be made in the next second already.
        assert!([date(seconds), date(seconds - 1)].contains(name), "{name}");
    }
}

#[test]
fn the_files_of_a_period_without_a_time_in_their_name_are_numbered_and_not_overwritten() {
    let stage = Stage::new();
    let droprec = stage.record(&["-G", "1"]);
    let third = stage.directory().join("drops.pcapng2");
    let made = until(|| third.exists().then_some(()));
    assert!(made.is_some(), "{:?}", names(stage.directory()));
    stage.cause(10);
    let ended = droprec.stop().succeeded();
    must_be_whole(&ended, &files(stage.directory()));
}
