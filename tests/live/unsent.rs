//! Datagrams that a process has begun and never sent: the kernel drops what waits, whose headers were never written.

use std::{
    fs,
    net::{IpAddr, SocketAddr, UdpSocket},
};

use droprec_testbed::{Packet, Pair, Recording, must_be_readable, send_half_readable, unique};
use rustix::net::{SendFlags, send};

use crate::DROPREC;

pub(crate) const COUNT: usize = 20;
/// A ring that holds what else is dropped on this machine, while everything is recorded.
const LARGE_RING: [&str; 2] = ["-B", "131072"];

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

/// Begins datagrams on a socket of the sender's, and closes it over each.
pub(crate) fn begin_and_close(pair: &Pair, from: IpAddr, to: IpAddr, payload: &[u8]) {
    for _ in 0..COUNT {
        let socket = pair.sender.enter(|| UdpSocket::bind((from, 0)));
        let socket = socket.expect("the sender has its address");
        let connected = socket.connect(SocketAddr::new(to, 9));
        connected.expect("the receiver is a neighbour");
        let sent = send(&socket, payload, SendFlags::MORE);
        assert_eq!(sent, Ok(payload.len()), "the datagram is not begun");
    }
}

/// Demands that none of it is recorded, and that droprec knows of all of it.
fn must_be_suppressed(from: IpAddr, to: IpAddr) {
    let pair = Pair::with_ipv6();
    let secret = format!("never sent {:?}", unique()).into_bytes();
    // At its end: where nothing was written, as in the headers of another's, memory has what it had before.
    let is_secret = |packet: &Packet| packet.data.ends_with(&secret);
    let by_default = Recording::start(DROPREC, &LARGE_RING);
    let with_all = Recording::start(DROPREC, &[&["--all"], &LARGE_RING[..]].concat());
    begin_and_close(&pair, from, to, &secret);
    with_all.wait_for(COUNT, is_secret);
    let (by_default, with_all) = (by_default.finish(), with_all.finish());

    let packets = with_all.capture.packets_where(is_secret);
    assert_eq!(packets.len(), COUNT, "with --all");
    let places: Vec<&str> = packets.iter().map(|packet| packet.get("loc")).collect();
    let made_up = by_default
        .capture
        .packets_where(|packet| places.contains(&packet.get("loc")));
    assert!(made_up.is_empty(), "{made_up:#?}");
    let file = fs::read(&by_default.file).expect("the file is there");
    assert!(!contains(&file, &secret), "the payload is in the file");
    assert!(
        by_default.ended.accounting().suppressed >= COUNT as u64,
        "{}",
        by_default.ended.stderr
    );
    must_be_readable(&by_default.file);
}

#[test]
fn a_datagram_that_was_never_sent_is_counted_as_suppressed_and_no_packet_is_made_of_it() {
    must_be_suppressed(Pair::SENDER.into(), Pair::RECEIVER.into());
}

#[test]
fn a_datagram_over_ipv6_that_was_never_sent_is_counted_as_suppressed_and_no_packet_is_made_of_it() {
    must_be_suppressed(Pair::SENDER6.into(), Pair::RECEIVER6.into());
}

#[test]
fn a_packet_that_the_kernel_could_not_copy_whole_is_counted_as_suppressed_and_not_in_the_file() {
    const LEN: usize = 901;
    let pair = Pair::new();
    let by_default = Recording::start(DROPREC, &LARGE_RING);
    let with_all = Recording::start(DROPREC, &[&["--all"], &LARGE_RING[..]].concat());
    let netns = pair.sender.inode().to_string();
    let is_ours = |packet: &Packet| packet.get("netns") == netns && packet.get("len") == "901";
    for _ in 0..COUNT {
        send_half_readable(&pair.sender, Pair::RECEIVER, LEN);
    }
    with_all.wait_for(COUNT, is_ours);
    let (by_default, with_all) = (by_default.finish(), with_all.finish());
    assert_eq!(with_all.capture.packets_where(is_ours).len(), COUNT);
    assert!(by_default.capture.packets_where(is_ours).is_empty());
    assert!(by_default.ended.accounting().suppressed >= COUNT as u64);
}
