//! Broken frames by the ten thousand, through raw sockets and a tap device whose headers are broken too: the kernel half records
//! each as it was sent, counts each, and takes no harm.

use std::{collections::HashMap, fs, io, net::Ipv4Addr, path::Path};

use droprec_testbed::{
    Capture, Droprec, Ingress, Namespace, Packet, Pair, Tun,
    broken::{Random, mutate},
    frame::Origin,
    variety::{Sample, variety},
};
use rustix::{
    fd::OwnedFd,
    net::{AddressFamily, Protocol, SendFlags, SocketFlags, SocketType, sendto, socket_with},
};

use crate::stage::DROPREC;

const FRAMES: usize = 60_000;
const WITH_HEADERS: usize = 60_000;
const DATAGRAMS: usize = 10_000;

/// An Ethernet header, and the longest frame of an interface with the usual MTU.
const SHORTEST: usize = 14;
const LONGEST: usize = 1514;

/// The length of `struct virtio_net_hdr` (`include/uapi/linux/virtio_net.h`, v6.18).
const VNET: usize = 10;

/// `TAINT_DIE` and `TAINT_WARN` (`include/linux/panic.h`, v6.18): the kernel has faulted, or warned of a fault.
const FAULTS: u64 = 1 << 7 | 1 << 9;

fn faults() -> u64 {
    let text = fs::read_to_string("/proc/sys/kernel/tainted").expect("Linux has it");
    text.trim().parse::<u64>().expect("it is a number") & FAULTS
}

/// A frame that no parser expects.
fn broken(random: &mut Random, samples: &[Sample]) -> Vec<u8> {
    let sample = |random: &mut Random| &samples[random.below(samples.len())].frame;
    let mut frame = sample(random).clone();
    for _ in 0..=random.below(4) {
        let other = sample(random);
        mutate(random, &mut frame, other);
    }
    frame.resize(frame.len().clamp(SHORTEST, LONGEST), 0);
    frame
}

/// A droprec that records all that an interface receives, all of which is dropped.
fn record(namespace: &Namespace, interface: &str, file: &Path) -> Droprec {
    Ingress::Chain.drop_all(namespace, interface);
    let label = namespace.label(interface);
    let file = file.to_str().expect("a path of letters and digits");
    // What waits in a ring of this size is never lost.
    Droprec::start(
        DROPREC,
        &["-i", &label, "-s", "0", "-B", "262144", "-w", file],
    )
}

/// Ends it, and demands that all that the interface has received is accounted for, and recorded but for what comes while a
/// processor is in the midst of recording. The packets, and how many those are.
fn recorded(droprec: Droprec, received: u64, file: &Path) -> (Vec<Packet>, u64) {
    let ended = droprec.stop().succeeded();
    let accounting = ended.accounting();
    accounting.must_balance();
    let lost = ended.lost_in_the_midst();
    assert_eq!(accounting.lost, lost, "{}", ended.stderr);
    assert!(
        accounting.written + lost >= received,
        "received {received}: {}",
        ended.stderr
    );
    let capture = Capture::read(file);
    assert_eq!(capture.packets.len() as u64, accounting.written);
    (capture.packets, lost)
}

/// Demands that each of these frames is among the packets, and no other, each as often as it was sent.
fn must_be_the_same<'a>(sent: impl Iterator<Item = &'a [u8]>, packets: &'a [Packet], lost: u64) {
    let mut counts: HashMap<&[u8], i64> = HashMap::new();
    for frame in sent {
        *counts.entry(frame).or_default() += 1;
    }
    for packet in packets {
        let count = counts.entry(&packet.data).or_default();
        *count -= 1;
        assert!(*count >= 0, "it was not sent: {packet:?}");
    }
    let missing: i64 = counts.values().sum();
    assert_eq!(missing.cast_unsigned(), lost, "frames are missing");
}

#[test]
fn broken_frames_from_a_packet_socket_are_recorded_as_they_were_sent() {
    let before = faults();
    let (pair, origin) = (Pair::new(), Origin::new());
    let directory = tempfile::tempdir().expect("a directory under /tmp");
    let file = directory.path().join("drops.pcapng");
    let droprec = record(&pair.receiver, "eth0", &file);
    let (mut random, samples) = (Random::new(1), variety(origin));
    let frames: Vec<Vec<u8>> = (0..FRAMES).map(|_| broken(&mut random, &samples)).collect();
    pair.frames().send_all(&frames);
    let received = pair.receiver.statistic("eth0", "rx_packets");
    assert!(received >= FRAMES as u64);
    let (packets, lost) = recorded(droprec, received, &file);
    must_be_the_same(frames.iter().map(Vec::as_slice), &packets, lost);
    assert_eq!(faults(), before, "the kernel has faulted");
}

