//! Interfaces and namespaces that come, go, move and change their names meanwhile.

use std::time::Duration;

use droprec_testbed::{Namespace, Pair, Recording, Tun, frame::Origin, pause};

use super::told::Told;
use crate::{DROPREC, kinds::COUNT};

#[test]
fn the_counters_of_an_interface_that_is_renamed_go_on_under_its_new_name() {
    let (pair, origin) = (Pair::new(), Origin::new());
    let frames = origin.unhandled(COUNT);
    let (earlier, later) = frames.split_at(60);
    let socket = pair.frames();
    let recording = Recording::at(DROPREC, &[&pair.label()]);
    socket.send_all(earlier);
    pair.rename("wan7");
    socket.send_all(later);
    recording.wait_for(frames.len(), |packet| origin.sent(&packet.data));
    let told = Told::of(&recording.finish());
    let rise = pair.receiver.statistic("wan7", "rx_dropped");
    let label = pair.receiver.label("wan7");
    told.counter(&label, "rx_dropped", rise)
        .is_all_at_a_place_of_its_own("UNHANDLED_PROTO");
}

#[test]
fn of_an_interface_that_goes_no_counter_is_told_and_of_one_that_comes_none_before_it_is_met() {
    let (gone, moved, elsewhere) = (Pair::new(), Pair::new(), Namespace::new("elsewhere"));
    let origin = Origin::new();
    let frames = origin.unhandled(COUNT);
    moved.frames().send_all(&frames);
    let recording = Recording::start(DROPREC, &["-B", "65536"]);
    gone.frames().send_all(&frames);
    moved
        .receiver
        .ip(&format!("link set eth0 netns {}", elsewhere.name()));
    elsewhere.ip("link set eth0 up");
    moved.sender.wait_for_carrier("eth0");
    moved.frames().send_all(&frames);
    recording.wait_for(2 * frames.len(), |packet| origin.sent(&packet.data));
    let (went, came) = (gone.label(), elsewhere.label("eth0"));
    gone.receiver.ip("link delete eth0");
    let told = Told::of(&recording.finish());
    for label in [went, moved.label()] {
        told.must_not_tell(&label, "rx_dropped");
    }
    // That is met there only by the first of these drops.
    let since = told.rise(&came, "rx_dropped").unwrap_or(0);
    assert!(since < frames.len() as u64, "{told:#?}");
}

#[test]
fn what_an_interface_drops_in_another_namespace_before_it_comes_back_is_not_blamed_on_a_driver() {
    const BLAME: &str = "a driver counts here too";
    let (pair, elsewhere, origin) = (Pair::new(), Namespace::new("elsewhere"), Origin::new());
    let frames = origin.unhandled(COUNT);
    let (earlier, later) = frames.split_at(60);
    let (label, there) = (pair.label(), elsewhere.label("eth0"));
    let moving = |from: &Namespace, to: &Namespace| {
        from.ip(&format!("link set eth0 netns {}", to.name()));
        to.ip("link set eth0 up");
        pair.sender.wait_for_carrier("eth0");
    };
    let both = ["--netns", pair.receiver.name(), "--netns", elsewhere.name()];
    for (arguments, recorded) in [(&both[..], frames.len()), (&["-i", &label], earlier.len())] {
        let recording = Recording::start(DROPREC, arguments);
        pair.frames().send_all(earlier);
        moving(&pair.receiver, &elsewhere);
        pair.frames().send_all(later);
        // It looks for names ten times a second.
        pause(Duration::from_millis(500));
        moving(&elsewhere, &pair.receiver);
        recording.wait_for(recorded, |packet| origin.sent(&packet.data));
        let told = Told::of(&recording.finish());

        let counter = told.counter(&label, "rx_dropped", frames.len() as u64);
        assert_eq!(counter.number("explained"), earlier.len() as u64);
        let why = counter.why();
        // Beside it may be what came while the recording began.
        if arguments == both {
            let among = format!("the {} of {there}, which may be", later.len());
            assert!(why.contains(&among), "{told:#?}");
            assert!(!why.contains(&format!("; {BLAME}")), "{told:#?}");
        } else {
            let away = "the interface was not in that namespace all the time; perhaps among the ";
            assert!(why.starts_with(away), "{told:#?}");
            assert!(!why.contains(BLAME), "{told:#?}");
        }
    }
}

#[test]
fn a_namespace_that_is_met_later_is_reconciled_since_then() {
    must_be_reconciled_since_it_is_met(|| None);
}

#[test]
fn an_interface_that_comes_later_into_a_namespace_that_was_there_is_reconciled_since_it_is_met() {
    must_be_reconciled_since_it_is_met(|| Some(Namespace::new("earlier")));
}

/// `earlier`: the namespace that an interface comes into, or `None` if that comes later too.
fn must_be_reconciled_since_it_is_met(earlier: impl Fn() -> Option<Namespace>) {
    // It looks for new ones ten times a second, and reads them once others leave the kernel's lock: how long that takes is
    // theirs to say, and when it was nobody tells before the end.
    let is_met = [25, 100, 400].into_iter().any(|gap| {
        let earlier = earlier();
        let recording = Recording::start(DROPREC, &["-B", "65536"]);
        let namespace = earlier.unwrap_or_else(|| Namespace::new("later"));
        let origin = Origin::new();
        let tap = Tun::tap(&namespace, "tap0");
        let frames = origin.unhandled(COUNT);
        for frame in &frames {
            assert_eq!(tap.write(frame).ok(), Some(frame.len()));
            pause(Duration::from_millis(gap));
        }
        recording.wait_for(frames.len(), |packet| origin.sent(&packet.data));
        let told = Told::of(&recording.finish());
        let label = namespace.label("tap0");
        let Some(rise) = told.rise(&label, "rx_dropped") else {
            return false;
        };
        let counter = told.counter(&label, "rx_dropped", rise);
        // It may be taken for one that was there from the beginning, and is gone, whose number it has inherited.
        if counter.number("from") == 0 {
            return false;
        }
        assert_eq!(counter.number("to"), frames.len() as u64, "{told:#?}");
        // Which of the drops came before is not known: none is said to be too many.
        counter.is_all_perhaps();
        assert_eq!(counter.number("surplus"), 0, "{told:#?}");
        told.must_say(&format!("rx_dropped of {label} rose by {rise} since "));
        true
    });
    assert!(
        is_met,
        "it was read too late, though drops came for 80 s, or never as a new one"
    );
}
