//! Drops in a bridge, which passes frames on as they are.

use droprec_pcapng::{Direction, Flags};
use droprec_testbed::{Chain, FrameSocket, Packet, Recording, Trace, frame::Origin, run};

use crate::{
    DROPREC,
    compare::{is_at, is_whole, same_frames},
    kinds::COUNT,
};

const BRIDGE_MAC: [u8; 6] = [2, 0, 0, 0, 2, 1];
const FAR_MAC: [u8; 6] = [2, 0, 0, 0, 1, 2];

/// A chain whose middle is a bridge between its two ports, with a firewall that drops all of our frames on this hook.
fn bridge(hook: &str) -> Chain {
    let chain = Chain::new();
    let middle = &chain.pair.receiver;
    middle.ip("link add br0 address 02:00:00:00:02:01 type bridge");
    for port in ["eth0", "eth1"] {
        middle.ip(&format!("link set {port} master br0"));
    }
    middle.ip("link set br0 up");
    let rule = format!("type filter hook {hook} priority 0; ether type 0x88b5 drop;");
    let table = format!("table bridge test {{ chain {hook} {{ {rule} }}; }}");
    run("ip", &["netns", "exec", middle.name(), "nft", &table]);
    chain
}

/// What is recorded of frames to this address, which must be the frames.
fn recorded_of(hook: &str, destination: [u8; 6]) -> Vec<Packet> {
    let (chain, origin) = (bridge(hook), Origin::new());
    let frames: Vec<Vec<u8>> = (0..COUNT)
        .map(|number| {
            origin.ethernet(
                destination,
                0x88b5,
                &[&b"over"[..], &number.to_be_bytes()].concat(),
            )
        })
        .collect();
    let labels = ["eth0", "eth1", "br0"].map(|name| chain.pair.receiver.label(name));
    let recording = Recording::at(DROPREC, &labels.each_ref().map(String::as_str));
    let trace = Trace::of_this_thread();
    FrameSocket::open(&chain.pair.sender, "eth0").send_all(&frames);
    recording.wait_for(frames.len(), |packet| origin.sent(&packet.data));
    let site = trace.most(frames.len() / 2);
    let capture = recording.finish().capture;
    let packets = capture.packets_where(|packet| origin.sent(&packet.data));
    same_frames(&packets, &frames);
    for packet in &packets {
        assert_eq!(packet.get("l2"), "mac", "{packet:?}");
        is_whole(packet);
        is_at(packet, &site);
    }
    packets.into_iter().cloned().collect()
}

/// Demands that a packet says nothing of its direction, or this, if it is one that its interface gives it.
fn says_at_most(packet: &Packet, truth: Option<Direction>) {
    let word = match truth {
        Some(Direction::Inbound) => "in",
        Some(Direction::Outbound) => "out",
        _ => "",
    };
    let dir = packet.get("dir");
    assert!(dir.is_empty() || dir == word, "not {word:?}: {packet:?}");
    let direction = packet.flags.and_then(Flags::direction);
    assert!(direction.is_none() || direction == truth, "{packet:?}");
}

#[test]
fn a_frame_that_a_bridge_may_not_forward_is_recorded_as_it_came_and_goes_nowhere_it_does_not() {
    for packet in recorded_of("forward", FAR_MAC) {
        let truth = match packet.get("dev") {
            "eth0" => Some(Direction::Inbound),
            "eth1" => Some(Direction::Outbound),
            _ => None,
        };
        says_at_most(&packet, truth);
    }
}

#[test]
fn a_frame_that_a_bridge_may_not_take_for_its_own_is_recorded_as_it_came_and_not_as_sent() {
    for packet in recorded_of("input", BRIDGE_MAC) {
        assert!(["eth0", "br0"].contains(&packet.get("dev")), "{packet:?}");
        says_at_most(&packet, Some(Direction::Inbound));
    }
}
