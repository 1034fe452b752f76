//! What others have put into a directory that all may write to: nothing of theirs is written over, and nothing goes where they
//! want it. The kernel is not to be what refuses it.

use std::{
    fs,
    os::unix::fs::{PermissionsExt as _, chown, lchown, symlink},
    path::{Path, PathBuf},
};

use droprec_testbed::{Capture, Droprec};

use crate::{
    refusal::must_have_refused,
    stage::{DROPREC, Stage},
};

/// Neither root nor the owner of the directory.
const STRANGER: u32 = 65_534;
const OWNER: u32 = 65_533;

/// A stage whose directory is as `/tmp` is, and something of root's outside of it.
struct SharedStage {
    stage: Stage,
    outside: tempfile::TempDir,
}

impl SharedStage {
    fn new() -> Self {
        let stage = Stage::new();
        let all = fs::Permissions::from_mode(0o1777);
        fs::set_permissions(stage.directory(), all).expect("a directory of the test's own");
        let outside = tempfile::tempdir().expect("a directory under /tmp");
        let shared = Self { stage, outside };
        fs::write(shared.precious(), "precious").expect("a file of the test's own");
        shared
    }

    fn precious(&self) -> PathBuf {
        self.outside.path().join("precious")
    }

    fn file(&self) -> PathBuf {
        self.stage.file()
    }

    /// Droprec refuses to record into it, whatever the sysctl says, and says why.
    fn must_refuse(&self, why: &str) {
        let file = self.file();
        let file = file.to_str().expect("a path of letters and digits");
        let ended = Droprec::run(DROPREC, &["-i", &self.stage.label(), "-w", file]);
        must_have_refused(&ended, &[why, "choose another file with -w"]);
        assert_eq!(fs::read(self.precious()).expect("it is there"), b"precious");
    }
}

fn sysctl(name: &str) -> String {
    let text = fs::read_to_string(Path::new("/proc/sys/fs").join(name));
    text.expect("Linux has it").trim().to_owned()
}

#[test]
fn no_link_of_another_user_is_followed_in_a_directory_that_all_may_write_to() {
    let shared = SharedStage::new();
    symlink(shared.precious(), shared.file()).expect("a link of the test's own");
    lchown(shared.file(), Some(STRANGER), Some(STRANGER)).expect("root may");
    shared.must_refuse("a link of another user (uid 65534)");
    // Neither is one to nowhere: a file would be made there.
    fs::remove_file(shared.file()).expect("it is there");
    let nowhere = shared.outside.path().join("nowhere");
    symlink(&nowhere, shared.file()).expect("a link of the test's own");
    lchown(shared.file(), Some(STRANGER), Some(STRANGER)).expect("root may");
    shared.must_refuse("a link of another user (uid 65534)");
    assert!(!nowhere.exists());
}

#[test]
fn no_file_or_pipe_of_another_user_is_written_to_in_a_directory_that_all_may_write_to() {
    let shared = SharedStage::new();
    chown(shared.stage.directory(), Some(OWNER), Some(OWNER)).expect("root may");
    fs::write(shared.file(), "theirs").expect("a file of the test's own");
    chown(shared.file(), Some(STRANGER), Some(STRANGER)).expect("root may");
    // At 1 and 2 the kernel refuses it, too, in its own words.
    let is_kernels = sysctl("protected_regular") != "0";
    let words = "of another user (uid 65534)";
    shared.must_refuse(if is_kernels {
        "Permission denied"
    } else {
        words
    });
    assert_eq!(fs::read(shared.file()).expect("it is there"), b"theirs");

    fs::remove_file(shared.file()).expect("it is there");
    let pipe = rustix::fs::mknodat(
        rustix::fs::CWD,
        shared.file(),
        rustix::fs::FileType::Fifo,
        0o666.into(),
        0,
    );
    pipe.expect("a pipe of the test's own");
    chown(shared.file(), Some(STRANGER), Some(STRANGER)).expect("root may");
    // Before anybody reads it.
    shared.must_refuse(words);
}

#[test]
fn no_other_name_of_a_file_is_written_over_in_a_directory_that_all_may_write_to() {
    let shared = SharedStage::new();
    fs::hard_link(shared.precious(), shared.file()).expect("both are under /tmp");
    shared.must_refuse("(a hard link)");
}

