//! `-Z USER`: the process and its files are another user's.

use std::{
    fs,
    os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown},
    process::{Command, Stdio},
};

use droprec_testbed::{Capture, Droprec, children, threads, until};
use rustix::process::Signal;

use super::process::must_have_no_rights;
use crate::{
    refusal::{must_have_left_nothing, must_have_refused},
    rights::{NOBODY, UserStage, as_nobody},
    stage::{DROPREC, Stage},
};

/// The groups of a user, as `id` knows them.
fn groups(user: &str) -> Vec<String> {
    let output = Command::new("id").args(["-G", user]).output();
    let output = output.expect("this test needs id");
    let text = String::from_utf8(output.stdout).expect("it is text");
    text.split_whitespace().map(str::to_owned).collect()
}

#[test]
fn a_recording_with_z_is_all_the_users_with_the_files_that_are_made_later() {
    let stage = Stage::new();
    chown(stage.directory(), Some(NOBODY), Some(NOBODY)).expect("root may");
    let mut command = Command::new("setpriv");
    // More groups than the user has.
    command.args(["--groups", "0,1,2,3", DROPREC, "-Z", "nobody"]);
    command.args(["-i", &stage.label(), "--flight-recorder", "1M", "-w"]);
    command.arg(stage.file());
    let mut droprec = Droprec::spawn(command, Stdio::piped());
    droprec.wait_until_ready();
    must_have_no_rights(&droprec);
    let keepers = children(droprec.pid()).into_iter().flat_map(threads);
    for thread in threads(droprec.pid()).into_iter().chain(keepers) {
        for ids in ["Uid", "Gid"] {
            assert_eq!(thread[ids], ["65534"; 4].join("\t"), "{ids}: {thread:#?}");
        }
        let of_thread: Vec<&str> = thread["Groups"].split_whitespace().collect();
        assert_eq!(of_thread, groups("nobody"), "{thread:#?}");
    }
    stage.cause(3);
    droprec.signal(Signal::USR2);
    let is_written = || droprec.stderr().contains(" written to ").then_some(());
    assert!(until(is_written).is_some(), "{}", droprec.stderr());
    stage.cause(2);
    let _ = droprec.stop().succeeded();
    let second = stage.directory().join("drops-2.pcapng");
    for (file, count) in [(stage.file(), 3), (second, 2)] {
        let metadata = fs::metadata(&file).expect("it was made");
        assert_eq!((metadata.uid(), metadata.gid()), (NOBODY, NOBODY));
        assert_eq!(metadata.mode() & 0o7777, 0o600);
        let packets = Capture::read(&file).packets;
        assert_eq!(packets.len(), count);
        // A name of a function, and of an interface elsewhere.
        for packet in packets {
            assert!(
                packet.get("loc").starts_with("__netif_receive_skb_core"),
                "{packet:#?}"
            );
            assert_eq!(packet.interface, stage.label());
        }
    }
}

#[test]
fn with_z_no_file_is_made_where_the_user_may_make_none() {
    let stage = Stage::new();
    let open = fs::Permissions::from_mode(0o755);
    fs::set_permissions(stage.directory(), open).expect("a directory of the test's own");
    let file = stage.file();
    let file = file.to_str().expect("a path of letters and digits");
    let label = stage.label();
    for more in [&[][..], &["--flight-recorder", "1M"]] {
        let arguments = [&["-Z", "nobody", "-i", &label, "-w", file], more].concat();
        let ended = Droprec::run(DROPREC, &arguments);
        let directory = stage.directory().to_string_lossy();
        must_have_refused(&ended, &["cannot write", &directory, "choose a"]);
        must_have_left_nothing(stage.directory());
    }
}

#[test]
fn later_files_that_could_not_be_made_without_rights_are_refused_before_anything_is_recorded() {
    let stage = Stage::new();
    chown(stage.directory(), Some(NOBODY), Some(NOBODY)).expect("root may");
    let file = stage.file();
    let file = file.to_str().expect("a path of letters and digits");
    let arguments = ["-i", &stage.label(), "--flight-recorder", "1M", "-w", file];
    must_have_refused(
        &Droprec::run(DROPREC, &arguments),
        &["cannot write", "-Z USER"],
    );
    must_have_left_nothing(stage.directory());
    // One file alone is made before.
    let droprec = stage.record(&[]);
    stage.cause(1);
    assert_eq!(droprec.stop().succeeded().accounting().written, 1);
}

#[test]
fn a_user_that_there_is_not_is_a_wrong_argument_and_only_root_becomes_another() {
    let stage = Stage::new();
    let ended = Droprec::run(DROPREC, &["-Z", "no-such-user", "-i", &stage.label()]);
    assert_eq!(ended.status.code(), Some(2), "{}", ended.stderr);
    assert!(ended.stderr.contains("no such user"), "{}", ended.stderr);

    let user = UserStage::new();
    let program = user.program();
    let mut command = as_nobody("", program.to_str().expect("letters and digits"));
    command.args(["-Z", "root", "-w"]).arg(user.stage.file());
    let ended = Droprec::spawn(command, Stdio::piped()).wait();
    must_have_refused(&ended, &["-Z root", "only root", "sudo droprec"]);
    must_have_left_nothing(user.stage.directory());
}
