//! A disk that fails when what was written is on its way to it, which the kernel tells only who waits for that.

use std::fs::File;

use droprec_testbed::{Droprec, Ended, until};
use rustix::process::Signal;

use crate::{disk::FailingDisk, stage::Stage};

const SAID: &str = "the disk has not taken all that was written to";

/// A recording to such a disk of so many drops, until it ends by itself or is ended.
fn recorded(room: &str, arguments: &[&str], drops: u32) -> Ended {
    let (stage, disk) = (Stage::new(), FailingDisk::with_room_for(room));
    let droprec = stage.record_to(&disk.path().join("drops.pcapng"), arguments);
    stage.cause(drops);
    droprec.stop()
}

fn must_have_told(ended: &Ended) {
    assert_eq!(ended.status.code(), Some(1), "{}", ended.stderr);
    assert!(ended.stderr.contains(SAID), "{}", ended.stderr);
    ended.accounting().must_balance();
}

#[test]
fn a_disk_that_fails_ends_a_long_recording() {
    must_have_told(&recorded("20m", &[], 300_000));
}

#[test]
fn that_the_disk_has_not_taken_the_last_of_a_short_recording_is_told_at_its_end() {
    // Some three megabytes: nothing of it is sent on before.
    must_have_told(&recorded("1m", &[], 6000));
}

#[test]
fn that_the_disk_has_not_taken_all_of_standard_output_is_told() {
    let (stage, disk) = (Stage::new(), FailingDisk::with_room_for("1m"));
    let stdout = File::create(disk.path().join("drops.pcapng")).expect("there is room");
    let droprec = stage.record_into(stdout, &["-w", "-"]);
    stage.cause(6000);
    let ended = droprec.stop();
    must_have_told(&ended);
    let said = format!("{SAID} standard output");
    assert!(ended.stderr.contains(&said), "{}", ended.stderr);
}

#[test]
fn a_disk_that_fails_ends_a_rotation() {
    must_have_told(&recorded("10m", &["-C", "1"], 100_000));
    must_have_told(&recorded("1m", &["-C", "1"], 6000));
}

#[test]
fn a_flight_recorder_tells_which_of_its_files_the_disk_has_not_taken_and_goes_on() {
    let (stage, disk) = (Stage::new(), FailingDisk::with_room_for("1m"));
    let file = disk.path().join("drops.pcapng");
    let droprec = stage.record_to(&file, &["--flight-recorder", "16M"]);
    let has_said = |droprec: &Droprec, what: &str| {
        until(|| droprec.stderr().contains(what).then_some(())).is_some()
    };
    stage.cause(1000);
    droprec.signal(Signal::USR2);
    assert!(has_said(&droprec, "written to"), "{}", droprec.stderr());
    assert!(!droprec.stderr().contains(SAID), "{}", droprec.stderr());
    stage.cause(6000);
    droprec.signal(Signal::USR2);
    assert!(has_said(&droprec, SAID), "{}", droprec.stderr());
    must_have_told(&droprec.stop());
}
