//! Where the files are made, and what is there already or no more.

use std::{fs, path::Path};

use droprec_testbed::{Droprec, run};

use crate::{mount::Mount, refusal::must_have_refused, stage::DROPREC};

#[test]
fn on_a_full_disk_nothing_is_begun_that_would_be_lost_later() {
    let mount = Mount::with_room_for("64k");
    let filled = fs::write(mount.path().join("filler"), vec![0; 1 << 20]);
    assert!(
        filled.is_err(),
        "there is room for more than there should be"
    );
    let file = mount.path().join("drops.pcapng");
    let path = file.to_str().expect("a path of letters and digits");
    let ended = Droprec::run(DROPREC, &["--flight-recorder", "64K", "-w", path]);
    must_have_refused(
        &ended,
        &["cannot write ", path, "No space left", "make room", "-w"],
    );
}

#[test]
fn what_is_there_and_is_no_file_is_refused_and_nothing_is_made_beside_it() {
    let directory = tempfile::tempdir().expect("a directory under /tmp");
    let pipe = directory.path().join("pipe");
    let pipe = pipe.to_str().expect("a path of letters and digits");
    run("mkfifo", &[pipe]);
    for place in ["/dev/full", pipe] {
        let ended = Droprec::run(DROPREC, &["--flight-recorder", "64K", "-w", place]);
        assert_eq!(ended.status.code(), Some(2), "{}", ended.stderr);
        for words in ["--flight-recorder", place, "-w"] {
            assert!(
                ended.stderr.contains(words),
                "no {words:?} in: {}",
                ended.stderr
            );
        }
        assert_eq!(ended.stderr.lines().count(), 1, "{}", ended.stderr);
        assert!(!Path::new(&format!("{place}-2")).exists());
    }
}
