//! What keeps a recording from starting, whoever starts it.

use std::{
    fs,
    process::{Command, Stdio},
};

use droprec_testbed::Droprec;

use crate::{
    mount::Mount,
    refusal::{must_have_left_nothing, must_have_refused},
    stage::{DROPREC, Stage},
};

#[test]
fn a_directory_that_cannot_be_written_is_named_and_another_asked_for() {
    let stage = Stage::new();
    let mount = Mount::read_only(stage.directory());
    let file = mount.path().join("drops.pcapng");
    let file = file.to_str().expect("a path of letters and digits");
    let ended = Droprec::run(DROPREC, &["-w", file]);
    must_have_refused(
        &ended,
        &[
            file,
            "-w",
            "directory that can be written",
            "Read-only file system",
        ],
    );
    must_have_left_nothing(stage.directory());
}

#[test]
fn a_directory_that_is_not_there_is_named_and_another_asked_for() {
    let stage = Stage::new();
    let file = stage.directory().join("none/drops.pcapng");
    let file = file.to_str().expect("a path of letters and digits");
    let ended = Droprec::run(DROPREC, &["-w", file]);
    must_have_refused(&ended, &[file, "-w", "directory", "No such file"]);
    must_have_left_nothing(stage.directory());
}

#[test]
fn an_interface_that_is_not_there_is_named_with_those_that_are() {
    let stage = Stage::new();
    let file = stage.file();
    let file = file.to_str().expect("a path of letters and digits");
    let ended = Droprec::run(DROPREC, &["-i", "no-such-one", "-w", file]);
    must_have_refused(
        &ended,
        &[
            "-i no-such-one",
            "no such interface",
            "lo",
            "NAME@NAMESPACE",
        ],
    );
    let label = stage.label();
    let namespace = label.split_once('@').expect("it has a namespace").1;
    let elsewhere = format!("no-such-one@{namespace}");
    let ended = Droprec::run(DROPREC, &["-i", &elsewhere, "-w", file]);
    must_have_refused(&ended, &[&elsewhere, "no such interface", "eth0"]);
    must_have_left_nothing(stage.directory());
}

#[test]
fn a_file_that_was_there_is_left_alone_when_nothing_can_be_recorded() {
    let stage = Stage::new();
    fs::write(stage.file(), "an earlier recording").expect("a file of the test's own");
    let file = stage.file();
    let file = file.to_str().expect("a path of letters and digits");
    let ended = Droprec::run(DROPREC, &["-i", "no-such-one", "-w", file]);
    must_have_refused(&ended, &["no such interface"]);
    let text = fs::read_to_string(file).expect("it is still there");
    assert_eq!(text, "an earlier recording");
}

#[test]
fn a_kernel_that_shows_no_btf_is_told_apart_with_what_to_do() {
    let stage = Stage::new();
    let hidden = "mount -t tmpfs tmpfs /sys/kernel/btf && exec \"$0\" \"$@\"";
    let mut command = Command::new("unshare");
    command
        .args(["--mount", "sh", "-c", hidden, DROPREC, "-w"])
        .arg(stage.file());
    let ended = Droprec::spawn(command, Stdio::piped()).wait();
    must_have_refused(
        &ended,
        &[
            "cannot record",
            "BTF",
            "/sys/kernel/btf/vmlinux",
            "CONFIG_DEBUG_INFO_BTF=y",
        ],
    );
    must_have_left_nothing(stage.directory());
}
