//! Counters that the kernel raises with its drops.

use std::{
    net::{IpAddr, SocketAddr, UdpSocket},
    time::Duration,
};

use droprec_testbed::{
    FrameSocket, Namespace, Pair, Recording, Tun, Vnet, VnetSocket, frame::Origin, pause, run,
    until,
};

use super::{
    told::Told,
    truth::{backlog_drops, protocol, qdisc_drops},
};
use crate::{
    DROPREC,
    kinds::{self, COUNT},
};

/// What droprec said of these frames, which are all dropped at the receiver.
fn told(pair: &Pair, origin: Origin, frames: &[Vec<u8>]) -> Told {
    let recording = Recording::at(DROPREC, &[&pair.label()]);
    pair.frames().send_all(frames);
    recording.wait_for(frames.len(), |packet| origin.sent(&packet.data));
    Told::of(&recording.finish())
}

#[test]
fn rx_dropped_is_explained_by_frames_of_an_unhandled_protocol_whatever_it_was_before() {
    let (pair, origin) = (Pair::new(), Origin::new());
    let earlier = Origin::new().unhandled(3 * COUNT);
    pair.frames().send_all(&earlier);
    let rx_dropped = || pair.receiver.statistic("eth0", "rx_dropped");
    let before = earlier.len() as u64;
    let are_through = || (rx_dropped() == before).then_some(());
    until(are_through).unwrap_or_else(|| panic!("{} of {before}", rx_dropped()));
    let told = told(&pair, origin, &origin.unhandled(COUNT));
    let rise = rx_dropped() - before;
    assert_eq!(rise, u64::from(COUNT));
    let counter = told.counter(&pair.label(), "rx_dropped", rise);
    counter.is_all_at_a_place_of_its_own("UNHANDLED_PROTO");
    assert_eq!(counter.number("from"), before);
    told.must_say(&format!(
        "{}: all {rise} of rx_dropped are the kernel's; no counter of the ring or the NIC rose",
        pair.label()
    ));
}

/// Frames of one kind, the reason for which they are dropped, and the counters that each raises by one.
struct Kind {
    frames: fn(Origin) -> Vec<Vec<u8>>,
    reason: &'static str,
    raises: &'static [(&'static str, &'static str)],
}

/// A kind of frames in which this byte is wrong.
fn damaged(frames: Vec<Vec<u8>>, at: usize) -> Vec<Vec<u8>> {
    let damage = |mut frame: Vec<u8>| {
        frame[at] ^= 0x5a;
        frame
    };
    frames.into_iter().map(damage).collect()
}

const LINK: usize = 14;
const IPV4: usize = LINK + 20;
const IPV6: usize = LINK + 40;

const KINDS: [Kind; 9] = [
    Kind {
        frames: |origin| damaged(kinds::udp(origin), IPV4 + 6),
        reason: "UDP_CSUM",
        raises: &[("snmp", "UdpInCsumErrors"), ("snmp", "UdpInErrors")],
    },
    Kind {
        frames: |origin| damaged(kinds::udp6(origin), IPV6 + 6),
        reason: "UDP_CSUM",
        raises: &[("snmp6", "Udp6InCsumErrors"), ("snmp6", "Udp6InErrors")],
    },
    Kind {
        frames: |origin| damaged(kinds::syn(origin), IPV4 + 16),
        reason: "TCP_CSUM",
        raises: &[("snmp", "TcpInCsumErrors"), ("snmp", "TcpInErrs")],
    },
    Kind {
        frames: |origin| damaged(kinds::echo(origin), IPV4 + 2),
        reason: "ICMP_CSUM",
        raises: &[("snmp", "IcmpInCsumErrors"), ("snmp", "IcmpInErrors")],
    },
    Kind {
        frames: |origin| damaged(kinds::echo6(origin), IPV6 + 2),
        reason: "ICMP_CSUM",
        raises: &[("snmp6", "Icmp6InCsumErrors"), ("snmp6", "Icmp6InErrors")],
    },
    Kind {
        frames: |origin| damaged(kinds::udp(origin), LINK + 10),
        reason: "IP_CSUM",
        raises: &[("netstat", "IpExtInCsumErrors"), ("snmp", "IpInHdrErrors")],
    },
    Kind {
        frames: kinds::udp,
        reason: "NO_SOCKET",
        raises: &[("snmp", "UdpNoPorts")],
    },
    Kind {
        frames: kinds::udp6,
        reason: "NO_SOCKET",
        raises: &[("snmp6", "Udp6NoPorts")],
    },
    // The last byte of the destination: to another host, which this one does not forward to.
    Kind {
        frames: |origin| damaged(kinds::udp6(origin), IPV6 - 1),
        reason: "IP_INADDRERRORS",
        raises: &[("snmp6", "Ip6InAddrErrors")],
    },
];

