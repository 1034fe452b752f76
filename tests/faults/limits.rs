//! `--rate` in a flood.

use std::time::Instant;

use droprec_testbed::{
    Capture,
    flood::{flood, flood_of_kinds, frame},
    until,
};

use crate::stage::Stage;

/// `EtherTypes` that nothing handles: kinds of drops that differ by the protocol alone.
const FLOOD: u16 = 0xa001;
const RARE: u16 = 0xa002;

#[test]
fn a_flood_is_left_out_before_the_ring_and_what_is_rare_in_it_is_recorded() {
    let stage = Stage::new();
    let droprec = stage.record(&["--rate", "10", "-s", "64"]);
    stage.enter(|| {
        flood("eth0", FLOOD, 500_000);
        flood("eth0", RARE, 7);
        flood("eth0", FLOOD, 500_000);
    });
    let of = |capture: &Capture, ethertype: u16| {
        let found = capture.packets_where(|packet| packet.data[12..14] == ethertype.to_be_bytes());
        found.len() as u64
    };
    until(|| (of(&Capture::read_so_far(&stage.file()), RARE) == 7).then_some(()));
    let ended = droprec.stop().succeeded();
    let books = ended.accounting();
    books.must_balance();
    let (capture, nested) = (Capture::read(&stage.file()), ended.lost_in_the_midst());
    let recorded = of(&capture, FLOOD);
    assert_eq!(of(&capture, RARE), 7, "{books:?}");
    assert!(recorded >= 10 && recorded % 10 == 0, "{books:?}");
    assert_eq!(books.limited + nested, 1_000_000 - recorded, "{books:?}");
    assert_eq!(books.lost, nested, "{books:?}");
}

#[test]
fn also_of_more_kinds_than_can_be_remembered_only_so_many_are_recorded_in_a_second() {
    const CAUSED: u32 = 400_000;
    /// Kinds that may begin in a second, and the one that the others are together.
    const MOST: u64 = 8192 + 1;
    let stage = Stage::new();
    let droprec = stage.record(&["--sample", "1/1000000", "-s", "64"]);
    let began = Instant::now();
    stage.enter(|| flood_of_kinds("eth0", &frame(FLOOD), 20_000, CAUSED));
    // It may have begun and ended in the midst of one.
    let seconds = began.elapsed().as_secs() + 2;
    let ended = droprec.stop().succeeded();
    let books = ended.accounting();
    books.must_balance();
    println!("{seconds} s: {books:?}");
    assert!(books.written <= seconds * MOST, "{seconds} s: {books:?}");
    assert_eq!(
        books.written + books.limited + books.lost,
        u64::from(CAUSED),
        "{books:?}"
    );
}
