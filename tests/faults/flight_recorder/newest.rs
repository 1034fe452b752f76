//! What is kept, and which files have it.

use std::{fs, net::UdpSocket, path::PathBuf, sync::atomic::Ordering};

use droprec_testbed::{Capture, Droprec, Pair, must_be_readable, until};

use super::scene::{NUMBER, Scene, numbers};
use crate::{
    books::{must_add_up, must_be_contiguous},
    stage::DROPREC,
};

/// What a file may have beside packets.
const OVERHEAD: u64 = 16 << 10;
/// How much of what is asked for may be free: the room of a packet.
const PACKET: u64 = 1 << 10;

#[test]
fn in_a_flood_each_file_has_the_newest_drops_up_to_the_signal_and_none_is_in_two() {
    const SIZE: u64 = 1 << 20;
    const ENOUGH: u32 = 10_000;
    let scene = Scene::new(&["--flight-recorder", "1M"]);
    let mut total = 0;
    for file in [scene.file.clone(), scene.numbered(2)] {
        let mut before = 0;
        total = scene.flooded(total, |sent| {
            let is_enough = || (sent.load(Ordering::SeqCst) >= total + ENOUGH).then_some(());
            assert!(until(is_enough).is_some(), "no flood");
            if total == 0 {
                let length = fs::metadata(&file).expect("it is there").len();
                assert!(length < 1024, "{length} bytes were written in a flood");
            }
            before = sent.load(Ordering::SeqCst);
            scene.ask(&format!("written to {}", file.display()));
        });
        let found = numbers(scene.origin, &file);
        must_be_contiguous(&found);
        let last = found.last().expect("it has packets");
        assert!(
            *last + 1 >= before,
            "{before} were sent, and {last} is the last"
        );
        let length = fs::metadata(&file).expect("it is there").len();
        let expected = SIZE - PACKET..=SIZE + OVERHEAD;
        assert!(expected.contains(&length), "{length} bytes");
    }
    scene.cause(total..total + 10);
    total += 10;
    // The end writes what is kept.
    let (files, origin) = (scene.three_files(), scene.origin);
    let ended = scene.droprec.stop().succeeded();
    let found = files.each_ref().map(|file| numbers(origin, file));
    must_be_contiguous(&found[2]);
    assert_eq!(found[2].last(), Some(&(total - 1)), "{}", ended.stderr);
    assert!(found[0].last() < found[1].first() && found[1].last() < found[2].first());
    must_add_up(&ended, &files.each_ref().map(PathBuf::as_path));
    let accounting = ended.accounting();
    let kept: usize = found.iter().map(Vec::len).sum();
    assert_eq!(accounting.written, kept as u64);
    assert_eq!(
        accounting.written + accounting.overwritten,
        u64::from(total),
        "{}",
        ended.stderr
    );
    println!("a flood of {total}: {accounting:?}");
}

#[test]
fn a_signal_writes_nothing_where_nothing_is_kept_and_the_end_closes_the_books() {
    let scene = Scene::new(&["--flight-recorder", "64K"]);
    scene.ask("nothing is kept in memory that could be written");
    scene.cause(0..3);
    scene.ask("3 packets, ");
    scene.ask("nothing is kept in memory that could be written");
    assert!(
        !scene.numbered(2).exists(),
        "there is a file without packets"
    );
    let (file, origin) = (scene.file.clone(), scene.origin);
    let ended = scene.droprec.stop().succeeded();
    assert_eq!(numbers(origin, &file), [0, 1, 2]);
    let accounting = ended.accounting();
    assert_eq!((accounting.written, accounting.overwritten), (3, 0));
    // Others' drops, which are not asked for here, may have come since the file.
    let last = file.with_file_name("drops-2.pcapng");
    let files = if last.exists() {
        must_be_readable(&last);
        vec![file.as_path(), &last]
    } else {
        vec![file.as_path()]
    };
    must_add_up(&ended, &files);
}

#[test]
fn without_a_signal_the_end_writes_what_is_kept_to_the_one_file_with_the_counters_that_rose() {
    let scene = Scene::new(&["--flight-recorder", "64K"]);
    scene.cause(0..20);
    let (file, origin) = (scene.file.clone(), scene.origin);
    let ended = scene.droprec.stop().succeeded();
    assert_eq!(numbers(origin, &file), (0..20).collect::<Vec<_>>());
    must_add_up(&ended, &[&file]);
    let told = Capture::read(&file).told.concat();
    let has_risen = |text: &String| text.contains("rx_dropped");
    assert!(told.iter().any(has_risen), "{told:#?}");
    let others = fs::read_dir(file.parent().expect("it is in a directory"));
    assert_eq!(others.expect("it can be listed").count(), 1);
}

