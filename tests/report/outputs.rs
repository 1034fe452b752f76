//! Where the page goes, and what is said when it cannot be had.

use std::{
    fs::{self, File},
    os::unix::fs::MetadataExt as _,
    path::Path,
    process::Command,
};

use droprec_testbed::{Droprec, samples};

use crate::{
    recording::busy,
    report::{DROPREC, Report, text},
    structure::Structure,
};

#[test]
fn a_page_is_its_owners_alone_and_standard_output_has_the_same() {
    let sample = &samples()[0];
    let report = Report::of(sample, &[]);
    assert!(report.ended.stdout.is_empty() && report.ended.stderr.is_empty());
    assert_eq!(fs::metadata(report.path()).unwrap().mode() & 0o777, 0o600);
    let printed = Droprec::run(DROPREC, &["-r", text(sample), "--report", "-"]).succeeded();
    assert_eq!(printed.text(), report.html());
}

#[test]
fn a_damaged_file_has_a_page_of_all_before_the_damage_that_says_so_first_and_the_status_is_1() {
    let mut bytes = busy();
    let (whole, third) = (bytes.len(), bytes.len() / 3);
    let report = Report::of_bytes(&bytes[..third], "cut.pcapng", &["--summary", "--json"]);
    assert_eq!(report.ended.status.code(), Some(1));
    let page = Structure::of(&report.path());
    let message = report
        .ended
        .stderr
        .trim_start_matches("droprec: ")
        .trim_end();
    assert!(
        message.contains("it ends there in the midst of a block"),
        "{message}"
    );
    assert!(page.notes.starts_with(message), "{}", page.notes);
    assert!(
        page.notes.contains("The file has no books"),
        "{}",
        page.notes
    );
    let summary: serde_json::Value = serde_json::from_slice(&report.ended.stdout).unwrap();
    let drops = summary["kinds"].as_array().unwrap().iter();
    let drops: u64 = drops.map(|kind| kind["drops"].as_u64().unwrap()).sum();
    assert!(
        drops > 50 && page.title.starts_with(&format!("{drops} dropped")),
        "{}",
        page.title
    );

    // The length of a block in the middle: what is behind it cannot be found.
    bytes[whole / 2..whole / 2 + 200].fill(0xff);
    let report = Report::of_bytes(&bytes, "damaged.pcapng", &[]);
    assert_eq!(report.ended.status.code(), Some(1));
    let page = Structure::of(&report.path());
    assert!(page.notes.contains("it is damaged there"), "{}", page.notes);
}

#[test]
fn what_is_no_capture_file_leaves_the_page_that_was_there() {
    let directory = tempfile::tempdir().unwrap();
    let (page, none) = (
        directory.path().join("page.html"),
        directory.path().join("none"),
    );
    fs::write(&page, "there before").unwrap();
    let ended = Droprec::run(DROPREC, &["-r", text(&none), "--report", text(&page)]);
    assert_eq!(ended.status.code(), Some(1));
    assert_eq!(fs::read_to_string(&page).unwrap(), "there before");
    assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 1);
}

#[test]
fn a_page_that_cannot_be_written_is_an_error_and_the_recording_is_never_replaced() {
    let directory = tempfile::tempdir().unwrap();
    let recording = directory.path().join("drops.pcapng");
    fs::write(&recording, busy()).unwrap();
    for (page, said) in [
        (Path::new("/dev/full"), "No space left"),
        (directory.path(), "Is a directory"),
        (&directory.path().join("nowhere/page.html"), "No such file"),
        (recording.as_path(), "is the file that is read"),
    ] {
        let ended = Droprec::run(DROPREC, &["-r", text(&recording), "--report", text(page)]);
        assert_eq!(ended.status.code(), Some(1), "{}", ended.stderr);
        assert!(ended.stderr.contains(said), "{}", ended.stderr);
        assert_eq!(ended.stderr.lines().count(), 1, "{}", ended.stderr);
    }
    let by_shell = Command::new(DROPREC)
        .args(["-r", "-", "--report", text(&recording)])
        .stdin(File::open(&recording).unwrap())
        .output()
        .unwrap();
    assert_eq!(by_shell.status.code(), Some(1), "{by_shell:?}");
    assert_eq!(fs::read(&recording).unwrap(), busy());
    assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 1);
}

#[test]
fn a_page_that_cannot_be_written_does_not_hide_that_the_recording_is_damaged() {
    let directory = tempfile::tempdir().unwrap();
    let recording = directory.path().join("cut.pcapng");
    let bytes = busy();
    fs::write(&recording, &bytes[..bytes.len() / 3]).unwrap();
    let ended = Droprec::run(DROPREC, &["-r", text(&recording), "--report", "/dev/full"]);
    assert_eq!(ended.status.code(), Some(1), "{}", ended.stderr);
    let lines: Vec<&str> = ended.stderr.lines().collect();
    assert_eq!(lines.len(), 2, "{}", ended.stderr);
    assert!(lines[0].contains("it ends there in the midst of a block"));
    assert!(lines[1].contains("No space left"), "{}", lines[1]);
}

#[test]
fn arguments_that_contradict_a_report_are_refused_with_the_status_2() {
    for arguments in [
        &["--report", "page.html"][..],
        &["-r", "x", "--report", "-", "--summary"],
        &["-r", "x", "--report", "page.html", "--json"],
        &["-r", "x", "--report", "page.html", "-v"],
        &["-w", "x", "--report", "page.html"],
    ] {
        let ended = Droprec::run(DROPREC, arguments);
        assert_eq!(
            ended.status.code(),
            Some(2),
            "{arguments:?}: {}",
            ended.stderr
        );
        assert!(ended.stderr.contains("--report"), "{}", ended.stderr);
        assert!(ended.stdout.is_empty());
    }
}
