//! Files that cannot be written, or not to their end.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    sync::atomic::Ordering,
};

use droprec_testbed::{Capture, Pair, until};
use rustix::process::Signal;

use super::scene::{Scene, numbers};
use crate::{
    books::{must_add_up, must_be_contiguous},
    lost,
    mount::Mount,
    stage::DROPREC,
};

/// Demands that it is said what is wrong, that so many packets stay in memory, and what to do.
fn must_keep(line: &str, kept: &str, words: &[&str]) {
    for words in [
        &[kept, "stay in memory for the next file", "SIGUSR2"],
        words,
    ]
    .concat()
    {
        assert!(line.contains(words), "no {words:?} in: {line}");
    }
}

/// These, as far as they are there: others' drops, which are not asked for here, may make the last one.
fn as_far_as_there(files: &[PathBuf]) -> Vec<&Path> {
    let paths = files.iter().map(PathBuf::as_path);
    paths.filter(|path| path.exists()).collect()
}

#[test]
fn what_a_full_disk_has_no_room_for_stays_in_memory_and_the_next_file_has_it() {
    // Less than is written at once: there is room for the books then.
    let mount = Mount::with_room_for("200k");
    let scene = Scene::writing(
        mount.path().join("drops.pcapng"),
        &["--flight-recorder", "1M"],
    );
    scene.cause(0..1500);
    let line = scene.ask("cannot write ");
    let written = numbers(scene.origin, &scene.file);
    let count = written.len() as u32;
    assert!(count > 100, "{line}");
    must_be_contiguous(&written);
    let in_it = format!(" {count} packets are in it");
    let kept = format!("the other {} ", 1500 - count);
    must_keep(
        &line,
        &kept,
        &[
            "drops.pcapng to its end",
            &in_it,
            "No space left",
            "make room",
        ],
    );
    // Nothing can be written at all.
    let filler = mount.path().join("filler");
    let filled = fs::write(&filler, vec![0; 1 << 20]);
    assert!(
        filled.is_err(),
        "there is room for more than there should be"
    );
    scene.cause(1500..1510);
    let line = scene.ask("drops-2.pcapng");
    must_keep(&line, &format!("all {} packets", 1510 - count), &[]);
    assert!(
        !scene.numbered(2).exists(),
        "a file is there that nothing is in"
    );
    fs::remove_file(&filler).expect("it is the test's own");
    mount.make_room("4m");
    scene.cause(1510..1520);
    let line = scene.ask(" written to ");
    let words = format!("{} packets, ", 1520 - count);
    assert!(line.contains(&words), "no {words:?} in: {line}");
    assert!(line.ends_with("drops-2.pcapng"), "{line}");
    let found = numbers(scene.origin, &scene.numbered(2));
    assert_eq!(found, (written.len() as u32..1520).collect::<Vec<_>>());
    let files = scene.three_files();
    // All is written in the end.
    let ended = scene.droprec.stop().succeeded();
    must_add_up(&ended, &as_far_as_there(&files));
    assert_eq!(lost::unwritten(&ended), 0, "{}", ended.stderr);
}

#[test]
fn what_could_not_be_written_makes_room_for_what_comes_after_it() {
    const SIZE: u64 = 1 << 20;
    let mount = Mount::with_room_for("64k");
    let scene = Scene::writing(
        mount.path().join("drops.pcapng"),
        &["--flight-recorder", "1M"],
    );
    scene.cause(0..1500);
    let line = scene.ask("cannot write ");
    let written = numbers(scene.origin, &scene.file);
    must_keep(&line, "the other ", &[]);
    mount.make_room("4m");
    scene.cause(1500..4000);
    scene.ask("drops-2.pcapng");
    let found = numbers(scene.origin, &scene.numbered(2));
    must_be_contiguous(&found);
    assert_eq!(found.last(), Some(&3999));
    assert!(found[0] > written.len() as u32, "nothing had to make room");
    let length = fs::metadata(scene.numbered(2)).expect("it is there").len();
    assert!(
        (SIZE - 1024..SIZE + (16 << 10)).contains(&length),
        "{length} bytes"
    );
    let files = scene.three_files();
    let ended = scene.droprec.stop().succeeded();
    must_add_up(&ended, &as_far_as_there(&files));
    let accounting = ended.accounting();
    assert_eq!(accounting.written + accounting.overwritten, 4000);
}

#[test]
fn packets_that_go_to_the_next_file_keep_their_interfaces() {
    let mount = Mount::with_room_for("64k");
    let other = Pair::new();
    let label = other.label();
    let scene = Scene::writing(
        mount.path().join("drops.pcapng"),
        &["--flight-recorder", "1M", "-i", &label],
    );
    let first = scene.pair.label();
    let frames = scene.origin.unhandled(800);
    // In the first file, the other interface comes second; in the next one first.
    scene.cause(0..10);
    other.frames().send_all(&frames[10..400]);
    let line = scene.ask("cannot write ");
    must_keep(&line, "the other ", &[]);
    mount.make_room("4m");
    scene.cause(400..800);
    scene.ask(" written to ");
    let files = scene.three_files();
    let found = [&files[0], &files[1]].map(|file| numbers(scene.origin, file));
    assert_eq!(found.concat(), (0..800).collect::<Vec<_>>());
    let interfaces = [&files[0], &files[1]].map(|file| {
        let packets = Capture::read(file).packets;
        let of = packets.into_iter().map(|packet| packet.interface);
        of.collect::<Vec<_>>()
    });
    let expected = [&first, &label, &first];
    let expected: Vec<_> = expected
        .into_iter()
        .zip([10, 390, 400])
        .flat_map(|(label, count)| vec![label.clone(); count])
        .collect();
    assert!(
        interfaces[1].contains(&label),
        "the first file has them all"
    );
    assert_eq!(interfaces.concat(), expected);
    let ended = scene.droprec.stop().succeeded();
    must_add_up(&ended, &as_far_as_there(&files));
}

