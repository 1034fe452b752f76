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
    // A child that another test has just forked may keep the socket for a moment.
    recording.wait_for(frames.len(), |packet| origin.sent(&packet.data));
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
fn a_frame_that_a_driver_drops_is_located_in_the_driver_or_said_to_be_dropped_elsewhere() {
    if !feature::link("link add team0 type team") {
        return;
    }
    let (namespace, origin) = (Namespace::new("team"), Origin::new());
    namespace.ip("link add team0 type team");
    namespace.ip("link set team0 up");
    // Without it the frames would not come as far as the driver.
    namespace.ip("link set team0 carrier on");
    let frames = origin.unhandled(COUNT);
    let recording = Recording::at(DROPREC, &[&namespace.label("team0")]);
    let trace = Trace::of_this_thread();
    FrameSocket::open(&namespace, "team0").send_all(&frames);
    let site = trace.most(frames.len());
    // It drops through `dev_kfree_skb_any`, which the compiler may have made a jump: then the driver itself is on the stack.
    let is_driver = site.location.ends_with(" [team]");
    recording.wait_for(frames.len(), |packet| origin.sent(&packet.data));
    let capture = recording.finish().capture;
    let packets = capture.packets_where(|packet| origin.sent(&packet.data));
    assert_eq!(packets.len(), frames.len());
    for packet in packets {
        is_at(packet, &site);
        if is_driver {
            is_not_deferred(packet);
        } else {
            is_deferred(packet, "which only frees for its caller, mostly a driver");
        }
    }
}

#[test]
fn frames_that_wait_in_a_qdisc_that_is_removed_are_freed_once_all_is_changed() {
    let (pair, origin) = (Pair::new(), Origin::new());
    let tc = |arguments: &str| {
        let words = arguments.split_whitespace();
        let all: Vec<&str> = ["-n", pair.sender.name()]
            .into_iter()
            .chain(words)
            .collect();
        run("tc", &all);
    };
    tc("qdisc add dev eth0 root tbf rate 8kbit burst 1600 limit 100000");
    let contents = [0; 1400];
    let frame = origin.ethernet(Pair::RECEIVER_MAC, UNHANDLED, &contents);
    let recording = Recording::at(DROPREC, &[&pair.sender.label("eth0")]);
    let frames = pair.frames();
    for _ in 0..COUNT {
        frames.send(&frame);
    }
    tc("qdisc delete dev eth0 root");
    recording.wait_for(COUNT as usize / 2, |packet| origin.sent(&packet.data));
    let capture = recording.finish().capture;
    let packets = capture.packets_where(|packet| origin.sent(&packet.data));
    // One had gone, and another may have.
    assert!(packets.len() >= COUNT as usize / 2, "{}", packets.len());
    for packet in packets {
        let loc = packet.get("loc");
        assert!(loc.starts_with("__rtnl_unlock+"), "{packet:?}");
        is_deferred(
            packet,
            "which only frees what a qdisc held that was changed",
        );
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
    let recording = Recording::start(DROPREC, &["--stack", "-i", &bond.0]);
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
        // Without a socket or a route nothing in the skb tells that it was to go out.
        assert_eq!(packet.get("dir"), "", "{packet:?}");
        is_deferred(packet, "which only frees what was dropped elsewhere before");
        // Nothing returns to that location, and the stack begins in the same function all the same.
        assert!(packet.stack[0].starts_with("net_tx_action+"), "{packet:?}");
    }
}

/// An interface of the tests' own namespace, where netconsole is; it goes when dropped.
struct Bond(String);

impl Drop for Bond {
    fn drop(&mut self) {
        run("ip", &["link", "delete", &self.0]);
    }
}
