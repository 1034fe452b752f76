//! Packets that are dropped because their interface goes.

use std::net::{Ipv4Addr, SocketAddrV4, UdpSocket};

use droprec_testbed::{Pair, Recording, unique};

use crate::DROPREC;

/// On the sender's network, and nobody's address.
const NOBODY: Ipv4Addr = Ipv4Addr::new(192, 0, 2, 77);

#[test]
fn a_packet_that_waits_for_its_neighbour_when_its_interface_is_deleted_is_recorded_with_its_name() {
    let pair = Pair::new();
    let label = pair.sender.label("eth0");
    let payload = format!("waiting {:?}", unique()).into_bytes();
    let recording = Recording::at(DROPREC, &[&label]);
    let socket = pair
        .sender
        .enter(|| UdpSocket::bind((Pair::SENDER, 0)))
        .expect("the sender has its address");
    let sent = socket.send_to(&payload, SocketAddrV4::new(NOBODY, 9));
    assert_eq!(sent.ok(), Some(payload.len()));
    pair.sender.ip("link delete eth0");
    recording.wait_for(1, |packet| packet.data.ends_with(&payload));
    let capture = recording.finish().capture;

    let packets = capture.packets_where(|packet| packet.data.ends_with(&payload));
    let [packet] = packets[..] else {
        panic!("not one packet of that payload: {:#?}", capture.packets);
    };
    assert_eq!(
        (packet.interface.as_str(), packet.get("dev")),
        (label.as_str(), "eth0"),
        "{packet:?}"
    );
}
