//! Who may read a recording: it may hold anybody's packets.

use std::{fs, os::unix::fs::PermissionsExt as _};

use droprec_testbed::Capture;

use crate::stage::Stage;

fn mode(stage: &Stage) -> u32 {
    let metadata = fs::metadata(stage.file()).expect("the recording is there");
    metadata.permissions().mode() & 0o7777
}

#[test]
fn a_recording_is_its_owners_alone() {
    let stage = Stage::new();
    let droprec = stage.record(&[]);
    assert_eq!(mode(&stage), 0o600, "while it is recorded");
    let _ = droprec.stop().succeeded();
    assert_eq!(mode(&stage), 0o600, "afterwards");
}

#[test]
fn a_file_that_others_could_read_is_its_owners_alone_once_a_recording_is_in_it() {
    let stage = Stage::new();
    fs::write(stage.file(), vec![0xaa; 100_000]).expect("a file of the test's own");
    fs::set_permissions(stage.file(), fs::Permissions::from_mode(0o644)).expect("it is ours");
    let droprec = stage.record(&[]);
    assert_eq!(mode(&stage), 0o600, "while it is recorded");
    stage.cause(2);
    let _ = droprec.stop().succeeded();
    assert_eq!(mode(&stage), 0o600, "afterwards");
    assert_eq!(
        Capture::read(&stage.file()).packets.len(),
        2,
        "of what was in it nothing stays"
    );
}