#[test]
fn checksum_and_address_errors_and_closed_ports_are_explained_counter_by_counter() {
    for Kind {
        frames,
        reason,
        raises,
    } in KINDS
    {
        let (pair, origin) = (Pair::with_ipv6(), Origin::new());
        let read = || {
            raises
                .iter()
                .map(|(file, name)| protocol(&pair.receiver, file, name))
        };
        let before: Vec<u64> = read().collect();
        let told = told(&pair, origin, &frames(origin));
        for (((_, name), now), before) in raises.iter().zip(read()).zip(before) {
            assert_eq!(now - before, u64::from(COUNT), "{name}");
            told.counter(pair.receiver.name(), name, now - before)
                .is_all_because(reason);
        }
    }
}

#[test]
fn a_full_receive_buffer_explains_as_much_as_it_had_no_room_for() {
    for (receiver, sender, file, names) in [
        (
            IpAddr::from(Pair::RECEIVER),
            IpAddr::from(Pair::SENDER),
            "snmp",
            ["UdpRcvbufErrors", "UdpInErrors"],
        ),
        (
            Pair::RECEIVER6.into(),
            Pair::SENDER6.into(),
            "snmp6",
            ["Udp6RcvbufErrors", "Udp6InErrors"],
        ),
    ] {
        let pair = Pair::with_ipv6();
        let bind = |namespace: &Namespace, address: IpAddr| {
            let socket = namespace.enter(|| UdpSocket::bind((address, 0)));
            socket.unwrap_or_else(|error| panic!("no UDP socket: {error}"))
        };
        let full = bind(&pair.receiver, receiver);
        let target: SocketAddr = full.local_addr().expect("it is bound");
        let socket = bind(&pair.sender, sender);
        let read = |name| protocol(&pair.receiver, file, name);
        let before = names.map(read);
        let recording = Recording::at(DROPREC, &[&pair.label()]);
        // Until the buffer is full, and some more.
        let payload = [0x5a; 1400];
        let dropped = || read(names[0]) - before[0];
        while dropped() < 100 {
            for _ in 0..100 {
                socket.send_to(&payload, target).expect("it is sent");
            }
        }
        // Of the last ones, some may be on their way.
        let stands_still = || {
            let before = dropped();
            pause(Duration::from_millis(50));
            (dropped() == before).then_some(())
        };
        until(stands_still).expect("nothing more is sent");
        let told = Told::of(&recording.finish());
        for (name, before) in names.into_iter().zip(before) {
            let rise = read(name) - before;
            assert_eq!(rise, dropped(), "{name}");
            told.counter(pair.receiver.name(), name, rise)
                .is_all_because("SOCKET_RCVBUFF");
        }
        drop(full);
    }
}

