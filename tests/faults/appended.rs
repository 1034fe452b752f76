//! Standard output that is a file with something in it already (`>>`), on a file system that fills up.

use std::{
    fs::{self, File},
    path::PathBuf,
};

use droprec_testbed::{Capture, Ended, must_be_readable};

use crate::{mount::Mount, stage::Stage};

/// How long is what was there before: longer than what there is room left for.
const OLDER: usize = 200_000;
const FLOOD: u32 = 50_000;

/// The stage, a small file system, and a file in it with older content.
struct Scene {
    stage: Stage,
    mount: Mount,
    older: Vec<u8>,
}

impl Scene {
    fn with(older: usize) -> Self {
        let line = b"what was here before\n";
        let scene = Self {
            stage: Stage::new(),
            mount: Mount::with_room_for("256k"),
            older: line.iter().copied().cycle().take(older).collect(),
        };
        fs::write(scene.file(), &scene.older).expect("there is room for it");
        scene
    }

    fn file(&self) -> PathBuf {
        self.mount.path().join("existing")
    }

    /// What a droprec adds to the file, whose older content must all be there.
    fn added_in_a_flood(&self, arguments: &[&str]) -> (Ended, Vec<u8>) {
        let file = File::options().append(true).open(self.file());
        let file = file.expect("a file of the test's own");
        let droprec = self.stage.record_into(file, arguments);
        self.stage.cause(FLOOD);
        let ended = droprec.wait();
        assert_eq!(ended.status.code(), Some(1), "{}", ended.stderr);
        assert!(ended.stderr.contains("No space left"), "{}", ended.stderr);
        ended.accounting().must_balance();
        assert!(ended.accounting().written > 0, "{}", ended.stderr);
        let mut all = fs::read(self.file()).expect("the file is there");
        assert!(
            all.starts_with(&self.older),
            "of {} bytes that were there {} are",
            self.older.len(),
            all.iter()
                .zip(&self.older)
                .take_while(|(a, b)| a == b)
                .count()
        );
        let added = all.split_off(self.older.len());
        (ended, added)
    }
}

#[test]
fn lines_added_to_a_log_until_the_disk_is_full_take_nothing_from_what_was_in_it() {
    let scene = Scene::with(OLDER);
    let (ended, added) = scene.added_in_a_flood(&["-v"]);
    let text = str::from_utf8(&added).expect("lines are UTF-8");
    assert!(text.ends_with('\n'), "the last line is cut");
    assert!(!text.is_empty(), "{}", ended.stderr);
}

#[test]
fn of_the_last_drop_in_a_log_on_a_full_disk_both_lines_are_there() {
    // Where the room ends decides which line would be missing.
    for more in [0, 90, 180, 270] {
        let scene = Scene::with(OLDER + more);
        let (ended, added) = scene.added_in_a_flood(&["-v"]);
        let lines = added.split_inclusive(|byte| *byte == b'\n').count();
        assert_eq!(
            lines as u64,
            2 * ended.accounting().written,
            "{}",
            ended.stderr
        );
    }
}

#[test]
fn a_recording_added_to_a_file_until_the_disk_is_full_takes_nothing_from_what_was_in_it() {
    let scene = Scene::with(OLDER);
    let (ended, added) = scene.added_in_a_flood(&["-w", "-"]);
    let capture = Capture::of(&added);
    assert!(!capture.is_cut, "the last block is cut");
    assert_eq!(
        capture.packets.len() as u64,
        ended.accounting().written,
        "{}",
        ended.stderr
    );
    let alone = scene.stage.directory().join("added.pcapng");
    fs::write(&alone, &added).expect("there is room elsewhere");
    must_be_readable(&alone);
}
