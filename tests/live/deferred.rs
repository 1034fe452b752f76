//! Drops whose location only frees what was dropped elsewhere.

use std::{thread, time::Duration};

use droprec_testbed::{
    FrameSocket, Namespace, NetConsole, Packet, PacketSocket, Pair, Recording, Trace, feature,
    frame::{Origin, UNHANDLED},
    run, unique,
};

use crate::{DROPREC, compare::is_at};

const COUNT: u32 = 20;

/// Demands that a packet says that its location is not the culprit, for people and for programs.
fn is_deferred(packet: &Packet, words: &str) {
    assert_eq!(packet.get("deferred"), "yes", "{packet:?}");
    let sentence = format!("{}, {words}", packet.get("loc"));
    assert!(packet.sentence.contains(&sentence), "{packet:?}");
}

/// Demands that a packet says nothing of the kind.
fn is_not_deferred(packet: &Packet) {
    assert_eq!(packet.get("deferred"), "", "{packet:?}");
    assert!(!packet.sentence.contains("which only"), "{packet:?}");
}

#[test]
fn frames_left_in_a_socket_that_is_closed_were_dropped_by_whoever_empties_its_queue() {
    let (pair, origin) = (Pair::new(), Origin::new());
    let frames = origin.unhandled(COUNT);
    let recording = Recording::at(DROPREC, &[&pair.label()]);
    let socket = pair
        .receiver
        .enter(|| PacketSocket::here("eth0", UNHANDLED));
    pair.frames().send_all(&frames);
    drop(socket);
    // With the socket gone nobody handles it.
    let after = Origin::new();
    pair.frames().send_all(&after.unhandled(1));
    recording.wait_for(1, |packet| after.sent(&packet.data));
    let capture = recording.finish().capture;

    let left = capture.packets_where(|packet| origin.sent(&packet.data));
    assert_eq!(left.len(), frames.len());
    for packet in left {
        let loc = packet.get("loc");
        assert!(loc.starts_with("skb_queue_purge"), "{packet:?}");
        is_deferred(packet, "which only empties a queue for its caller");
    }
    let after = capture.packets_where(|packet| after.sent(&packet.data));
    is_not_deferred(after[0]);
}

#[test]
fn a_frame_that_a_bond_without_members_drops_is_freed_by_a_function_for_all_drivers() {
    if !feature::link("link add bond0 type bond") {
        return;
    }
    let (namespace, origin) = (Namespace::new("bond"), Origin::new());
    namespace.ip("link add bond7 type bond");
    namespace.ip("link set bond7 up");
    let frames = origin.unhandled(COUNT);
    let recording = Recording::at(DROPREC, &[&namespace.label("bond7")]);
    let trace = Trace::of_this_thread();
    FrameSocket::open(&namespace, "bond7").send_all(&frames);
    let site = trace.most(frames.len());
    recording.wait_for(frames.len(), |packet| origin.sent(&packet.data));
    let capture = recording.finish().capture;
    let packets = capture.packets_where(|packet| origin.sent(&packet.data));
    assert_eq!(packets.len(), frames.len());
    for packet in packets {
        is_at(packet, &site);
        assert!(site.location.contains("dev_kfree_skb_any"), "{site:?}");
        is_deferred(packet, "which only frees for its caller, mostly a driver");
    }
}

#[test]
fn what_a_driver_drops_with_interrupts_off_is_freed_by_net_tx_action_later() {
    if !feature::module("netconsole") || !feature::link("link add bond0 type bond") {
        return;
    }
    let (process, call) = unique();
    let bond = Bond(format!("dr{process}-{call}"));
    run("ip", &["link", "add", &bond.0, "type", "bond"]);
    run("ip", &["link", "set", &bond.0, "up"]);
    let recording = Recording::at(DROPREC, &[&bond.0]);
    let console = NetConsole::new(&bond.0);
    let message = format!("droprec {process}-{call} tests netconsole");
    let is_ours = |packet: &Packet| {
        let text = message.as_bytes();
        packet.data.windows(text.len()).any(|part| part == text)
    };
    for _ in 0..COUNT {
        console.say(&message);
        // What waits when another message comes is freed without a trace (net/core/netpoll.c, `zap_completion_queue`).
        thread::sleep(Duration::from_millis(50));
    }
    recording.wait_for(1, is_ours);
    let capture = recording.finish().capture;
    let packets = capture.packets_where(is_ours);
    assert!(!packets.is_empty(), "none of {COUNT} messages was dropped");
    for packet in packets {
        assert_eq!(packet.get("loc"), "net_tx_action+0x0", "{packet:?}");
        assert_eq!(packet.get("dir"), "out", "{packet:?}");
        is_deferred(packet, "which only frees what was dropped elsewhere before");
    }
}

/// An interface of the tests' own namespace, where netconsole is; it goes when dropped.
struct Bond(String);

impl Drop for Bond {
    fn drop(&mut self) {
        run("ip", &["link", "delete", &self.0]);
    }
}
