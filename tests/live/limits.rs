//! `--rate` and `--sample`: a part of what is dropped is recorded, and all of it is counted.

use std::{collections::BTreeMap, thread, time::Duration};

use droprec_testbed::{Droprec, Metrics, Pair, Recorded, Recording, frame::Origin, until};
use rustix::process::Signal;
use serde_json::Value;

use crate::{
    DROPREC,
    interval::{number, parsed, sum},
};

/// `EtherTypes` that nothing handles: kinds of drops that differ by the protocol alone.
const FREQUENT: u16 = 0xa001;
const OTHER: u16 = 0xa002;
const RARE: u16 = 0xa003;

/// Frames of a kind.
fn frames(origin: Origin, ethertype: u16, count: usize) -> Vec<Vec<u8>> {
    let frame = |number: usize| {
        origin.ethernet(
            Pair::RECEIVER_MAC,
            ethertype,
            &(number as u32).to_be_bytes(),
        )
    };
    (0..count).map(frame).collect()
}

/// The frames that are in a recording, as they were numbered, by their kind.
fn recorded(ended: &Recorded) -> BTreeMap<u16, Vec<u32>> {
    let mut found: BTreeMap<_, Vec<u32>> = BTreeMap::new();
    for packet in &ended.capture.packets {
        let data = &packet.data;
        let ethertype = u16::from_be_bytes([data[12], data[13]]);
        let number = u32::from_be_bytes([data[14], data[15], data[16], data[17]]);
        found.entry(ethertype).or_default().push(number);
    }
    found
}

/// Where every drop of an interface went, as the file's statistics of it tell: received, accepted, delivered, dropped.
fn statistics(ended: &Recorded, name: &str) -> [Option<u64>; 4] {
    let capture = &ended.capture;
    let interface = capture
        .interfaces
        .iter()
        .position(|interface| interface.name == name)
        .expect("the interface is in the file");
    let of = capture.statistics.iter();
    let mut of = of.filter(|statistics| statistics.interface as usize == interface);
    let of = of.next_back().expect("it has statistics");
    [of.received, of.accepted, of.delivered, of.dropped]
}

/// What `-r --summary --json` says of a file.
fn summary(ended: &Recorded) -> Value {
    let path = ended.file.to_str().expect("a path of letters and digits");
    let read = Droprec::run(DROPREC, &["-r", path, "--summary", "--json"]).succeeded();
    serde_json::from_str(read.text()).unwrap_or_else(|error| panic!("{error}: {}", read.text()))
}

/// The parts of the two numbers of a table's row: all drops, and of these those that were left out.
fn row(summary: &Value) -> (u64, u64) {
    let kinds = summary["kinds"].as_array().expect("there are kinds");
    assert_eq!(kinds.len(), 1, "{summary}");
    let of = |key| kinds[0][key].as_u64().expect("a number");
    (of("drops"), of("rate_limited"))
}

#[test]
fn of_each_kind_the_first_of_every_ten_is_recorded_and_all_are_counted() {
    let (pair, origin) = (Pair::new(), Origin::new());
    let label = pair.label();
    let recording = Recording::start(DROPREC, &["-i", &label, "--sample", "1/10"]);
    let socket = pair.frames();
    socket.send_all(&frames(origin, FREQUENT, 95));
    socket.send_all(&frames(origin, RARE, 1));
    socket.send_all(&frames(origin, OTHER, 20));
    recording.wait_for(13, |_| true);
    let recorded_by_droprec = recording.finish();
    let found = recorded(&recorded_by_droprec);
    let tens = |count: u32| (0..count).step_by(10).collect::<Vec<_>>();
    assert_eq!(
        found,
        BTreeMap::from([(FREQUENT, tens(95)), (OTHER, tens(20)), (RARE, vec![0])])
    );
    let books = recorded_by_droprec.ended.accounting();
    assert_eq!((books.written, books.limited), (13, 103));
    assert_eq!(
        statistics(&recorded_by_droprec, &label),
        [Some(116), Some(116), Some(13), Some(0)]
    );
    let summary = summary(&recorded_by_droprec);
    assert_eq!(row(&summary), (116, 103));
    let books = &summary["books"];
    assert_eq!(
        (number(books, "written"), number(books, "rate_limited")),
        (13, 103)
    );
}

