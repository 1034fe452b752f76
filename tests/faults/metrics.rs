//! `--metrics`: the counts for Prometheus at the worst moments.

use std::{
    collections::HashMap,
    fs,
    path::{Path, PathBuf},
    process::Stdio,
    thread,
    time::Duration,
};

use droprec_testbed::{Capture, Ended, Metrics, until};

use crate::{lost, mount::Mount, stage::Stage};

const FLOOD: u32 = 200_000;

fn file_in(directory: &Path) -> PathBuf {
    directory.join("droprec.prom")
}

fn text(path: &Path) -> &str {
    path.to_str().expect("a path of letters and digits")
}

/// Demands that what is in the file is what the books say on the screen, and that each drop is of a kind: those of the flood of
/// the stage's interface, those that nobody has seen of none.
fn must_be_the_books(stage: &Stage, ended: &Ended) -> Metrics {
    let metrics = Metrics::read(&file_in(stage.directory()));
    let sum = |name| metrics.sum(name, &[]);
    let books = ended.accounting();
    books.must_balance();
    let written = sum("droprec_written_total") + sum("droprec_counted_total");
    assert_eq!(sum("droprec_seen_total"), books.seen);
    assert_eq!(written, books.written);
    assert_eq!(sum("droprec_filtered_total"), books.filtered);
    assert_eq!(sum("droprec_suppressed_total"), books.suppressed);
    assert_eq!(sum("droprec_overwritten_total"), books.overwritten);
    assert_eq!(sum("droprec_lost_total"), books.lost);
    let nested = ended.lost_in_the_midst();
    for (cause, lost) in [
        ("ring_full", lost::by_the_ring(ended)),
        ("nested", nested),
        ("unwritten", lost::unwritten(ended)),
    ] {
        let cause = [("cause", cause)];
        assert_eq!(metrics.sum("droprec_lost_total", &cause), lost, "{cause:?}");
    }

    let drops = |labels| metrics.sum("droprec_drops_total", labels);
    let passed = books.seen - books.filtered - books.suppressed;
    assert_eq!(drops(&[]), passed, "{:#?}", metrics.0);
    let (label, netns) = (stage.label(), stage.netns().to_string());
    let of_flood = [("interface", label.as_str()), ("netns", netns.as_str())];
    assert_eq!(drops(&of_flood), u64::from(FLOOD), "{:#?}", metrics.0);
    assert_eq!(drops(&[("location", "other")]), nested, "{:#?}", metrics.0);
    metrics
}

#[test]
fn of_a_flood_that_is_lost_in_part_the_metrics_have_each_drop() {
    let stage = Stage::new();
    let file = file_in(stage.directory());
    let droprec = stage.record(&["-B", "64", "--metrics", text(&file)]);
    stage.cause(FLOOD);
    let ended = droprec.stop().succeeded();
    let metrics = must_be_the_books(&stage, &ended);
    assert!(lost::by_the_ring(&ended) > 0, "nothing was lost: {ended:?}");
    let bytes = fs::metadata(stage.file()).expect("it is written").len();
    assert_eq!(metrics.sum("droprec_written_bytes_total", &[]), bytes);
}

#[test]
fn of_drops_in_many_files_the_metrics_have_all_also_of_files_that_are_gone() {
    let stage = Stage::new();
    let file = file_in(stage.directory());
    let rotation = ["-C", "1", "-W", "3", "-B", "64"];
    let arguments = [&rotation[..], &["--metrics", text(&file)]].concat();
    let droprec = stage.record(&arguments);
    stage.cause(FLOOD);
    let ended = droprec.stop().succeeded();
    let metrics = must_be_the_books(&stage, &ended);
    let bytes = metrics.sum("droprec_written_bytes_total", &[]);
    assert!(
        bytes > 5_000_000,
        "it was too little for many files: {bytes}"
    );
}

#[test]
fn what_a_flight_recorder_keeps_no_longer_is_in_the_metrics() {
    let stage = Stage::new();
    let file = file_in(stage.directory());
    let droprec = stage.record(&["--flight-recorder", "64K", "--metrics", text(&file)]);
    stage.cause(FLOOD);
    let ended = droprec.stop().succeeded();
    let metrics = must_be_the_books(&stage, &ended);
    assert!(ended.accounting().overwritten > 0, "{ended:?}");
    assert_eq!(metrics.sum("droprec_kept_packets", &[]), 0);
}

#[test]
fn what_is_only_counted_is_in_the_metrics_and_so_is_what_is_printed() {
    for arguments in [&["--interval", "1h", "-B", "64"][..], &["-B", "64"]] {
        let stage = Stage::new();
        let file = file_in(stage.directory());
        let arguments = [arguments, &["--metrics", text(&file)]].concat();
        let droprec = stage.record_into(Stdio::null(), &arguments);
        stage.cause(FLOOD);
        let ended = droprec.stop().succeeded();
        let _ = must_be_the_books(&stage, &ended);
    }
}

