//! `--no-noise`, while drops are recorded and when they are read back.

use std::collections::HashSet;

use droprec_testbed::{Droprec, Packet, Pair, Recorded, Recording, frame::Origin};
use jiff::Timestamp;
use serde_json::Value;

use super::{Cause, Expected, LARGE_RING, cause_all, packets};
use crate::DROPREC;

/// Starts a recording of all that this machine drops, with further arguments.
fn start(arguments: &[&str]) -> Recording {
    let all = [&["-s", "0", "-B", LARGE_RING], arguments].concat();
    Recording::start(DROPREC, &all)
}

/// Which of these packets droprec shows of the file without the noise.
fn read_back(recorded: &Recorded) -> Vec<&Packet> {
    let file = recorded.file.to_str().expect("its name is UTF-8");
    let ended = Droprec::run(DROPREC, &["-r", file, "--no-noise", "--json"]).succeeded();
    let time = |line| {
        let object: Value = serde_json::from_str(line).expect("it is JSON");
        let time = object["time"].as_str().expect("a time");
        let time: Timestamp = time.parse().expect("a time");
        time.as_nanosecond()
    };
    let shown: HashSet<i128> = ended.text().lines().map(time).collect();
    let is_shown = |packet: &Packet| shown.contains(&packet.timestamp.into());
    recorded.capture.packets_where(is_shown)
}

/// What there is of this test's in these packets: frames, reasons and places.
fn own<'a>(
    packets: impl IntoIterator<Item = &'a Packet>,
    origin: Origin,
) -> Vec<(&'a [u8], &'a str, &'a str)> {
    let packets = packets.into_iter();
    let own = packets.filter(|packet| origin.sent(&packet.data));
    let mut own: Vec<_> = own
        .map(|packet| (&packet.data[..], packet.get("reason"), packet.get("loc")))
        .collect();
    own.sort_unstable();
    own
}

#[test]
fn no_noise_leaves_out_the_noise_and_nothing_that_is_nearly_that_live_and_when_all_is_read_back() {
    let (pair, origin) = (Pair::with_ipv6(), Origin::new());
    let all = start(&[]);
    let quiet = start(&["--no-noise"]);
    let (causes, _clients) = cause_all(&pair, origin);
    for Cause {
        frame, expected, ..
    } in &causes
    {
        let is_it = |packet: &Packet| packet.data == *frame;
        if *expected != Expected::Perhaps {
            all.wait_for(1, is_it);
        }
        if *expected == Expected::Told {
            quiet.wait_for(1, is_it);
        }
    }
    let (all, quiet) = (all.finish(), quiet.finish());

    let mut noise = 0;
    for cause in &causes {
        let dropped = packets(&all.capture, cause).len();
        let told = quiet
            .capture
            .packets_where(|packet| packet.data == cause.frame);
        match cause.expected {
            Expected::Noise(_) => {
                noise += 1;
                assert!(told.is_empty(), "{}: {told:#?}", cause.what);
            }
            Expected::Told | Expected::Perhaps => {
                assert_eq!(told.len(), dropped, "{}", cause.what);
            }
        }
    }
    let books = quiet.ended.accounting();
    assert!(
        noise > 0 && books.noise >= noise,
        "{noise}: {}",
        quiet.ended.stderr
    );
    assert_eq!(books.written, quiet.capture.packets.len() as u64);
    assert_eq!(
        own(read_back(&all), origin),
        own(&quiet.capture.packets, origin)
    );
}