#[test]
fn a_full_backlog_explains_what_the_processors_and_the_interface_dropped() {
    /// More than a backlog takes (`net.core.netdev_max_backlog`), unless somebody has set it.
    const FRAGMENTS: usize = 2500;
    const SIZE: usize = 24;
    let (pair, origin) = (Pair::new(), Origin::new());
    // To nobody's link address, so that none waits for the others.
    let datagram = etherparse::PacketBuilder::ethernet2(origin.mac(), [2, 0, 0, 0, 0, 9])
        .ipv4(Pair::SENDER.octets(), Pair::RECEIVER.octets(), 64)
        .udp(40_000, 9);
    let mut frame = Vec::new();
    datagram
        .write(&mut frame, &vec![0x5a; FRAGMENTS * SIZE - 8])
        .expect("a datagram can be built");
    // No checksum.
    frame[IPV4 + 6..IPV4 + 8].fill(0);
    let rx_dropped = || pair.receiver.statistic("eth0", "rx_dropped");
    let before = (backlog_drops(), rx_dropped());
    let recording = Recording::at(DROPREC, &[&pair.label()]);
    VnetSocket::open(&pair.sender, "eth0").send_dropped(Vnet::fragments(SIZE as u16), &frame);
    recording.wait_for(FRAGMENTS, |packet| origin.sent(&packet.data));
    let recorded = recording.finish();
    let (backlogs, interface) = (backlog_drops() - before.0, rx_dropped() - before.1);
    assert!(interface > 0, "the backlog took them all: {recorded:#?}");

    let told = Told::of(&recorded);
    told.counter(&pair.label(), "rx_dropped", interface)
        .is_all_at_a_place_of_its_own("CPU_BACKLOG");
    // Others may fill theirs at the same time.
    let counters = told.object["counters"].as_array().expect("a list");
    let softnet = counters
        .iter()
        .find(|counter| counter["source"] == "softnet" && counter["name"] == "dropped");
    let softnet = softnet.unwrap_or_else(|| panic!("no softnet_stat: {told:#?}"));
    let number = |key: &str| softnet[key].as_u64().unwrap_or_default();
    assert!(
        (interface..=backlogs).contains(&number("rise")),
        "{softnet:#}"
    );
    assert_eq!(number("explained"), interface, "{softnet:#}");
    assert_eq!(
        number("unexplained"),
        number("rise") - interface,
        "{softnet:#}"
    );
    told.must_say("dropped (softnet_stat, cpu ");
    let verdict = format!(
        "{}: all {interface} of rx_dropped are the kernel's",
        pair.label()
    );
    told.must_say(&verdict);
}

#[test]
fn a_queueing_disciplines_drops_are_explained_by_what_it_dropped() {
    for qdisc in [
        "tbf rate 8kbit burst 1540 limit 3000",
        "tbf rate 8kbit burst 1540 latency 1s",
    ] {
        let (pair, origin) = (Pair::new(), Origin::new());
        let sender = &pair.sender;
        let arguments = ["-n", sender.name(), "qdisc", "add", "dev", "eth0", "root"];
        let words: Vec<&str> = qdisc.split(' ').collect();
        run("tc", &[&arguments[..], &words].concat());
        let label = sender.label("eth0");
        let recording = Recording::at(DROPREC, &[&label]);
        let socket = FrameSocket::open(sender, "eth0");
        for frame in origin.unhandled(COUNT) {
            socket.send_dropped(&frame);
        }
        let rise = qdisc_drops(sender, "eth0");
        assert!(rise > 0, "{qdisc} takes them all");
        recording.wait_for(rise as usize, |packet| origin.sent(&packet.data));
        let told = Told::of(&recording.finish());
        assert_eq!(qdisc_drops(sender, "eth0"), rise);
        let counter = told.counter(&label, "drops", rise);
        assert_eq!(counter.number("unexplained"), 0, "{told:#?}");
        told.must_say("drops (qdisc tbf ");
    }
}

#[test]
fn what_tc_drops_on_the_way_in_is_the_qdiscs_and_not_the_interfaces() {
    let (pair, origin) = (Pair::new(), Origin::new());
    let receiver = &pair.receiver;
    let tc = |arguments: &[&str]| run("tc", &[&["-n", receiver.name()], arguments].concat());
    tc(&["qdisc", "add", "dev", "eth0", "clsact"]);
    // A classifier of one instruction: `return TC_ACT_SHOT`.
    let program = ["bpf", "direct-action", "bytecode", "1,6 0 0 2,"];
    tc(&[&["filter", "add", "dev", "eth0", "ingress"], &program[..]].concat());
    let told = told(&pair, origin, &origin.unhandled(COUNT));
    let rise = qdisc_drops(receiver, "eth0");
    assert_eq!(rise, u64::from(COUNT));
    told.counter(&pair.label(), "drops", rise)
        .is_all_because("TC_INGRESS");
    told.must_not_tell(&pair.label(), "rx_dropped");
}

