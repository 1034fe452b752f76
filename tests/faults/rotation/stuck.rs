//! A disk that takes nothing for a while.

use std::{fs, time::Duration};

use droprec_testbed::{pause, until};
use rustix::process::Signal;

use super::files::{files, must_be_whole};
use crate::{disk::Disk, lost, stage::Stage};

fn memory(pid: rustix::process::Pid) -> u64 {
    let path = format!("/proc/{}/status", pid.as_raw_nonzero());
    let status = fs::read_to_string(path).expect("it runs");
    let size = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let size = size.and_then(|size| size.trim().strip_suffix(" kB")?.parse().ok());
    size.expect("it has memory")
}

#[test]
fn a_stuck_disk_keeps_no_one_waiting_and_what_it_costs_is_counted() {
    for (name, arguments) in [
        ("drops.pcapng", &["-C", "1", "-B", "4096"][..]),
        // Long enough to be sent on to the disk meanwhile.
        ("drops.pcapng", &["-C", "20", "-B", "4096"]),
        ("drops-%s.pcapng.zst", &["-G", "1", "-B", "4096"]),
    ] {
        let (stage, disk) = (Stage::new(), Disk::of(256));
        let directory = disk.path().join("files");
        fs::create_dir(&directory).expect("there is room");
        let droprec = stage.record_to(&directory.join(name), arguments);
        stage.cause(10_000);
        disk.freeze("-f");
        stage.cause(200_000);
        let before = memory(droprec.pid());
        // It goes on to answer, also when it is time for the next file.
        pause(Duration::from_millis(1200));
        stage.cause(200_000);
        droprec.signal(Signal::USR1);
        let answers = until(|| droprec.stderr().contains("seen ").then_some(()));
        assert!(answers.is_some(), "{}", droprec.stderr());
        let after = memory(droprec.pid());
        assert!(after < before + 4096, "{before} KiB, then {after} KiB");
        disk.freeze("-u");
        stage.cause(1000);
        let ended = droprec.stop().succeeded();
        assert!(lost::by_the_ring(&ended) > 0, "{}", ended.stderr);
        must_be_whole(&ended, &files(&directory));
    }
}
