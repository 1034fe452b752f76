//! A disk that is full, and what is done about it.

use std::{fs::File, io::Read as _, path::PathBuf, time::Duration};

use droprec_testbed::{
    Capture,
    flood::{flood_of, frame},
    frame::UNHANDLED,
    must_be_readable, pause, until,
};

use super::files::{files, must_be_each_once, must_be_whole};
use crate::{
    lost,
    mount::Mount,
    stage::Stage,
    tally::{Tally, capinfos},
};

#[test]
fn a_full_disk_ends_a_compressed_recording_with_a_file_that_is_whole_and_has_its_books() {
    for size in ["32k", "64k", "128k"] {
        let (stage, mount) = (Stage::new(), Mount::with_room_for(size));
        let file = mount.path().join("drops.pcapng.zst");
        let droprec = stage.record_to(&file, &[]);
        stage.cause(200_000);
        let ended = droprec.wait();
        assert_eq!(ended.status.code(), Some(1), "{}", ended.stderr);
        assert!(ended.stderr.contains("make room"), "{}", ended.stderr);
        assert!(lost::unwritten(&ended) > 0, "{}", ended.stderr);
        let accounting = ended.accounting();
        accounting.must_balance();
        let tally = Tally::of(&file);
        assert_eq!((tally.packets, tally.is_cut), (accounting.written, false));
        assert_eq!(capinfos(&file), accounting.written);
        println!(
            "{size}: {} packets, {} statistics",
            tally.packets,
            tally.statistics.len()
        );
        must_be_each_once(&tally.packetids, accounting.written);
        assert_eq!(tally.sum(|counted| counted.received), accounting.seen);
        let path = file.to_str().expect("a path of letters and digits");
        droprec_testbed::run("zstd", &["-tq", path]);
    }
}

#[test]
fn a_full_disk_ends_a_rotation_and_each_of_its_files_is_whole() {
    let (stage, mount) = (Stage::new(), Mount::with_room_for("1m"));
    let droprec = stage.record_to(&mount.path().join("drops.pcapng"), &["-C", "100k"]);
    stage.cause(20_000);
    let ended = droprec.wait();
    assert_eq!(ended.status.code(), Some(1), "{}", ended.stderr);
    let accounting = ended.accounting();
    accounting.must_balance();
    assert!(lost::unwritten(&ended) > 0, "{}", ended.stderr);
    let files = files(mount.path());
    assert!(files.len() > 5, "{files:?}");
    let mut ids = Vec::new();
    for file in &files {
        let tally = Tally::of(file);
        assert!(!tally.is_cut, "{}", file.display());
        assert_eq!(capinfos(file), tally.packets);
        must_be_readable(file);
        ids.extend(tally.packetids);
    }
    must_be_each_once(&ids, accounting.written);
}

#[test]
fn who_waits_for_room_goes_on_at_the_very_byte_and_says_so_once() {
    for name in ["drops.pcapng", "drops.pcapng.zst"] {
        let (stage, mount) = (Stage::new(), Mount::with_room_for("64k"));
        let file = mount.path().join(name);
        // What waits in this ring is less than what comes.
        let droprec = stage.record_to(&file, &["--on-full", "wait", "-B", "4096"]);
        stage.cause(100_000);
        let said = until(|| droprec.stderr().contains("it is waited for").then_some(()));
        assert!(said.is_some(), "{name}: {}", droprec.stderr());
        stage.cause(100_000);
        mount.make_room("256m");
        // Until what has waited is written.
        until(|| (Tally::of(&file).packets > 10_000).then_some(()));
        stage.cause(1000);
        let ended = droprec.stop().succeeded();
        must_be_whole(&ended, &[file]);
        assert_eq!(
            ended.stderr.matches("it is waited for").count(),
            1,
            "{}",
            ended.stderr
        );
        assert_eq!(
            ended.accounting().lost,
            lost::by_the_ring(&ended) + ended.lost_in_the_midst()
        );
    }
}

#[test]
fn who_gives_up_waiting_for_room_has_a_whole_file_with_its_books() {
    let (stage, mount) = (Stage::new(), Mount::with_room_for("64k"));
    let file = mount.path().join("drops.pcapng");
    let droprec = stage.record_to(&file, &["--on-full", "wait"]);
    stage.cause(10_000);
    until(|| droprec.stderr().contains("it is waited for").then_some(()));
    droprec.signal(rustix::process::Signal::INT);
    until(|| droprec.stderr().contains("waiting for ").then_some(()));
    let ended = droprec.stop();
    assert_eq!(ended.status.code(), Some(1), "{}", ended.stderr);
    let accounting = ended.accounting();
    accounting.must_balance();
    let tally = Tally::of(&file);
    assert_eq!((tally.packets, tally.is_cut), (accounting.written, false));
    assert_eq!(tally.sum(|counted| counted.received), accounting.seen);
    must_be_readable(&file);
}

