//! Names that a file may have.

use std::{
    ffi::OsStr,
    os::unix::ffi::OsStrExt as _,
    process::{Command, Stdio},
};

use droprec_testbed::{Capture, Droprec};

use crate::stage::{DROPREC, Stage};

#[test]
fn a_file_whose_name_is_no_utf_8_is_recorded_into() {
    let stage = Stage::new();
    let name = OsStr::from_bytes(b"drops \xff\xfe\x1b[31m.pcapng");
    let file = stage.directory().join(name);
    let mut command = Command::new(DROPREC);
    command.args(["-i", &stage.label(), "-w"]).arg(&file);
    let mut droprec = Droprec::spawn(command, Stdio::piped());
    droprec.wait_until_ready();
    stage.cause(3);
    let ended = droprec.stop().succeeded();

    let moving = ended
        .stderr
        .chars()
        .find(|character| character.is_control() && *character != '\n');
    assert_eq!(moving, None, "{:?}", ended.stderr);
    ended.accounting().must_balance();
    assert_eq!(Capture::read(&file).packets.len(), 3);
}
