//! What `--no-noise` leaves out, caused for real, and what is nearly the same.

mod client;
mod left_out;

use std::{io::Read as _, net::TcpListener};

use droprec::{
    explain::function,
    filter::noise::{Member, members},
};
use droprec_testbed::{Capture, Packet, Pair, Recording, classify, feature, frame::Origin};
use etherparse::{
    IcmpEchoHeader, Icmpv4Type, Icmpv6Type, IpFragOffset, Ipv4Header, Ipv4HeaderSlice,
    PacketBuilder,
};

use self::client::{Client, LISTENING};
use crate::{DROPREC, kinds};

/// A ring that holds what else is dropped on this machine.
const LARGE_RING: &str = "131072";
const DATA: &[u8] = b"0123456789";
/// Bytes of payload of a fragment, a multiple of eight, and too many to be copied to the one before.
const FRAGMENT: usize = 1400;

/// What a drop is to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Expected {
    /// Noise, by this reason or this function.
    Noise(&'static str),
    /// No noise, though it is nearly that.
    Told,
    /// No noise if it is there at all: this kernel has no reason for it, and up to 5.17 TCP drops without a trace.
    Perhaps,
}

impl Expected {
    /// Noise by a reason, where the kernel has it.
    fn because(reason: &'static str) -> Self {
        if feature::reason(reason) {
            Self::Noise(reason)
        } else {
            Self::Perhaps
        }
    }
}

/// A frame that was dropped.
struct Cause {
    what: &'static str,
    frame: Vec<u8>,
    expected: Expected,
}

impl Cause {
    fn of((what, frame, expected): (&'static str, Vec<u8>, Expected)) -> Self {
        Self {
            what,
            frame,
            expected,
        }
    }
}

/// What of the list a packet is.
fn member(packet: &Packet) -> Option<&'static Member> {
    let function = function(packet.get("loc"));
    members().iter().find(|member| {
        member
            .reason
            .is_none_or(|reason| packet.get("reason") == reason)
            && (member.functions.is_empty() || member.functions.contains(&function))
    })
}

/// Segments of a connection, from its beginning to its end, and of one that nobody accepts; and the clients, whose own copies
/// are dropped with them.
fn segments(pair: &Pair, origin: Origin) -> (Vec<Cause>, [Client; 2]) {
    let listen = || TcpListener::bind((Pair::RECEIVER, LISTENING));
    let listener = pair.receiver.enter(listen).expect("the port is free");
    let mut client = Client::connect(pair, origin, 40_001);
    let (mut server, _) = listener.accept().expect("it is connected");
    let because = Expected::because;

    client.deliver(0, DATA);
    let again = client.data(0, DATA);
    let keepalive = client.data(9, &[]);
    let early = client.data(20, DATA);
    let twice = client.data(20, DATA);
    client.deliver(10, &[DATA; 3].concat());
    let overtaken = client.at(5);
    let overtaken = client.send(Client::stamped(overtaken, 1), &[]);
    let beyond = client.data(10_000_000, DATA);
    let damaged = client.at(40);
    let damaged = client.send_damaged(damaged, DATA);

    let mut all = [0; 40];
    server.read_exact(&mut all).expect("it has come");
    drop(server);
    client.wait_for_fin();
    let fin = client.fin(40);
    let late = client.fin(40);
    let mut other = Client::connect(pair, origin, 40_002);
    let unread = other.deliver(0, DATA);
    drop(listener);

    let told = if feature::reasons() {
        Expected::Told
    } else {
        Expected::Perhaps
    };
    let causes = [
        ("data that came before", again, because("TCP_OLD_DATA")),
        ("a keepalive", keepalive, because("TCP_OLD_SEQUENCE")),
        ("early data, twice", twice, because("TCP_OFOMERGE")),
        ("early data that others had", early, because("TCP_OFO_DROP")),
        (
            "an overtaken acknowledgement",
            overtaken,
            because("TCP_RFC7323_PAWS_ACK"),
        ),
        ("data beyond the window", beyond, told),
        ("data with a wrong checksum", damaged, told),
        (
            "the other end's FIN",
            fin,
            Expected::Noise("sk_stream_kill_queues"),
        ),
        ("a FIN to what is in TIME_WAIT", late, Expected::Told),
        ("data that nobody accepted", unread, Expected::Told),
    ]
    .map(Cause::of);
    (causes.into(), [client, other])
}

/// Answers to pings that nobody waits for, and a datagram that nobody waits for.
fn unasked(pair: &Pair, origin: Origin) -> Vec<Cause> {
    let echo = IcmpEchoHeader { id: 7, seq: 7 };
    let v4 = origin
        .to_receiver()
        .ipv4(Pair::SENDER.octets(), Pair::RECEIVER.octets(), 64)
        .icmpv4(Icmpv4Type::EchoReply(echo));
    let v6 = origin
        .to_receiver()
        .ipv6(Pair::SENDER6.octets(), Pair::RECEIVER6.octets(), 64)
        .icmpv6(Icmpv6Type::EchoReply(echo));
    let answer = kinds::built(|frame| v4.write(frame, DATA));
    let answer6 = kinds::built(|frame| v6.write(frame, DATA));
    let datagram = kinds::udp(origin).swap_remove(0);
    let noise = if feature::reasons() {
        Expected::Noise("ping_rcv")
    } else {
        Expected::Told
    };
    let causes = [
        ("an answer to no ping", answer, noise),
        ("an answer to no ping, IPv6", answer6, noise),
        ("a datagram to a closed port", datagram, Expected::Told),
    ]
    .map(Cause::of);
    let socket = pair.frames();
    for cause in &causes {
        socket.send(&cause.frame);
    }
    causes.into()
}

