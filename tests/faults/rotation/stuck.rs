//! A disk that takes nothing for a while.

use std::{
    fs::{self, File},
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use droprec_testbed::{pause, run, until};
use rustix::process::Signal;
use tempfile::TempDir;

use super::files::{files, must_be_whole};
use crate::{lost, mount::Mount, stage::Stage};

/// A file system of its own on a disk that is a file. It can be frozen (fsfreeze(8)): whoever writes waits then.
struct Disk {
    mount: Mount,
    _image: TempDir,
}

impl Disk {
    fn new() -> Self {
        let image = tempfile::tempdir().expect("a directory under /tmp");
        let path: PathBuf = image.path().join("image");
        let file = File::create(&path).expect("there is room");
        file.set_len(128 << 20).expect("there is room");
        run("mkfs.ext4", &["-q", text(&path)]);
        Self {
            mount: Mount::of_image(&path),
            _image: image,
        }
    }

    fn freeze(&self, how: &str) {
        run("fsfreeze", &[how, text(self.mount.path())]);
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        // Else nothing can be unmounted. It may be thawed already.
        let path = self.mount.path();
        let _ = Command::new("fsfreeze").arg("-u").arg(path).output();
    }
}

fn text(path: &Path) -> &str {
    path.to_str().expect("a path of letters and digits")
}

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
        ("drops-%s.pcapng.zst", &["-G", "1", "-B", "4096"]),
    ] {
        let (stage, disk) = (Stage::new(), Disk::new());
        let directory = disk.mount.path().join("files");
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
