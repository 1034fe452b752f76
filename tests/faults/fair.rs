//! Rare drops in a flood: who looks for one packet in a million must find it.

use std::{
    collections::HashMap,
    fs::File,
    ops::Range,
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::{Duration, Instant},
};

use droprec_pcapng::read::{Block, Reader};
use droprec_testbed::{
    flood::{self, flood, flood_of_kinds},
    frame::UNHANDLED,
    memory, processor_seconds,
};
use rustix::process::Signal;

use crate::{lost, stage::Stage};

/// `EtherTypes` that nothing handles, each a kind of drops by itself.
const RARE: Range<u16> = 0xb000..0xb000 + 1000;
/// Frames of the flood that are injected before it is looked whether it is to end.
const PIECE: u32 = 100_000;

/// How long after a rare one the next one comes.
const BETWEEN: Duration = Duration::from_millis(1);

/// Has one frame of each rare kind dropped in the midst of a flood of another; `before` and `after` are done while it goes on.
/// How many frames the flood had.
fn flood_with_rare(stage: &Stage, before: impl FnOnce(), after: impl FnOnce()) -> u64 {
    rare_beside(stage, || stage.cause_uncounted(PIECE), before, after)
}

/// The same, in the midst of another flood, of which this injects a piece.
fn rare_beside(
    stage: &Stage,
    inject: impl Fn() + Sync,
    before: impl FnOnce(),
    after: impl FnOnce(),
) -> u64 {
    let is_over = AtomicBool::new(false);
    thread::scope(|scope| {
        let flooding = scope.spawn(|| {
            let mut frames = 0;
            while !is_over.load(Ordering::Relaxed) {
                inject();
                frames += u64::from(PIECE);
            }
            frames
        });
        before();
        stage.enter(|| {
            for ethertype in RARE {
                flood("eth0", ethertype, 1);
                thread::sleep(BETWEEN);
            }
        });
        after();
        is_over.store(true, Ordering::Relaxed);
        flooding.join().expect("frames are injected")
    })
}

/// Demands that the file has each rare drop once.
fn must_have_all_rare(stage: &Stage) {
    let mut found: HashMap<u16, u32> = HashMap::new();
    let file = File::open(stage.file()).expect("droprec has made it");
    let mut reader = Reader::strict(file);
    while let Some(block) = reader.next_block().expect("the file is whole") {
        let Block::Packet(packet) = block else {
            continue;
        };
        let ethertype = u16::from_be_bytes([packet.data[12], packet.data[13]]);
        if RARE.contains(&ethertype) {
            *found.entry(ethertype).or_default() += 1;
        }
    }
    let missing: Vec<u16> = RARE.filter(|of| found.get(of) != Some(&1)).collect();
    assert!(
        missing.is_empty() && found.len() == RARE.len(),
        "{} kinds are in the file, of a thousand {} are not there once: {missing:x?}",
        found.len(),
        missing.len()
    );
}

#[test]
fn a_thousand_drops_of_a_thousand_kinds_are_all_recorded_in_a_flood_of_another_kind() {
    let stage = Stage::new();
    let droprec = stage.record(&["-s", "64"]);
    let frames = flood_with_rare(&stage, || {}, || {});
    let accounting = droprec.stop().succeeded().accounting();
    accounting.must_balance();
    println!("a thousand kinds in a flood of {frames}: {accounting:?}");
    must_have_all_rare(&stage);
}

#[test]
fn they_are_also_where_droprec_stands_still_for_ten_seconds() {
    let stage = Stage::new();
    let droprec = stage.record(&["-s", "64"]);
    let half = || thread::sleep(Duration::from_secs(5));
    let frames = flood_with_rare(
        &stage,
        || {
            droprec.stand_still();
            half();
        },
        || {
            half();
            droprec.signal(Signal::CONT);
        },
    );
    let ended = droprec.stop().succeeded();
    let accounting = ended.accounting();
    accounting.must_balance();
    println!("stopped for ten seconds in a flood of {frames}: {accounting:?}");
    assert!(lost::by_the_ring(&ended) > 0, "the ring was never full");
    let seen = accounting.seen - accounting.filtered - accounting.suppressed;
    assert_eq!(
        seen - ended.lost_in_the_midst(),
        frames + RARE.len() as u64,
        "{}",
        ended.stderr
    );
    must_have_all_rare(&stage);
}

#[test]
fn a_flood_takes_no_more_of_a_processor_than_it_may_nor_more_than_64_mib_and_hides_nothing_rare() {
    const PERCENT: f64 = 20.0;
    let stage = Stage::new();
    let droprec = stage.record(&["-s", "64", "--max-cpu", "20"]);
    let (before, began) = (processor_seconds(droprec.pid()), Instant::now());
    let mut part = 0.0;
    let frames = flood_with_rare(
        &stage,
        || thread::sleep(Duration::from_secs(2)),
        || {
            let spent = processor_seconds(droprec.pid()) - before;
            part = 100.0 * spent / began.elapsed().as_secs_f64();
        },
    );
    let memory = memory(droprec.pid(), "VmHWM");
    let accounting = droprec.stop().succeeded().accounting();
    accounting.must_balance();
    println!("{part:.0} % of a processor, {memory} KiB, in a flood of {frames}: {accounting:?}");
    // What is in hand is finished, and looked at ten times a second.
    assert!(part <= PERCENT + 10.0, "{part} % of a processor");
    assert!(memory <= 64 * 1024, "{memory} KiB");
    must_have_all_rare(&stage);
}

#[test]
fn they_are_also_in_a_flood_of_200_kinds_of_which_droprec_takes_little() {
    let stage = Stage::new();
    let droprec = stage.record(&["-s", "64", "--max-cpu", "5"]);
    let frame = flood::frame(UNHANDLED);
    let flood = || stage.enter(|| flood_of_kinds("eth0", &frame, 200, PIECE));
    // The ring is full by then.
    let before = || thread::sleep(Duration::from_secs(2));
    let frames = rare_beside(&stage, flood, before, || {});
    let ended = droprec.stop().succeeded();
    let accounting = ended.accounting();
    accounting.must_balance();
    println!("a thousand kinds in a flood of {frames} of 200: {accounting:?}");
    assert!(lost::by_the_ring(&ended) > 0, "the ring was never full");
    must_have_all_rare(&stage);
}