#[test]
fn a_kind_has_as_many_in_a_second_as_the_rate_however_many_processors_drop_it() {
    const RATE: usize = 50;
    let (pair, origin) = (Pair::new(), Origin::new());
    let label = pair.label();
    let rate = RATE.to_string();
    let metrics = tempfile::tempdir().expect("a directory under /tmp");
    let metrics = metrics.path().join("droprec.prom");
    let path = metrics.to_str().expect("a path of letters and digits");
    let recording = Recording::start(DROPREC, &["-i", &label, "--rate", &rate, "--metrics", path]);
    let mut sent = 0;
    for _ in 0..3 {
        // Each on whichever processor there is.
        thread::scope(|scope| {
            for _ in 0..2 {
                scope.spawn(|| pair.frames().send_all(&frames(origin, FREQUENT, 2000)));
            }
        });
        sent += 4000;
        pair.frames().send_all(&frames(origin, RARE, 1));
        thread::sleep(Duration::from_millis(500));
    }
    recording.wait_for(3, |packet| packet.data[12..14] == RARE.to_be_bytes());
    let recorded_by_droprec = recording.finish();
    let found = recorded(&recorded_by_droprec);
    assert_eq!(found[&RARE].len(), 3);
    let frequent = recorded_by_droprec
        .capture
        .packets
        .iter()
        .filter(|packet| packet.data[12..14] == FREQUENT.to_be_bytes());
    let mut times: Vec<u64> = frequent.map(|packet| packet.timestamp).collect();
    times.sort_unstable();
    // Whichever clock seconds are counted by: no second has parts of more than two.
    for window in times.windows(2 * RATE + 1) {
        assert!(window[2 * RATE] - window[0] > 1_000_000_000, "{times:?}");
    }
    let seconds = (times[times.len() - 1] - times[0]) as usize / 1_000_000_000 + 2;
    assert!(
        (2 * RATE..=seconds * RATE).contains(&times.len()),
        "{}",
        times.len()
    );
    assert_eq!(times.len() % RATE, 0, "{}", times.len());
    let books = recorded_by_droprec.ended.accounting();
    let nested = recorded_by_droprec.ended.lost_in_the_midst();
    let frequent = times.len() as u64;
    assert_eq!(books.limited + nested, sent - frequent);
    assert_eq!(
        row(&summary(&recorded_by_droprec)),
        (sent + 3 - nested, books.limited)
    );
    let metrics = Metrics::read(&metrics);
    let limited = metrics
        .0
        .iter()
        .find(|of| of.name == "droprec_rate_limited_total");
    assert_eq!(limited.map(|of| of.value), Some(books.limited));
}

#[test]
fn the_table_of_sigusr1_has_what_is_left_out() {
    let (pair, origin) = (Pair::new(), Origin::new());
    let recording = Recording::start(DROPREC, &["-i", &pair.label(), "--sample", "1/10"]);
    pair.frames().send_all(&frames(origin, FREQUENT, 50));
    recording.wait_for(5, |_| true);
    let has_table = |text: &str| {
        let mut lines = text.lines().map(|line| line.split_whitespace());
        lines.any(|mut words| words.next() == Some("50") && words.next() == Some("45"))
    };
    recording.droprec.signal(Signal::USR1);
    until(|| has_table(&recording.droprec.stderr()).then_some(()));
    let _ = recording.finish();
}

#[test]
fn what_an_expression_leaves_out_is_no_part_of_a_sample_also_where_droprec_judges_by_it() {
    for linktype in ["ethernet", "sll2"] {
        let (pair, origin) = (Pair::new(), Origin::new());
        let label = pair.label();
        let arguments = [
            "-i",
            &label,
            "--sample",
            "1/4",
            "--linktype",
            linktype,
            "--",
            "ether proto 0xa001",
        ];
        let recording = Recording::start(DROPREC, &arguments);
        for frames in frames(origin, OTHER, 10)
            .chunks(5)
            .chain(frames(origin, FREQUENT, 10).chunks(5))
        {
            pair.frames().send_all(frames);
        }
        recording.wait_for(3, |_| true);
        let books = recording.finish().ended.accounting();
        assert_eq!(
            (books.written, books.limited, books.filtered >= 10),
            (3, 7, true),
            "{linktype}: {books:?}"
        );
    }
}

#[test]
fn tables_beside_a_file_count_what_is_left_out_of_it() {
    // The second one droprec itself has to judge.
    for expression in [&[][..], &["--linktype", "sll2", "--", "ether proto 0xa001"]] {
        let (pair, origin) = (Pair::new(), Origin::new());
        let label = pair.label();
        let arguments = ["-i", &label, "--rate", "5", "--interval", "100ms", "--json"];
        let recording = Recording::start(DROPREC, &[&arguments[..], expression].concat());
        pair.frames().send_all(&frames(origin, FREQUENT, 400));
        until(|| (sum(&parsed(&recording.droprec.stdout()), |_| true) >= 400).then_some(()));
        let ended = recording.finish().ended;
        let books = ended.accounting();
        assert_eq!(
            sum(&parsed(ended.text()), |_| true),
            400,
            "{}",
            ended.stderr
        );
        assert_eq!(books.written + books.limited, 400, "{}", ended.stderr);
        assert!([5, 10].contains(&books.written), "{}", ended.stderr);
    }
}