#[test]
fn ones_own_file_and_link_are_written_to_in_a_directory_that_all_may_write_to() {
    let shared = SharedStage::new();
    fs::write(shared.file(), "an older one").expect("a file of the test's own");
    let record = || {
        let droprec = shared.stage.record(&[]);
        shared.stage.cause(2);
        let _ = droprec.stop().succeeded();
        assert_eq!(Capture::read(&shared.file()).packets.len(), 2);
    };
    record();
    fs::remove_file(shared.file()).expect("it is there");
    symlink(shared.precious(), shared.file()).expect("a link of the test's own");
    record();
    assert!(shared.file().is_symlink());
    assert_eq!(Capture::read(&shared.precious()).packets.len(), 2);
}

#[test]
fn a_ring_does_not_say_of_what_others_have_put_in_its_way_that_it_is_a_file_of_its_own() {
    let shared = SharedStage::new();
    chown(shared.stage.directory(), Some(OWNER), Some(OWNER)).expect("root may");
    let planted = shared.file().with_extension("pcapng1");
    fs::write(&planted, "theirs").expect("a file of the test's own");
    chown(&planted, Some(STRANGER), Some(STRANGER)).expect("root may");
    let droprec = shared.stage.record(&["-C", "100k", "-W", "3"]);
    shared.stage.cause_uncounted(2000);
    let ended = droprec.wait();
    assert_eq!(ended.status.code(), Some(1), "{}", ended.stderr);
    let last = ended.stderr.lines().last().unwrap_or_default();
    for words in [
        "drops.pcapng1: it was not begun",
        "of another user (uid 65534)",
        "choose another place with -w",
    ] {
        assert!(last.contains(words), "no {words} in {}", ended.stderr);
    }
    assert!(!last.contains("what is in it"), "{last}");
    assert_eq!(fs::read(&planted).expect("it is there"), b"theirs");
    let before = Capture::read(&shared.file().with_extension("pcapng0"));
    assert!(!before.packets.is_empty(), "{}", ended.stderr);
}

#[test]
fn no_metrics_take_the_place_of_what_others_have_put_into_a_directory_that_all_may_write_to() {
    let shared = SharedStage::new();
    let metrics = shared.stage.directory().join("droprec.prom");
    fs::write(&metrics, "# HELP droprec_theirs\n").expect("a file of the test's own");
    chown(&metrics, Some(STRANGER), Some(STRANGER)).expect("root may");
    let path = metrics.to_str().expect("a path of letters and digits");
    let recording = shared.outside.path().join("drops.pcapng");
    let droprec = shared.stage.record_to(&recording, &["--metrics", path]);
    let ended = droprec.stop();
    assert_eq!(ended.status.code(), Some(1), "{}", ended.stderr);
    let words = "a file of another user (uid 65534)";
    assert!(ended.stderr.contains(words), "{}", ended.stderr);
    let text = fs::read_to_string(&metrics).expect("it is there");
    assert_eq!(text, "# HELP droprec_theirs\n");
}

#[test]
fn no_report_takes_the_place_of_what_others_have_put_into_a_directory_that_all_may_write_to() {
    let shared = SharedStage::new();
    let recording = shared.outside.path().join("drops.pcapng");
    let droprec = shared.stage.record_to(&recording, &[]);
    shared.stage.cause(1);
    let _ = droprec.stop().succeeded();
    let page = shared.stage.directory().join("page.html");
    let report = || {
        let paths = [&recording, &page].map(|path| path.to_str().expect("letters and digits"));
        Droprec::run(DROPREC, &["-r", paths[0], "--report", paths[1]])
    };
    symlink(shared.precious(), &page).expect("a link of the test's own");
    lchown(&page, Some(STRANGER), Some(STRANGER)).expect("root may");
    must_have_refused(&report(), &["a link of another user (uid 65534)"]);
    assert_eq!(
        fs::read(shared.precious()).expect("it is there"),
        b"precious"
    );
    fs::remove_file(&page).expect("it is there");
    fs::write(&page, "theirs").expect("a file of the test's own");
    chown(&page, Some(STRANGER), Some(STRANGER)).expect("root may");
    must_have_refused(&report(), &["a file of another user (uid 65534)"]);
    assert_eq!(fs::read(&page).expect("it is there"), b"theirs");
    fs::remove_file(&page).expect("it is there");
    let _ = report().succeeded();
    assert!(page.exists());
}
