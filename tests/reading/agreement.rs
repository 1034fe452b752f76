//! What of a packet tshark, tcpdump and droprec must agree in.

use std::path::Path;

use droprec_testbed::{fields, tcpdump};
use jiff::Timestamp;
use serde_json::Value;

use crate::stage::{on_disk, read};

/// What is compared.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Seen {
    /// Nanoseconds since 1970.
    pub(crate) time: Option<i128>,
    /// Interface.
    pub(crate) name: String,
    pub(crate) len: u64,
    pub(crate) caplen: u64,
    /// Joined by a line break.
    pub(crate) comments: String,
}

/// Nanoseconds from `1700000000.123456789`.
fn nanoseconds(epoch: &str) -> Option<i128> {
    let (seconds, parts) = epoch.split_once('.')?;
    let parts = format!("{parts:0<9}");
    Some(seconds.parse::<i128>().ok()? * 1_000_000_000 + parts.parse::<i128>().ok()?)
}

/// What tshark sees of each packet.
pub(crate) fn by_tshark(path: &Path) -> Vec<Seen> {
    let columns = [
        "frame.time_epoch",
        "frame.interface_name",
        "frame.len",
        "frame.cap_len",
        "frame.comment",
    ];
    let seen = |line: String| {
        let columns: Vec<&str> = line.split('\t').collect();
        Seen {
            time: nanoseconds(columns[0]),
            // What it calls one that has no name.
            name: columns[1].replace("unknown", ""),
            len: columns[2].parse().expect("a length"),
            caplen: columns[3].parse().expect("a length"),
            comments: columns[4].to_owned(),
        }
    };
    fields("frame", &columns, path)
        .into_iter()
        .map(seen)
        .collect()
}

/// What droprec sees of each packet that it did not record.
pub(crate) fn by_droprec(path: &Path) -> Vec<Seen> {
    let out = read(path, &["--json"]).good();
    out.lines().map(seen).collect()
}

/// What an object of droprec's says.
fn seen(line: &str) -> Seen {
    let object: Value = serde_json::from_str(line).expect("it is JSON");
    let time = object.get("time").and_then(Value::as_str);
    let time = time.map(|time| time.parse::<Timestamp>().expect("it is a time"));
    let len = object["len"].as_u64().expect("it has a length");
    let comments = object.get("comments").and_then(Value::as_array);
    let comments = comments.into_iter().flatten();
    let comments: Vec<&str> = comments.filter_map(Value::as_str).collect();
    Seen {
        time: time.map(Timestamp::as_nanosecond),
        name: object["dev"].as_str().unwrap_or_default().to_owned(),
        len,
        caplen: object.get("caplen").map_or(len, |caplen| {
            caplen.as_u64().expect("it is a number of bytes")
        }),
        comments: comments.join(","),
    }
}

/// Demands that tshark and droprec see the same packets in a file, of which there are `count`.
#[track_caller]
pub(crate) fn with_tshark(bytes: &[u8], count: usize) -> Vec<Seen> {
    let file = on_disk(bytes);
    let (expected, had) = (by_tshark(file.path()), by_droprec(file.path()));
    assert_eq!(had, expected);
    assert_eq!(had.len(), count);
    had
}

/// Demands that tcpdump sees the same times in a file, and droprec's lines the same length, and as many packets.
#[track_caller]
pub(crate) fn with_tcpdump(bytes: &[u8]) {
    let file = on_disk(bytes);
    let by_tcpdump = tcpdump(&[], file.path());
    let printed = read(file.path(), &[]).good();
    let times = |text: &str| -> Vec<String> {
        let lines = text.lines().filter(|line| !line.starts_with('\t'));
        lines.map(|line| line[..15].to_owned()).collect()
    };
    assert_eq!(times(&printed), times(&by_tcpdump));
}
