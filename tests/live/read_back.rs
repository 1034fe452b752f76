//! What a recording's file says when it is read back: the lines that were printed, and the summary that was shown.

use std::{
    path::Path,
    process::{Command, Stdio},
};

use droprec_testbed::{Droprec, Ended, Pair, Recording, frame::Origin, until};

use rustix::process::Signal;

use crate::{DROPREC, kinds};

/// Seconds of a day.
const DAY: f64 = 86_400.0;

/// What `droprec -r FILE` prints with these arguments.
fn read(file: &Path, arguments: &[&str]) -> String {
    let file = file.to_str().expect("its name is UTF-8");
    let mut command = Command::new(DROPREC);
    command.args(["-r", file]).args(arguments);
    let ended = Droprec::spawn(command, Stdio::piped()).wait().succeeded();
    assert_eq!(ended.stderr, "");
    ended.text().to_owned()
}

/// The seconds since midnight, and the rest of the lines of a drop.
fn parts(text: &str, lines_each: usize) -> Vec<(f64, String)> {
    let lines: Vec<&str> = text.lines().collect();
    let drops = lines.chunks(lines_each).map(|lines| {
        let (time, first) = lines[0].split_once(' ').expect("a time, and the rest");
        let seconds = time.split(':').fold(0.0, |sum, part| {
            sum * 60.0 + part.parse::<f64>().expect("a number")
        });
        (seconds, [&[first], &lines[1..]].concat().join("\n"))
    });
    let mut drops: Vec<_> = drops.collect();
    drops.sort_by(|a, b| a.1.cmp(&b.1).then(a.0.total_cmp(&b.0)));
    drops
}

/// Has one droprec print what another records, and compares what is printed with what the file says.
fn must_print_the_same(arguments: &[&str], lines_each: usize) {
    let (pair, origin) = (Pair::new(), Origin::new());
    let mut frames = kinds::stp(origin);
    frames.extend(kinds::udp(origin));
    frames.extend(kinds::unhandled_in_vlan(origin));
    let label = pair.label();
    let mut command = Command::new(DROPREC);
    command.args(["-i", &label]).args(arguments);
    let mut printing = Droprec::spawn(command, Stdio::piped());
    printing.wait_until_ready();
    let recording = Recording::at(DROPREC, &[&label]);
    pair.frames().send_all(&frames);
    recording.wait_for(frames.len(), |packet| origin.sent(&packet.data));
    until(|| (printing.stdout().lines().count() >= lines_each * frames.len()).then_some(()));
    let printed = printing.stop().succeeded();
    let recorded = recording.finish();
    let live = parts(printed.text(), lines_each);
    let read = parts(&read(&recorded.file, arguments), lines_each);
    assert_eq!(live.len(), read.len());
    let mut apart = Vec::new();
    for ((live_time, live), (read_time, read)) in live.iter().zip(&read) {
        assert_eq!(live, read);
        let seconds = (live_time - read_time).abs();
        apart.push(seconds.min(DAY - seconds));
    }
    // Each process finds out by itself how far the clock that the kernel stamps with is from the time of day; and each has a
    // stamp of its own for a drop, between which a busy machine may do something else.
    apart.sort_by(f64::total_cmp);
    assert!(apart[apart.len() / 2] < 0.01, "{apart:?}");
    assert!(apart[apart.len() - 1] < 1.0, "{apart:?}");
}

#[test]
fn the_lines_of_a_file_are_those_that_were_printed_live() {
    must_print_the_same(&[], 1);
}

#[test]
fn with_v_too() {
    must_print_the_same(&["-v"], 2);
}

/// Demands that the end of what a recording said is what its file comes to.
fn must_come_to_the_same(ended: &Ended, file: &Path) {
    let read = read(file, &["--summary"]);
    assert!(read.lines().count() > 3, "{read}");
    assert!(
        ended.stderr.ends_with(&read),
        "the recording said\n{}\nits file comes to\n{read}",
        ended.stderr
    );
}

#[test]
fn the_summary_of_a_file_is_the_one_that_its_recording_ended_with() {
    let (pair, origin) = (Pair::new(), Origin::new());
    let label = pair.label();
    let mut frames = kinds::stp(origin);
    (0..5).for_each(|_| frames.extend(kinds::udp(origin)));
    frames.extend(kinds::unhandled_in_vlan(origin));
    // Of one interface, so that others' drops are filtered; and of all, whatever the machine drops meanwhile.
    for arguments in [&["-i", &label][..], &[]] {
        let recording = Recording::start(DROPREC, arguments);
        pair.frames().send_all(&frames);
        recording.wait_for(frames.len(), |packet| origin.sent(&packet.data));
        let recorded = recording.finish();
        must_come_to_the_same(&recorded.ended, &recorded.file);
    }
}

#[test]
fn it_is_the_same_also_where_drops_were_lost() {
    let (pair, origin) = (Pair::new(), Origin::new());
    let label = pair.label();
    let recording = Recording::start(DROPREC, &["-i", &label, "-B", "4"]);
    // While it stands still, the ring has room for a few.
    recording.droprec.signal(Signal::STOP);
    for _ in 0..20 {
        pair.frames().send_all(&kinds::udp(origin));
        pair.frames().send_all(&kinds::stp(origin));
    }
    recording.droprec.signal(Signal::CONT);
    recording.wait_for(1, |packet| origin.sent(&packet.data));
    let recorded = recording.finish();
    assert!(
        recorded.ended.accounting().lost > 0,
        "{}",
        recorded.ended.stderr
    );
    must_come_to_the_same(&recorded.ended, &recorded.file);
}