#[test]
fn a_packet_too_long_for_the_other_end_of_the_cable_perhaps_raised_the_counters_of_both() {
    let (pair, origin) = (Pair::new(), Origin::new());
    pair.sender.ip("link set eth0 mtu 9000");
    let ends = [pair.sender.label("eth0"), pair.label()];
    let count = || {
        [
            pair.sender.statistic("eth0", "tx_dropped"),
            pair.receiver.statistic("eth0", "rx_dropped"),
        ]
    };
    let before = count();
    let recording = Recording::at(DROPREC, &[&ends[0], &ends[1]]);
    let frame = origin.ethernet(Pair::RECEIVER_MAC, 0x88b5, &[0x5a; 4000]);
    for _ in 0..COUNT {
        pair.frames().send_dropped(&frame);
    }
    recording.wait_for(COUNT as usize, |packet| origin.sent(&packet.data));
    let told = Told::of(&recording.finish());
    for (end, (counter, (before, after))) in ends.iter().zip(
        ["tx_dropped", "rx_dropped"]
            .into_iter()
            .zip(before.into_iter().zip(count())),
    ) {
        assert_eq!(after - before, u64::from(COUNT), "{counter}");
        told.counter(end, counter, after - before).is_all_perhaps();
    }
}

#[test]
fn what_is_sent_without_a_carrier_perhaps_raised_tx_dropped() {
    let (pair, origin) = (Pair::new(), Origin::new());
    let label = pair.sender.label("eth0");
    let socket = FrameSocket::open(&pair.sender, "eth0");
    pair.receiver.ip("link set eth0 down");
    let is_off = || {
        let before = pair.sender.statistic("eth0", "tx_packets");
        socket.send_dropped(&origin.unhandled(1)[0]);
        (pair.sender.statistic("eth0", "tx_packets") == before).then_some(())
    };
    until(is_off).expect("it has a carrier still");
    let recording = Recording::at(DROPREC, &[&label]);
    let before = pair.sender.statistic("eth0", "tx_dropped");
    for frame in origin.unhandled(COUNT) {
        socket.send_dropped(&frame);
    }
    let rise = pair.sender.statistic("eth0", "tx_dropped") - before;
    recording.wait_for(COUNT as usize, |packet| origin.sent(&packet.data));
    let told = Told::of(&recording.finish());
    // Not all kernels count it.
    if rise == 0 {
        told.must_not_tell(&label, "tx_dropped");
    } else {
        assert_eq!(rise, u64::from(COUNT));
        told.counter(&label, "tx_dropped", rise).is_all_perhaps();
    }
}

#[test]
fn what_a_tap_has_no_room_for_is_all_of_its_tx_dropped() {
    let (namespace, origin) = (Namespace::new("tap"), Origin::new());
    let _unread = Tun::tap(&namespace, "tap0");
    namespace.ip("link set tap0 txqueuelen 10");
    let label = namespace.label("tap0");
    let tx_dropped = || namespace.statistic("tap0", "tx_dropped");
    let before = tx_dropped();
    let recording = Recording::at(DROPREC, &[&label]);
    let socket = FrameSocket::open(&namespace, "tap0");
    for frame in origin.unhandled(COUNT) {
        socket.send_dropped(&frame);
    }
    let rise = tx_dropped() - before;
    recording.wait_for(rise as usize, |packet| origin.sent(&packet.data));
    let told = Told::of(&recording.finish());
    // Kernels that have the qdisc wait leave nothing for the driver to drop.
    if rise == 0 {
        told.must_not_tell(&label, "tx_dropped");
    } else {
        told.counter(&label, "tx_dropped", rise)
            .is_all_at_a_place_of_its_own("FULL_RING");
    }
}
