//! Targets that take no more.

use std::{
    path::Path,
    process::{Command, Stdio},
};

use droprec_testbed::{Capture, Droprec, Ended, fields, must_be_readable};

use crate::{
    disk::Disk,
    lost,
    mount::Mount,
    stage::{DROPREC, Stage},
    tally::{Tally, capinfos},
};

/// Demands that the recording ended by itself with one message that says what is wrong and what to do, and balanced books.
fn must_have_given_up(ended: &Ended, why: &[&str]) {
    assert_eq!(ended.status.code(), Some(1), "{}", ended.stderr);
    let messages: Vec<&str> = ended
        .stderr
        .lines()
        .filter(|line| line.starts_with("droprec: ") && !line.ends_with("Ctrl-C ends it"))
        .collect();
    let [message] = messages[..] else {
        panic!("not one message: {}", ended.stderr);
    };
    for words in [&["cannot write ", "-w"], why].concat() {
        assert!(message.contains(words), "no {words:?} in: {message}");
    }
    assert!(!ended.stderr.contains("panicked"), "{}", ended.stderr);
    let accounting = ended.accounting();
    accounting.must_balance();
    assert!(lost::unwritten(ended) > 0, "{}", ended.stderr);
}

#[test]
fn on_a_full_file_system_the_file_stays_whole_and_what_was_not_written_is_counted() {
    must_stay_whole(Mount::with_room_for("256k").path());
}

#[test]
fn so_on_a_disk_that_a_flood_fills() {
    must_stay_whole(Disk::of(20).path());
}

/// Records more than there is room for in this directory.
fn must_stay_whole(directory: &Path) {
    let stage = Stage::new();
    let file = directory.join("drops.pcapng");
    let droprec = stage.record_to(&file, &[]);
    stage.cause(100_000);
    let ended = droprec.wait();
    must_have_given_up(&ended, &["make room", "No space left"]);

    let written = ended.accounting().written;
    assert!(written > 0, "nothing was written while there was room");
    let capture = Capture::read(&file);
    assert_eq!(capture.packets.len() as u64, written, "packets in the file");
    let shown = fields("frame", &["frame.number"], &file);
    assert_eq!(
        shown.len() as u64,
        written,
        "packets for tshark, which must not complain"
    );
}

#[test]
fn a_limit_of_a_files_size_is_as_a_full_file_system() {
    const LIMIT: u64 = 20 << 10;
    let stage = Stage::new();
    let mut command = Command::new("prlimit");
    command.args([&format!("--fsize={LIMIT}"), DROPREC]);
    command.args(["-i", &stage.label(), "-w"]).arg(stage.file());
    let mut droprec = Droprec::spawn(command, Stdio::piped());
    droprec.wait_until_ready();
    stage.cause(1000);
    let ended = droprec.wait();
    must_have_given_up(&ended, &["File too large", "ulimit -f"]);

    let (written, tally) = (ended.accounting().written, Tally::of(&stage.file()));
    assert!(written > 0, "nothing was written below the limit");
    assert_eq!(capinfos(&stage.file()), written);
    assert_eq!((tally.packets, tally.is_cut), (written, false));
    assert_eq!(
        tally.sum(|counted| counted.received),
        ended.accounting().seen
    );
    must_be_readable(&stage.file());
}