/// A datagram to a closed port, in three fragments: it is dropped whole, and the parts behind the first by themselves too.
fn fragments(pair: &Pair, origin: Origin) -> Vec<Cause> {
    let udp = PacketBuilder::ipv4(Pair::SENDER.octets(), Pair::RECEIVER.octets(), 64)
        .udp(40_000, kinds::CLOSED_PORT);
    let packet = kinds::built(|packet| udp.write(packet, &[0x5a; 3 * FRAGMENT - 8]));
    let (header, payload) = packet.split_at(Ipv4Header::MIN_LEN);
    let framed = |number: usize, part: &[u8], more_fragments: bool| {
        let header = Ipv4HeaderSlice::from_slice(header).expect("a header");
        let mut header = header.to_header();
        header.dont_fragment = false;
        header.identification = 0x4711;
        header.total_len = (Ipv4Header::MIN_LEN + part.len()) as u16;
        header.more_fragments = more_fragments;
        let offset = IpFragOffset::try_new((number * FRAGMENT / 8) as u16);
        header.fragment_offset = offset.expect("it is not so far");
        header.header_checksum = header.calc_header_checksum();
        let packet = [&header.to_bytes()[..], part].concat();
        origin.ethernet(Pair::RECEIVER_MAC, 0x0800, &packet)
    };
    let parts = payload.chunks(FRAGMENT).enumerate();
    let parts: Vec<Vec<u8>> = parts
        .map(|(number, part)| framed(number, part, number < 2))
        .collect();
    pair.frames().send_all(&parts);
    let noise = Expected::Noise("skb_release_data");
    let [_, second, third] = <[Vec<u8>; 3]>::try_from(parts).expect("three fragments");
    let whole = framed(0, payload, false);
    [
        ("the second fragment", second, noise),
        ("the third fragment", third, noise),
        ("the datagram of all fragments", whole, Expected::Told),
    ]
    .map(Cause::of)
    .into()
}

/// A packet that a BPF program is tried on.
fn tried(pair: &Pair, origin: Origin) -> Cause {
    let frame = origin.unhandled(1).swap_remove(0);
    pair.receiver.enter(|| classify(&frame));
    Cause::of((
        "a packet that a program is tried on",
        frame,
        Expected::Noise("bpf_prog_test_run_skb"),
    ))
}

/// Causes all of them, once each; and the clients, which are to be kept while their drops are recorded.
fn cause_all(pair: &Pair, origin: Origin) -> (Vec<Cause>, [Client; 2]) {
    let (mut causes, clients) = segments(pair, origin);
    causes.extend(unasked(pair, origin));
    causes.extend(fragments(pair, origin));
    causes.push(tried(pair, origin));
    (causes, clients)
}

/// The packets that this one caused: once, or at most once where it may have caused none.
fn packets<'a>(capture: &'a Capture, cause: &Cause) -> Vec<&'a Packet> {
    let packets = capture.packets_where(|packet| packet.data == cause.frame);
    let is_as_often = match cause.expected {
        Expected::Perhaps => packets.len() <= 1,
        Expected::Noise(_) | Expected::Told => packets.len() == 1,
    };
    let all = &capture.packets;
    assert!(is_as_often, "{}: {packets:#?}\n{all:#?}", cause.what);
    packets
}

#[test]
fn what_is_noise_is_dropped_for_the_reasons_and_at_the_places_of_the_list_and_what_is_nearly_that_is_not()
 {
    let (pair, origin) = (Pair::with_ipv6(), Origin::new());
    // Of all interfaces: a fragment that has been put together with others has none.
    let recording = Recording::start(DROPREC, &["-s", "0", "-B", LARGE_RING]);
    let (causes, _clients) = cause_all(&pair, origin);
    for cause in &causes {
        if cause.expected != Expected::Perhaps {
            recording.wait_for(1, |packet| packet.data == cause.frame);
        }
    }
    let capture = recording.finish().capture;

    for cause in &causes {
        let what = cause.what;
        for packet in packets(&capture, cause) {
            let had = member(packet);
            match cause.expected {
                Expected::Noise(name) => {
                    let is_it = |member: &Member| {
                        member.reason == Some(name) || member.functions.contains(&name)
                    };
                    assert!(had.is_some_and(is_it), "{what}: {packet:?}");
                }
                Expected::Told | Expected::Perhaps => assert_eq!(had, None, "{what}: {packet:?}"),
            }
        }
    }
}
