//! Where the files are made, and what is there already or no more.

use std::{fs, path::Path};

use droprec_testbed::{Droprec, must_be_readable, run};

use super::scene::{Scene, numbers};
use crate::{books::must_add_up, mount::Mount, refusal::must_have_refused, stage::DROPREC};

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

#[test]
fn a_file_that_was_removed_meanwhile_is_made_again() {
    let scene = Scene::new(&["--flight-recorder", "64K"]);
    scene.cause(0..6);
    fs::remove_file(&scene.file).expect("it is there");
    let line = scene.ask("6 packets, ");
    assert!(
        line.ends_with(&format!(" written to {}", scene.file.display())),
        "{line}"
    );
    assert_eq!(
        numbers(scene.origin, &scene.file),
        (0..6).collect::<Vec<_>>()
    );
    scene.cause(6..9);
    let (file, next, origin) = (scene.file.clone(), scene.numbered(2), scene.origin);
    let ended = scene.droprec.stop().succeeded();
    assert_eq!(numbers(origin, &next), (6..9).collect::<Vec<_>>());
    must_add_up(&ended, &[&file, &next]);
}

#[test]
fn a_file_that_was_renamed_is_left_alone_and_so_is_what_has_its_name_now() {
    let scene = Scene::new(&["--flight-recorder", "64K"]);
    scene.cause(0..6);
    let renamed = scene.file.with_file_name("renamed.pcapng");
    fs::rename(&scene.file, &renamed).expect("it is there");
    let before = fs::read(&renamed).expect("it can be read");
    fs::write(&scene.file, "somebody else's").expect("there is room");
    let (file, next, origin) = (scene.file.clone(), scene.numbered(2), scene.origin);
    // The end makes it again, too.
    let ended = scene.droprec.stop().succeeded();
    let said = format!("6 packets, .* written to {}", next.display());
    let (begin, end) = said.split_once(".*").expect("it has two parts");
    assert!(
        ended
            .stderr
            .lines()
            .any(|line| line.contains(begin) && line.ends_with(end)),
        "{}",
        ended.stderr
    );
    assert_eq!(numbers(origin, &next), (0..6).collect::<Vec<_>>());
    assert_eq!(fs::read(&file).expect("it can be read"), b"somebody else's");
    assert_eq!(fs::read(&renamed).expect("it can be read"), before);
    must_be_readable(&renamed);
    must_add_up(&ended, &[&next]);
}
