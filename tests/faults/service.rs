//! Droprec started by systemd, whose socket the test has in its place (`sd_notify(3)`).

use std::{
    os::unix::net::UnixDatagram,
    process::{Command, Stdio},
    time::Duration,
};

use droprec_testbed::{Capture, Droprec, patiently};

use crate::stage::{DROPREC, Stage};

/// Enough for a start on a machine that is busy.
const PATIENCE: Duration = Duration::from_secs(30);

/// The next message.
fn told(socket: &UnixDatagram) -> String {
    let mut message = [0; 256];
    let length = socket.recv(&mut message).expect("droprec tells something");
    String::from_utf8_lossy(&message[..length]).into_owned()
}

#[test]
fn systemd_is_told_of_the_start_when_the_first_drop_is_recorded_and_of_the_end() {
    let stage = Stage::new();
    let path = stage.directory().join("notify");
    let socket = UnixDatagram::bind(&path).expect("a path of the test's own");
    let patience = socket.set_read_timeout(Some(patiently(PATIENCE)));
    patience.expect("it is longer than nothing");
    let mut command = Command::new(DROPREC);
    command.args(["-q", "-i", &stage.label(), "-w"]);
    command.arg(stage.file()).env("NOTIFY_SOCKET", &path);
    let droprec = Droprec::spawn(command, Stdio::null());
    assert_eq!(told(&socket), "READY=1\n");
    stage.cause(5);
    let ended = droprec.stop().succeeded();
    assert_eq!(told(&socket), "STOPPING=1\n");
    assert_eq!(ended.stderr, "");
    assert_eq!(Capture::read(&stage.file()).packets.len(), 5);
}

#[test]
fn a_recording_goes_on_where_systemd_is_not_to_be_told() {
    let stage = Stage::new();
    let mut command = Command::new(DROPREC);
    command.args(["-i", &stage.label(), "-w"]);
    command.arg(stage.file());
    command.env("NOTIFY_SOCKET", stage.directory().join("nothing"));
    let mut droprec = Droprec::spawn(command, Stdio::null());
    droprec.wait_until_ready();
    stage.cause(5);
    let ended = droprec.stop().succeeded();
    let complaint = "systemd cannot be told of the recording: No such file";
    assert!(ended.stderr.contains(complaint), "{}", ended.stderr);
    assert_eq!(Capture::read(&stage.file()).packets.len(), 5);
}
