//! Counters that rise while a recording begins and ends, by what it leaves out, and by what it loses.

use std::{
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::Duration,
};

use droprec_testbed::{Droprec, Pair, Recording, feature, flood::flood, frame::Origin};

use super::told::Told;
use crate::{DROPREC, kinds::COUNT};

/// The summary's own words where it blames others.
const BLAME: &str = "a driver counts here too";

/// How many frames a stream has at once, and how long it then rests.
const AT_ONCE: u32 = 20;
const PAUSE: Duration = Duration::from_millis(4);

/// Has frames dropped, five each millisecond at most, while `work` is done. Other tests' recordings of everything have them
/// too.
fn in_a_stream<T>(pair: &Pair, work: impl FnOnce() -> T) -> T {
    let is_over = AtomicBool::new(false);
    thread::scope(|scope| {
        let send = || {
            let (socket, frames) = (pair.frames(), Origin::new().unhandled(AT_ONCE));
            while !is_over.load(Ordering::Relaxed) {
                socket.send_all(&frames);
                thread::sleep(PAUSE);
            }
        };
        let sender = scope.spawn(send);
        let result = work();
        is_over.store(true, Ordering::Relaxed);
        sender.join().expect("frames are sent");
        result
    })
}

#[test]
fn what_is_dropped_while_a_recording_begins_and_ends_is_blamed_on_nobody() {
    let pair = Pair::new();
    let recorded = in_a_stream(&pair, || {
        let recording = Recording::at(DROPREC, &[&pair.label()]);
        recording.wait_for(1000, |_| true);
        recording.finish()
    });
    let told = Told::of(&recorded);
    let counters = told.object["counters"].as_array().expect("a list");
    let rx_dropped = counters
        .iter()
        .find(|counter| counter["name"] == "rx_dropped");
    let rx_dropped = rx_dropped.unwrap_or_else(|| panic!("{told:#?}"));
    let number = |key: &str| rx_dropped[key].as_u64().unwrap_or_default();
    let counter = told.counter(&pair.label(), "rx_dropped", number("rise"));
    // While one is being recorded others' drops are lost too.
    let placed = recorded.capture.packets.len() as u64;
    assert!(counter.number("explained") >= placed, "{rx_dropped:#}");
    assert_eq!(counter.number("surplus"), 0, "{rx_dropped:#}");
    let unexplained = counter.number("unexplained");
    assert!(unexplained <= counter.number("margin"), "{rx_dropped:#}");
    told.must_not_say(BLAME);
    if unexplained > 0 {
        told.must_say("while the recording began or ended");
    }
}

#[test]
fn what_comes_after_the_last_drop_that_was_asked_for_is_blamed_on_nobody() {
    let pair = Pair::new();
    let label = pair.label();
    let ended = in_a_stream(&pair, || {
        Droprec::run(DROPREC, &["-w", "/dev/null", "-i", &label, "-c", "50"]).succeeded()
    });
    assert_eq!(ended.accounting().written, 50);
    assert!(ended.stderr.contains("rx_dropped of "), "{}", ended.stderr);
    assert!(!ended.stderr.contains(BLAME), "{}", ended.stderr);
}

#[test]
fn drops_that_the_ring_had_no_room_for_explain_as_those_do_that_are_in_the_file() {
    const FRAMES: u32 = 20_000;
    // Frames can be injected by the million since that is there.
    if !feature::kernel_type("vmlinux", "xdp_test_data") {
        return;
    }
    let pair = Pair::new();
    let label = pair.label();
    let before = pair.receiver.statistic("eth0", "rx_dropped");
    let recording = Recording::start(DROPREC, &["-i", &label, "-B", "4"]);
    pair.receiver.enter(|| flood("eth0", 0x88b5, FRAMES));
    let recorded = recording.finish();
    let rise = pair.receiver.statistic("eth0", "rx_dropped") - before;
    assert_eq!(rise, u64::from(FRAMES));
    assert!(recorded.ended.accounting().lost > 0);
    let told = Told::of(&recorded);
    let counter = told.counter(&label, "rx_dropped", rise);
    // What was lost while another was being recorded has no place.
    let placed = recorded.ended.accounting().seen;
    assert!(counter.number("explained") <= placed, "{told:#?}");
    told.must_not_say(BLAME);
}

#[test]
fn of_what_a_filter_left_out_only_the_namespaces_counters_are_told() {
    let (pair, origin) = (Pair::new(), Origin::new());
    let (recorded, filtered) = (pair.sender.label("eth0"), pair.label());
    let recording = Recording::at(DROPREC, &[&recorded]);
    let other = Recording::at(DROPREC, &[&filtered]);
    let frames = origin.unhandled(COUNT);
    pair.frames().send_all(&frames);
    other.wait_for(frames.len(), |packet| origin.sent(&packet.data));
    let told = Told::of(&recording.finish());
    told.must_not_tell(&filtered, "rx_dropped");
    told.must_not_say(" rose by 200");
    let other = Told::of(&other.finish());
    other
        .counter(&filtered, "rx_dropped", u64::from(COUNT))
        .is_all_at_a_place_of_its_own("UNHANDLED_PROTO");
}
