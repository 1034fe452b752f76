//! Without `-w`: a line a drop, which says what the file says.

use std::process::{Command, Stdio};

use droprec_testbed::{
    Droprec, Ended, Packet, Pair, Recorded, Recording, frame::Origin, pairs, until,
};

use crate::{DROPREC, kinds};

const DAY: u64 = 24 * 60 * 60;

/// Records drops of several kinds as lines and as a file at once.
fn both(arguments: &[&str], lines_each: usize) -> (Ended, Recorded) {
    let (pair, origin) = (Pair::new(), Origin::new());
    let mut frames = kinds::stp(origin);
    frames.extend(kinds::udp(origin));
    frames.extend(kinds::unhandled_in_vlan(origin));
    let label = pair.label();
    let mut command = Command::new(DROPREC);
    command
        .env("TZ", "UTC")
        .args(["-i", &label])
        .args(arguments);
    let mut printing = Droprec::spawn(command, Stdio::piped());
    printing.wait_until_ready();
    let recording = Recording::at(DROPREC, &[&label]);
    pair.frames().send_all(&frames);
    recording.wait_for(frames.len(), |packet| origin.sent(&packet.data));
    until(|| (printing.stdout().lines().count() >= lines_each * frames.len()).then_some(()));
    (printing.stop().succeeded(), recording.finish())
}

/// The line that a packet of the file must have, after its time.
fn line(packet: &Packet) -> String {
    format!("{}, length {}", packet.sentence, packet.get("len"))
}

/// Seconds since midnight from `12:34:56.789012`.
fn seconds(time: &str) -> Option<u64> {
    let (clock, micros) = time.split_once('.')?;
    let parts: Vec<u64> = clock
        .split(':')
        .filter(|part| part.len() == 2)
        .filter_map(|part| part.parse().ok())
        .collect();
    let [hours, minutes, seconds] = parts[..] else {
        return None;
    };
    let is_time = micros.len() == 6 && micros.parse::<u32>().is_ok();
    is_time.then_some(hours * 3600 + minutes * 60 + seconds)
}

#[test]
fn without_a_file_each_drop_is_one_line_with_the_sentence_that_a_file_would_have() {
    let (printed, recorded) = both(&[], 1);
    let text = printed.text();
    let mut lines = Vec::new();
    for printed in text.lines() {
        assert!(
            !printed.contains(char::is_control),
            "a control character is in {printed:?}"
        );
        let (time, rest) = printed.split_once(' ').expect("a time, and the rest");
        let time = seconds(time).unwrap_or_else(|| panic!("no time at the front: {printed}"));
        let near = recorded.capture.packets.iter().any(|packet| {
            let recorded = packet.timestamp / 1_000_000_000 % DAY;
            [0, 1, DAY - 1].contains(&(time + DAY - recorded).rem_euclid(DAY))
        });
        assert!(near, "not the time of any drop: {printed}");
        lines.push(rest.to_owned());
    }
    let mut expected: Vec<String> = recorded.capture.packets.iter().map(line).collect();
    lines.sort_unstable();
    expected.sort_unstable();
    assert_eq!(lines, expected);
    assert_eq!(
        printed.accounting().written,
        expected.len() as u64,
        "{}",
        printed.stderr
    );
}

#[test]
fn with_v_each_line_is_followed_by_the_pairs_that_a_file_would_have() {
    let (printed, recorded) = both(&["-v"], 2);
    let lines: Vec<&str> = printed.text().lines().collect();
    let mut had: Vec<_> = lines
        .chunks(2)
        .map(|two| {
            let [first, second] = two else {
                panic!("a line without pairs: {two:?}");
            };
            let rest = first.split_once(' ').expect("a time, and the rest").1;
            let logfmt = second.strip_prefix('\t').expect("a tab before the pairs");
            (rest.to_owned(), pairs(logfmt))
        })
        .collect();
    let packets = recorded.capture.packets.iter();
    let mut expected: Vec<_> = packets
        .map(|packet| (line(packet), packet.pairs.clone()))
        .collect();
    had.sort_unstable();
    expected.sort_unstable();
    assert_eq!(had, expected);
}