#[test]
fn metrics_are_written_anew_while_drops_come_and_are_whole_whenever_they_are_read() {
    let stage = Stage::new();
    let file = file_in(stage.directory());
    let droprec = stage.record(&["-B", "64", "--metrics", text(&file)]);
    let mut snapshots: Vec<String> = Vec::new();
    let mut look = || {
        stage.cause_uncounted(1000);
        let Ok(snapshot) = fs::read_to_string(&file) else {
            return snapshots.len();
        };
        let last = snapshot.lines().last().unwrap_or_default();
        let is_whole = snapshot.ends_with('\n') && last.contains(r#"{cause="unwritten"}"#);
        assert!(is_whole, "it ends with {last}");
        if snapshots.last() != Some(&snapshot) {
            snapshots.push(snapshot);
        }
        snapshots.len()
    };
    let enough = until(|| (look() >= 3).then_some(()));
    assert!(enough.is_some(), "{snapshots:?}");
    let _ = droprec.stop().succeeded();
    snapshots.push(fs::read_to_string(&file).expect("it is there at the end"));

    let mut before = HashMap::new();
    for (number, snapshot) in snapshots.iter().enumerate() {
        fs::write(&file, snapshot).expect("droprec is done with it");
        for sample in Metrics::read(&file).0 {
            let key = (sample.name.clone(), sample.labels.to_string());
            let earlier = before.insert(key, sample.value).unwrap_or(0);
            assert!(
                sample.value >= earlier,
                "snapshot {number}: {sample:?}, and {earlier} before"
            );
        }
    }
    assert!(
        before.keys().any(|(name, _)| name == "droprec_drops_total"),
        "{before:?}"
    );
}

#[test]
fn metrics_that_cannot_be_written_are_told_once_and_written_as_soon_as_they_can_be() {
    let stage = Stage::new();
    let file = file_in(stage.directory());
    fs::create_dir(&file).expect("a directory of the test's own");
    let droprec = stage.record(&["--metrics", text(&file)]);
    let is_said = until(|| {
        droprec
            .stderr()
            .contains("cannot write metrics")
            .then_some(())
    });
    assert!(is_said.is_some(), "{}", droprec.stderr());
    stage.cause(5);
    // It has been tried again by then.
    thread::sleep(Duration::from_secs(11));
    fs::remove_dir(&file).expect("nothing is in it");
    let is_written = until(|| file.exists().then_some(()));
    assert!(is_written.is_some(), "{}", droprec.stderr());
    let ended = droprec.stop().succeeded();
    let said = ended.stderr.matches("cannot write metrics").count();
    assert_eq!(said, 1, "{}", ended.stderr);
    assert!(
        ended.stderr.contains("choose another file"),
        "{}",
        ended.stderr
    );
    assert_eq!(Metrics::read(&file).sum("droprec_written_total", &[]), 5);
    assert_eq!(Capture::read(&stage.file()).packets.len(), 5);
}

#[test]
fn a_disk_without_room_for_metrics_leaves_the_last_ones_whole_and_the_recording_goes_on() {
    let (stage, mount) = (Stage::new(), Mount::with_room_for("8k"));
    let file = file_in(mount.path());
    let droprec = stage.record(&["--metrics", text(&file)]);
    let first = until(|| fs::read_to_string(&file).ok());
    let first = first.expect("there is room for the first ones");
    fs::write(mount.path().join("other"), [0; 4096]).expect("there is room for it");
    stage.cause(5);
    let ended = droprec.stop();
    assert_eq!(ended.status.code(), Some(1), "{}", ended.stderr);
    let complaint = "No space left on device (os error 28); make room";
    assert!(ended.stderr.contains(complaint), "{}", ended.stderr);
    assert_eq!(fs::read_to_string(&file).expect("it is there"), first);
    let files = fs::read_dir(mount.path()).expect("it can be listed");
    assert_eq!(files.count(), 2, "something is left");
    let books = ended.accounting();
    books.must_balance();
    assert_eq!(books.written, 5);
    assert_eq!(Capture::read(&stage.file()).packets.len(), 5);
}

#[test]
fn metrics_never_take_the_place_of_a_recording() {
    let stage = Stage::new();
    let file = stage.file();
    let droprec = stage.record(&["-U", "--metrics", text(&file)]);
    stage.cause(5);
    let ended = droprec.stop();
    assert_eq!(ended.status.code(), Some(1), "{}", ended.stderr);
    let complaint = "a droprec is recording to it; choose another file";
    assert!(ended.stderr.contains(complaint), "{}", ended.stderr);
    assert_eq!(Capture::read(&file).packets.len(), 5);
}