#[test]
fn the_oldest_files_make_room_for_the_newest_and_no_others_do() {
    for (name, size, limit) in [
        ("drops.pcapng", "100k", "1m"),
        ("drops.pcapng.zst", "8k", "64k"),
    ] {
        let (stage, mount) = (Stage::new(), Mount::with_room_for(limit));
        let foreign = mount.path().join("drops.pcapng2");
        std::fs::write(&foreign, "not ours").expect("there is room");
        let file = mount.path().join(name);
        let droprec = stage.record_to(&file, &["-C", size, "--on-full", "drop-oldest"]);
        stage.cause(100_000);
        let ended = droprec.stop().succeeded();
        let accounting = ended.accounting();
        accounting.must_balance();
        assert_eq!(lost::unwritten(&ended), 0, "{}", ended.stderr);
        assert_eq!(std::fs::read(&foreign).expect("it is there"), b"not ours");
        std::fs::remove_file(foreign).expect("it is there");
        let files: Vec<PathBuf> = files(mount.path());
        let mut ids = Vec::new();
        for file in &files {
            let tally = Tally::of(file);
            assert_eq!((capinfos(file), tally.is_cut), (tally.packets, false));
            ids.extend(tally.packetids);
        }
        // The newest, without a gap.
        assert_eq!(ids, (ids[0]..accounting.written).collect::<Vec<_>>());
        assert!(ids[0] > 0, "nothing made room");
        assert!(
            ended.stderr.contains(" files were removed to make room"),
            "{}",
            ended.stderr
        );
    }
}

#[test]
fn who_has_no_older_files_to_remove_ends_on_a_full_disk() {
    let (stage, mount) = (Stage::new(), Mount::with_room_for("64k"));
    let file = mount.path().join("drops.pcapng");
    let droprec = stage.record_to(&file, &["-C", "1", "--on-full", "drop-oldest"]);
    stage.cause(10_000);
    pause(Duration::from_millis(200));
    let ended = droprec.wait();
    assert_eq!(ended.status.code(), Some(1), "{}", ended.stderr);
    let accounting = ended.accounting();
    accounting.must_balance();
    assert_eq!(
        Capture::read(&file).packets.len() as u64,
        accounting.written
    );
}

#[test]
fn a_ring_that_is_gone_on_with_makes_room_of_what_earlier_recordings_have_left() {
    let (stage, mount) = (Stage::new(), Mount::with_room_for("256k"));
    let file = mount.path().join("drops.pcapng");
    let arguments = ["-C", "20k", "-W", "20", "--on-full", "drop-oldest"];
    for round in 0..3 {
        let droprec = stage.record_to(&file, &arguments);
        stage.cause(2000);
        let ended = droprec.stop().succeeded();
        assert_eq!(lost::unwritten(&ended), 0, "{round}: {}", ended.stderr);
        let written = ended.accounting().written;
        let mut ids = Vec::new();
        for file in &files(mount.path()) {
            let tally = Tally::of(file);
            assert_eq!((capinfos(file), tally.is_cut), (tally.packets, false));
            ids.extend(tally.packetids);
        }
        // Its own newest, whatever is left of the earlier ones.
        let newest = ids.iter().filter(|id| **id >= written - 200).count();
        assert!(newest >= 200, "{round}: {ids:?}");
    }
}

#[test]
fn what_cannot_be_compressed_fills_the_disk_too_before_the_recording_ends() {
    let (stage, mount) = (Stage::new(), Mount::with_room_for("256k"));
    let file = mount.path().join("drops.pcapng.zst");
    let droprec = stage.record_to(&file, &["-s", "512"]);
    let mut random = File::open("/dev/urandom").expect("it is there");
    let mut sent = frame(UNHANDLED).to_vec();
    sent.resize(512, 0);
    stage.enter(|| {
        for _ in 0..4000 {
            random.read_exact(&mut sent[14..]).expect("it has no end");
            flood_of("eth0", &sent, 1);
        }
    });
    let ended = droprec.wait();
    assert_eq!(ended.status.code(), Some(1), "{}", ended.stderr);
    let accounting = ended.accounting();
    accounting.must_balance();
    let (tally, length) = (
        Tally::of(&file),
        file.metadata().expect("it is there").len(),
    );
    assert_eq!((tally.packets, tally.is_cut), (accounting.written, false));
    assert!(length > 220 * 1024, "{length} bytes: {accounting:?}");
}