#[test]
fn broken_frames_with_broken_headers_from_a_tap_device_are_recorded_as_they_were_sent() {
    let before = faults();
    let (namespace, origin) = (Namespace::new("tap"), Origin::new());
    let tap = Tun::with_vnet(&namespace, "tap0", true);
    let directory = tempfile::tempdir().expect("a directory under /tmp");
    let file = directory.path().join("drops.pcapng");
    let droprec = record(&namespace, "tap0", &file);
    let (mut random, samples) = (Random::new(2), variety(origin));
    let mut taken = Vec::new();
    for _ in 0..WITH_HEADERS {
        let frame = broken(&mut random, &samples);
        let mut message = header(&mut random, frame.len() as u16);
        message.extend(&frame);
        // The kernel refuses headers that make no sense to it.
        if tap.write(&message).is_ok() {
            taken.push(frame);
        }
    }
    assert!(
        taken.len() > WITH_HEADERS / 10,
        "only {} are taken",
        taken.len()
    );
    assert!(taken.len() < WITH_HEADERS, "no header is refused");
    let received = namespace.statistic("tap0", "rx_packets");
    let (packets, lost) = recorded(droprec, received, &file);
    must_be_the_same(taken.iter().map(Vec::as_slice), &packets, lost);
    assert_eq!(faults(), before, "the kernel has faulted");
}

/// A header of a frame with this length: each field any number, or one that makes sense.
fn header(random: &mut Random, length: u16) -> Vec<u8> {
    let mut bytes = vec![
        random.one_of(&[0, 0, 1, 2, 4, 0xff]),
        random.one_of(&[0, 0, 1, 3, 4, 5, 0x81, 0xff]),
    ];
    for _ in 0..(VNET - bytes.len()) / 2 {
        let any = random.number() as u16;
        let half = random.one_of(&[0, 0, 1, 14, 34, 54, 16, 6, length / 2, length, any]);
        bytes.extend(half.to_ne_bytes());
    }
    bytes
}

#[test]
fn broken_datagrams_from_a_raw_socket_are_all_recorded() {
    let before = faults();
    let (pair, origin) = (Pair::new(), Origin::new());
    let directory = tempfile::tempdir().expect("a directory under /tmp");
    let file = directory.path().join("drops.pcapng");
    let droprec = record(&pair.receiver, "eth0", &file);
    let before_it = pair.receiver.statistic("eth0", "rx_packets");
    let socket = pair.sender.enter(raw_socket);
    let (mut random, samples) = (Random::new(3), variety(origin));
    let mut taken = 0_u64;
    for _ in 0..DATAGRAMS {
        let frame = broken(&mut random, &samples);
        let mut datagram = vec![0x45, 0];
        datagram.extend(&frame[SHORTEST..]);
        // The kernel refuses what is shorter than a header, and sends the rest to whom it was told.
        if sendto(
            &socket,
            &datagram,
            SendFlags::empty(),
            &address(Pair::RECEIVER),
        )
        .is_ok()
        {
            taken += 1;
        }
    }
    assert!(taken > DATAGRAMS as u64 / 2, "only {taken} are taken");
    let received = pair.receiver.statistic("eth0", "rx_packets") - before_it;
    assert!(received >= taken, "{received} of {taken} have come");
    let (packets, lost) = recorded(droprec, received, &file);
    assert_eq!(packets.len() as u64 + lost, received);
    assert_eq!(faults(), before, "the kernel has faulted");
}

fn address(of: Ipv4Addr) -> std::net::SocketAddr {
    (of, 0).into()
}

/// A socket that sends IPv4 packets with a header of its own.
fn raw_socket() -> OwnedFd {
    let open = || -> io::Result<OwnedFd> {
        let protocol = Protocol::from_raw(255.try_into().expect("it is not 0"));
        Ok(socket_with(
            AddressFamily::INET,
            SocketType::RAW,
            SocketFlags::CLOEXEC,
            Some(protocol),
        )?)
    };
    open().expect("root may")
}
