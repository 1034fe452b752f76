//! A droprec whose clocks are others than the machine's (`time_namespaces(7)`).

use std::process::{Command, Stdio};

use droprec_testbed::{Capture, Droprec, Pair, frame::Origin};

use crate::{DROPREC, batch::now};

#[test]
fn in_a_time_namespace_drops_have_the_time_of_day_that_it_is() {
    let (pair, origin) = (Pair::new(), Origin::new());
    let directory = tempfile::tempdir().expect("a directory under /tmp");
    let file = directory.path().join("drops.pcapng");
    let mut command = Command::new("unshare");
    command
        .args(["--time", "--boottime", "86400", "--fork", DROPREC, "-w"])
        .arg(&file)
        .args(["-c", "3", "-i", &pair.label()]);
    let mut droprec = Droprec::spawn(command, Stdio::null());
    droprec.wait_until_ready();
    let before = now();
    pair.frames().send_all(&origin.unhandled(3));
    let _ = droprec.wait().succeeded();
    let after = now();
    let capture = Capture::read(&file);
    let packets = capture.packets_where(|packet| origin.sent(&packet.data));
    let times: Vec<u64> = packets.iter().map(|packet| packet.timestamp).collect();
    assert_eq!(times.len(), 3);
    let is_then = |time: &u64| (before..=after).contains(time);
    assert!(times.iter().all(is_then), "{before} {times:?} {after}");
}
