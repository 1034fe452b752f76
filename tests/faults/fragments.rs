//! More packets in fragments, on all processors at once, than the buffers for fragments have room for.

use std::{net::UdpSocket, thread};

use droprec_testbed::{Namespace, Recording};

use crate::stage::DROPREC;

/// Bytes of UDP's payload: too many for one piece of memory, so that the kernel puts them into pages.
const PAYLOAD: usize = 20_000;
/// Bytes of the Ethernet, IP and UDP headers.
const HEADERS: usize = 14 + 20 + 8;
const SENDERS: u32 = 2;
const EACH: u32 = 5000;

#[test]
fn no_packet_gets_the_fragments_of_another_and_those_that_got_none_are_counted() {
    let namespace = Namespace::new("lo");
    namespace.ip("link set lo up");
    let label = namespace.label("lo");
    let recording = Recording::start(DROPREC, &["-i", &label, "-s", "9000", "-B", "65536"]);
    thread::scope(|scope| {
        for sender in 0..SENDERS {
            let namespace = &namespace;
            scope.spawn(move || {
                let socket = namespace.enter(|| UdpSocket::bind("127.0.0.1:0"));
                let socket = socket.expect("a UDP socket");
                for number in 0..EACH {
                    let payload = (sender * EACH + number).to_be_bytes().repeat(PAYLOAD / 4);
                    let sent = socket.send_to(&payload, "127.0.0.1:9");
                    assert_eq!(sent.ok(), Some(PAYLOAD));
                }
            });
        }
    });
    let recorded = recording.finish();

    let packets = recorded
        .capture
        .packets_where(|packet| packet.get("len") == (HEADERS + PAYLOAD).to_string());
    assert_eq!(packets.len(), (SENDERS * EACH) as usize);
    let mut numbers = Vec::new();
    let mut partial = 0;
    for packet in packets {
        let data = packet.data.get(HEADERS..).unwrap_or_default();
        assert_eq!(
            packet.get("caplen"),
            packet.data.len().to_string(),
            "{packet:?}"
        );
        if data.is_empty() {
            partial += 1;
            continue;
        }
        assert_eq!(packet.data.len(), 9000, "half of the fragments are there");
        let (number, rest) = data.split_first_chunk::<4>().expect("a number");
        let repeated = number.repeat(rest.len().div_ceil(4));
        assert_eq!(rest, &repeated[..rest.len()], "of two packets");
        numbers.push(u32::from_be_bytes(*number));
    }
    let whole = numbers.len();
    println!("{whole} packets with their fragments, {partial} without");
    numbers.sort_unstable();
    numbers.dedup();
    assert_eq!(numbers.len(), whole, "two packets with the same fragments");
    assert!(whole > 100, "fragments are hardly ever recorded");
    let said = format!("\n{partial} packets lack bytes that -s asks for");
    let stderr = &recorded.ended.stderr;
    assert_eq!(stderr.contains(&said), partial > 0, "{stderr}");
}
