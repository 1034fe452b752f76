//! `-z`: what is done with each file.

use std::{
    fs::{self, Permissions},
    os::unix::fs::PermissionsExt as _,
    path::Path,
    time::Instant,
};

use droprec_testbed::{patiently, until};

use super::files::{files, must_be_whole};
use crate::{stage::Stage, tally::capinfos};

/// A program of these lines.
fn script(directory: &Path, lines: &str) -> String {
    let path = directory.join("command");
    fs::write(&path, format!("#!/bin/sh\n{lines}\n")).expect("there is room");
    fs::set_permissions(&path, Permissions::from_mode(0o700)).expect("it is ours");
    path.to_str()
        .expect("a path of letters and digits")
        .to_owned()
}

#[test]
fn a_command_is_given_each_file_whole_as_it_is_closed_at_the_lowest_priority() {
    let (stage, other) = (Stage::new(), tempfile::tempdir().expect("a directory"));
    let log = other.path().join("log");
    let lines = format!(
        "echo \"$# $1 $(nice) $(capinfos -M -c \"$1\" | tail -1)\" >> {}",
        log.display()
    );
    let command = script(other.path(), &lines);
    let droprec = stage.record(&["-C", "100k", "-z", &command]);
    stage.cause(1500);
    let ended = droprec.stop().succeeded();
    let files = files(stage.directory());
    must_be_whole(&ended, &files);
    assert!(files.len() > 5, "{files:?}");
    // They end in any order.
    let told = until(|| {
        let text = fs::read_to_string(&log).unwrap_or_default();
        (text.lines().count() >= files.len()).then_some(text)
    });
    let told = told.unwrap_or_else(|| panic!("{:?}", fs::read_to_string(&log)));
    let mut lines: Vec<&str> = told.lines().collect();
    lines.sort_unstable();
    let mut expected: Vec<String> = files
        .iter()
        .map(|file| {
            let packets = capinfos(file);
            format!("1 {} 19 Number of packets:   {packets}", file.display())
        })
        .collect();
    expected.sort_unstable();
    assert_eq!(lines, expected);
}

#[test]
fn no_command_is_waited_for_and_one_that_cannot_be_run_is_told_of() {
    let (stage, other) = (Stage::new(), tempfile::tempdir().expect("a directory"));
    let command = script(other.path(), "exec sleep 20 > /dev/null 2>&1");
    let begun = Instant::now();
    let droprec = stage.record(&["-C", "100k", "-z", &command]);
    stage.cause(1500);
    let ended = droprec.stop().succeeded();
    assert!(begun.elapsed() < patiently(std::time::Duration::from_secs(15)));
    must_be_whole(&ended, &files(stage.directory()));

    let stage = Stage::new();
    let droprec = stage.record(&["-C", "100k", "-z", "/nowhere/command"]);
    stage.cause(1500);
    let ended = droprec.stop().succeeded();
    must_be_whole(&ended, &files(stage.directory()));
    let complaint = "-z: /nowhere/command cannot be run for ";
    assert!(ended.stderr.contains(complaint), "{}", ended.stderr);
}
