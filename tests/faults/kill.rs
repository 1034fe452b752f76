//! SIGKILL in a flood: no line of droprec's runs after it.

use std::{fs, os::unix::process::ExitStatusExt as _, process::Command, thread};

use droprec_testbed::until;
use rustix::process::Signal;

use crate::{attached, stage::Stage, tally::Tally};

/// Enough that droprec is in the midst of it when it is killed.
const FLOOD: u32 = 3_000_000;
const ENOUGH: u64 = 4 << 20;

#[test]
fn after_a_kill_in_a_flood_the_file_holds_whole_packets_and_nothing_stays_attached() {
    let stage = Stage::new();
    let droprec = stage.record(&[]);
    let programs = attached::programs(droprec.pid());
    let listed = attached::listed(&programs);
    assert!(
        listed.iter().any(|line| line.contains("name kfree_skb")),
        "bpftool does not list the program that records: {listed:#?}"
    );

    let ended = thread::scope(|scope| {
        scope.spawn(|| stage.cause(FLOOD));
        let filled = until(|| {
            let length = fs::metadata(stage.file()).map_or(0, |metadata| metadata.len());
            (length > ENOUGH).then_some(())
        });
        assert!(filled.is_some(), "nothing is written in a flood");
        droprec.signal(Signal::KILL);
        droprec.wait()
    });
    assert_eq!(
        ended.status.signal(),
        Some(9),
        "it ended before it was killed: {}",
        ended.stderr
    );

    // The kernel takes a dead process's programs away in its own time.
    let gone = until(|| attached::listed(&programs).is_empty().then_some(()));
    assert!(
        gone.is_some(),
        "still there: {:#?}",
        attached::listed(&programs)
    );

    let tally = Tally::of(&stage.file());
    assert!(tally.packets > 0, "no packet is in the file: {tally:?}");
    let mut tshark = Command::new("tshark");
    tshark
        .args(["-n", "-T", "fields", "-e", "frame.number", "-r"])
        .arg(stage.file());
    let output = tshark.output().expect("this test needs tshark");
    let stderr = String::from_utf8_lossy(&output.stderr);
    let shown = String::from_utf8_lossy(&output.stdout).lines().count();
    assert_eq!(
        shown as u64, tally.packets,
        "whole packets that tshark reads: {stderr}"
    );
    let complains = stderr.contains("cut short in the middle of a packet");
    assert_eq!(complains, tally.is_cut, "tshark says: {stderr}");
    println!(
        "killed after {} packets, the last block cut: {}",
        tally.packets, tally.is_cut
    );
}