#[test]
fn counters_that_rose_are_not_compared_with_the_part_of_the_drops_that_a_file_has() {
    let scene = Scene::new(&["--flight-recorder", "64K"]);
    scene.cause(0..2000);
    let (file, label) = (scene.file.clone(), scene.pair.label());
    let ended = scene.droprec.stop().succeeded();
    assert!(ended.accounting().overwritten > 0, "{}", ended.stderr);
    let line = format!("rx_dropped of {label} rose by 2000: 2000 ");
    assert!(ended.stderr.contains(&line), "{}", ended.stderr);
    let told = Capture::read(&file).told.concat();
    assert!(
        !told.iter().any(|text| text.contains("rx_dropped")),
        "{told:#?}"
    );
    must_add_up(&ended, &[&file]);
}

#[test]
fn the_drop_that_is_waited_for_ends_it_and_is_the_last_one_in_the_file() {
    let arguments = [
        "--flight-recorder",
        "64K",
        "--until",
        "proto=0x0800 what=UDP*",
    ];
    let scene = Scene::new(&arguments);
    scene.cause(0..1000);
    let to_receiver = scene.origin.to_receiver();
    let udp = to_receiver
        .ipv4([192, 0, 2, 1], [192, 0, 2, 2], 64)
        .udp(9, 9);
    let mut frame = Vec::new();
    udp.write(&mut frame, b"the one").expect("it is in memory");
    scene.pair.frames().send(&frame);
    scene.cause(1000..1100);
    let (file, origin) = (scene.file, scene.origin);
    let ended = scene.droprec.wait().succeeded();
    let said = ended.stderr.lines().last().unwrap_or_default();
    let said = said.strip_prefix("--until ended it: ");
    let said = said.unwrap_or_else(|| panic!("it does not say what ended it: {}", ended.stderr));
    assert!(said.contains("UDP 192.0.2.1:9 > 192.0.2.2:9"), "{said}");
    let capture = Capture::read(&file);
    let last = capture.packets.last().expect("it has packets");
    assert!(last.data.ends_with(b"the one"), "{last:?}");
    let before: Vec<_> = capture.packets[..capture.packets.len() - 1]
        .iter()
        .collect();
    assert!(before.iter().all(|packet| origin.sent(&packet.data)));
    let number = &before.last().expect("it has more").data[NUMBER..][..4];
    assert_eq!(number, 999_u32.to_be_bytes());
    must_be_readable(&file);
    must_add_up(&ended, &[&file]);
}

#[test]
fn the_longest_packet_has_room_in_the_least_that_is_taken_for_it() {
    let pair = Pair::new();
    pair.receiver.ip("link set lo up");
    let directory = tempfile::tempdir().expect("a directory under /tmp");
    let file = directory.path().join("drops.pcapng");
    let path = file.to_str().expect("a path of letters and digits");
    let label = pair.receiver.label("lo");
    let arguments = |size| {
        [
            "-i",
            &label,
            "-w",
            path,
            "-s",
            "0",
            "--flight-recorder",
            size,
        ]
    };
    let refused = Droprec::run(DROPREC, &arguments("64K"));
    assert_eq!(refused.status.code(), Some(2), "{}", refused.stderr);
    assert!(refused.stderr.contains("give it 69K"), "{}", refused.stderr);
    assert!(!file.exists(), "the file was made");

    let awaited = [&arguments("69K")[..], &["--until", "len=65542"]].concat();
    let droprec = Droprec::start(DROPREC, &awaited);
    pair.receiver.enter(|| {
        let socket = UdpSocket::bind("127.0.0.1:0").expect("there are ports");
        for len in [100, 100, 65_500] {
            let sent = socket.send_to(&vec![0; len], "127.0.0.1:9");
            assert_eq!(sent.expect("it goes to nobody"), len);
        }
    });
    let ended = droprec.wait().succeeded();
    ended.accounting().must_balance();
    let capture = Capture::read(&file);
    let last = capture.packets.last().expect("it has packets");
    assert_eq!(last.original_len, 65_542, "{}", ended.stderr);
    must_be_readable(&file);
}
