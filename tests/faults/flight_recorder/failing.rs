//! Files that cannot be written, or not to their end.

use std::fs;

use super::{
    books::{must_add_up, must_be_contiguous},
    scene::{Scene, numbers},
};
use crate::{lost, mount::Mount};

#[test]
fn a_full_disk_costs_what_does_not_fit_which_is_counted_and_the_next_file_is_whole_again() {
    let mount = Mount::with_room_for("256k");
    let scene = Scene::writing(
        mount.path().join("drops.pcapng"),
        &["--flight-recorder", "1M"],
    );
    scene.cause(0..5000);
    let line = scene.ask("cannot write ");
    for words in ["drops.pcapng", "No space left", "make room", "-w"] {
        assert!(line.contains(words), "no {words:?} in: {line}");
    }
    let saved = tempfile::tempdir().expect("a directory under /tmp");
    let first = saved.path().join("first.pcapng");
    fs::copy(&scene.file, &first).expect("there is room elsewhere");
    let found = numbers(scene.origin, &first);
    assert!(
        line.contains(&format!(" {} packets are in it", found.len())),
        "{line}"
    );
    must_be_contiguous(&found);
    // Nothing can be written at all.
    let filler = mount.path().join("filler");
    let filled = fs::write(&filler, vec![0; 1 << 20]);
    assert!(
        filled.is_err(),
        "there is room for more than there should be"
    );
    scene.cause(5000..5010);
    scene.ask("drops-2.pcapng");
    assert!(
        !scene.numbered(2).exists(),
        "a file is there that nothing is in"
    );
    for file in [&scene.file, &filler] {
        fs::remove_file(file).expect("it is the test's own");
    }
    scene.cause(5010..5020);
    scene.ask("10 packets, ");
    assert_eq!(
        numbers(scene.origin, &scene.numbered(3)),
        (5010..5020).collect::<Vec<_>>()
    );
    let [third, last] = [3, 4].map(|number| scene.numbered(number));
    let ended = scene.droprec.stop();
    assert_eq!(ended.status.code(), Some(1), "{}", ended.stderr);
    let files = [first.as_path(), &third, &last];
    let files = if last.exists() {
        &files[..]
    } else {
        &files[..2]
    };
    must_add_up(&ended, files);
    let unwritten = lost::unwritten(&ended);
    assert!(unwritten > 10, "{}", ended.stderr);
}