#[test]
fn a_directory_that_is_gone_costs_nothing_once_it_is_there_again() {
    let directory = tempfile::tempdir().expect("a directory under /tmp");
    let inner = directory.path().join("inner");
    fs::create_dir(&inner).expect("it can be made");
    let scene = Scene::writing(inner.join("drops.pcapng"), &["--flight-recorder", "64K"]);
    scene.cause(0..6);
    let away = directory.path().join("away");
    fs::rename(&inner, &away).expect("it is the test's own");
    fs::remove_file(away.join("drops.pcapng")).expect("it is there");
    let line = scene.ask("cannot write ");
    must_keep(
        &line,
        "all 6 packets",
        &[
            "drops.pcapng",
            "No such file or directory",
            "put its directory back",
        ],
    );
    fs::rename(&away, &inner).expect("it is the test's own");
    scene.cause(6..8);
    let line = scene.ask("8 packets, ");
    assert!(line.ends_with("inner/drops.pcapng"), "{line}");
    assert_eq!(
        numbers(scene.origin, &scene.file),
        (0..8).collect::<Vec<_>>()
    );
    let files = [scene.file.clone(), scene.numbered(2)];
    let ended = scene.droprec.stop().succeeded();
    must_add_up(&ended, &as_far_as_there(&files));
    assert_eq!(lost::unwritten(&ended), 0, "{}", ended.stderr);
}

#[test]
fn what_cannot_be_written_at_the_end_either_is_lost_and_counted() {
    let directory = tempfile::tempdir().expect("a directory under /tmp");
    let inner = directory.path().join("inner");
    fs::create_dir(&inner).expect("it can be made");
    let scene = Scene::writing(inner.join("drops.pcapng"), &["--flight-recorder", "64K"]);
    scene.cause(0..6);
    fs::remove_dir_all(&inner).expect("it is the test's own");
    must_keep(&scene.ask("cannot write "), "all 6 packets", &[]);
    let ended = scene.droprec.stop();
    assert_eq!(ended.status.code(), Some(1), "{}", ended.stderr);
    let accounting = ended.accounting();
    accounting.must_balance();
    assert_eq!((accounting.written, accounting.overwritten), (0, 0));
    assert_eq!(lost::unwritten(&ended), 6, "{}", ended.stderr);
    assert!(
        ended.stderr.contains("all 6 packets are lost: "),
        "{}",
        ended.stderr
    );
}

#[test]
fn a_limit_of_a_files_size_is_as_a_full_disk() {
    const LIMIT: u64 = 20 << 10;
    let directory = tempfile::tempdir().expect("a directory under /tmp");
    let mut command = Command::new("prlimit");
    command.args([&format!("--fsize={LIMIT}"), DROPREC]);
    let file = directory.path().join("drops.pcapng");
    let scene = Scene::started(command, file, &["--flight-recorder", "1M"]);
    scene.cause(0..200);
    let line = scene.ask("cannot write ");
    must_keep(
        &line,
        "the other ",
        &["drops.pcapng", "File too large", "ulimit -f"],
    );
    let files = scene.three_files();
    let origin = scene.origin;
    let ended = scene.droprec.stop();
    assert_eq!(ended.status.code(), Some(1), "{}", ended.stderr);
    let mut found = Vec::new();
    for file in &files[..2] {
        let length = fs::metadata(file).expect("it is there").len();
        assert!(length <= LIMIT, "{length} bytes");
        found.extend(numbers(origin, file));
    }
    assert_eq!(found, (0..found.len() as u32).collect::<Vec<_>>());
    must_add_up(&ended, &files.each_ref().map(PathBuf::as_path)[..2]);
    assert_eq!(
        lost::unwritten(&ended) + found.len() as u64,
        200,
        "{}",
        ended.stderr
    );
}

#[test]
fn in_a_flood_on_a_full_disk_no_drop_is_in_two_files_and_none_is_in_no_books() {
    let mount = Mount::with_room_for("64k");
    let scene = Scene::writing(
        mount.path().join("drops.pcapng"),
        &["--flight-recorder", "1M"],
    );
    let total = scene.flooded(0, |sent| {
        let mut before = 0;
        for size in ["64k", "200k", "400k", "8m"] {
            mount.make_room(size);
            let is_enough = || (sent.load(Ordering::SeqCst) >= before + 3000).then_some(());
            assert!(until(is_enough).is_some(), "no flood");
            before = sent.load(Ordering::SeqCst);
            // The second one may come while the first is being obeyed.
            scene.droprec.signal(Signal::USR2);
            scene.droprec.signal(Signal::USR2);
        }
        scene.ask(" written to ");
    });
    let files: Vec<PathBuf> = (2..20).map(|number| scene.numbered(number)).collect();
    let files = [vec![scene.file.clone()], files].concat();
    let origin = scene.origin;
    let ended = scene.droprec.stop().succeeded();
    let files = as_far_as_there(&files);
    let found: Vec<u32> = files
        .iter()
        .flat_map(|file| numbers(origin, file))
        .collect();
    assert!(found.is_sorted_by(|one, next| one < next), "{files:?}");
    must_add_up(&ended, &files);
    let accounting = ended.accounting();
    assert_eq!(
        accounting.written + accounting.overwritten,
        u64::from(total),
        "{}",
        ended.stderr
    );
    println!(
        "a flood of {total} into {} files: {accounting:?}",
        files.len()
    );
}
