//! SIGKILL in the midst of a rotation: no line of droprec's runs after it.

use std::{
    path::Path,
    process::Command,
    thread,
    time::{Duration, Instant},
};

use droprec_testbed::{Droprec, run, until};
use rustix::process::Signal;

use super::files::{files, must_be_each_once};
use crate::{
    stage::{DROPREC, Stage},
    tally::Tally,
};

/// How often.
const MOMENTS: u32 = 100;

/// What droprec itself and tshark read of a file that may have no end: packets.
fn read_by_others(file: &Path) -> [u64; 2] {
    let count = |command: &mut Command| {
        let output = command.output().expect("it runs");
        String::from_utf8_lossy(&output.stdout).lines().count() as u64
    };
    let droprec = count(Command::new(DROPREC).arg("-r").arg(file));
    let fields = ["-n", "-T", "fields", "-e", "frame.number", "-r"];
    let tshark = count(Command::new("tshark").args(fields).arg(file));
    [droprec, tshark]
}

#[test]
fn after_a_kill_at_any_of_a_hundred_moments_every_compressed_file_is_read_up_to_what_was_flushed() {
    let mut seed = 0x9e37_79b9_u32;
    let mut packets = 0;
    for moment in 0..MOMENTS {
        let stage = Stage::new();
        let file = stage.directory().join("drops.pcapng.zst");
        let droprec = stage.record_to(&file, &["-C", "64k"]);
        // From the first millisecond to some rotations later.
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let after = Duration::from_micros(u64::from(seed >> 14));
        killed_in_a_flood(&stage, droprec, after);
        let files = files(stage.directory());
        let mut ids = Vec::new();
        for (index, file) in files.iter().enumerate() {
            let tally = Tally::of(file);
            // All but the last one have their end.
            let has_end = run_zstd_test(file);
            assert!(has_end || index + 1 == files.len(), "{}", file.display());
            if moment % 10 == 0 && index + 1 == files.len() {
                let seen = read_by_others(file);
                assert_eq!(
                    seen,
                    [tally.packets; 2],
                    "droprec, tshark: {}",
                    file.display()
                );
            }
            packets += tally.packets;
            ids.extend(tally.packetids);
        }
        // Without a gap: nothing is missing but the tail.
        must_be_each_once(&ids, ids.len() as u64);
    }
    assert!(packets > 0, "it was always killed before the first packet");
    println!("{packets} packets in the files of {MOMENTS} recordings");
}

#[test]
fn all_but_the_last_moments_before_a_kill_is_in_the_file() {
    let stage = Stage::new();
    let file = stage.directory().join("drops.pcapng.zst");
    let droprec = stage.record_to(&file, &["-C", "1"]);
    stage.cause(1000);
    // A tick later, and its writing.
    let written = until(|| (Tally::of(&file).packets == 1000).then_some(()));
    droprec.signal(Signal::KILL);
    let _ = droprec.wait();
    assert!(written.is_some(), "{}", Tally::of(&file).packets);
    let path = file.to_str().expect("a path of letters and digits");
    let through = format!("zstd -dcq {path} 2>/dev/null | tcpdump --count -r - 2>/dev/null");
    assert_eq!(run("sh", &["-c", &through]).trim(), "1000 packets");
    assert_eq!(read_by_others(&file), [1000; 2]);
}

/// Kills it this long after a flood has begun.
fn killed_in_a_flood(stage: &Stage, droprec: Droprec, after: Duration) {
    thread::scope(|scope| {
        let flood = scope.spawn(|| {
            let begun = Instant::now();
            // So that it ends soon after.
            while begun.elapsed() < after {
                stage.cause_uncounted(20_000);
            }
        });
        thread::sleep(after);
        droprec.signal(Signal::KILL);
        let _ = droprec.wait();
        flood.join().expect("frames are injected");
    });
}

/// Whether zstd(1) takes it for a whole file.
fn run_zstd_test(file: &Path) -> bool {
    let output = Command::new("zstd").arg("-tq").arg(file).output();
    output.expect("this test needs zstd").status.success()
}
