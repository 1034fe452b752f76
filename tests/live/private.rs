//! What other processes say to each other is counted, and recorded only when asked for.

use std::{
    fs,
    net::{Ipv6Addr, UdpSocket},
    os::unix::net::UnixDatagram,
};

use droprec_testbed::{
    Ended, Packet, Pair, Recorded, Recording, again_if_unseen, must_be_readable, run,
    send_and_ignore_reports, unique,
};
use rustix::{
    fd::OwnedFd,
    net::{
        AddressFamily, SendFlags, SocketFlags, SocketType, bind, getsockname,
        netlink::{self, SocketAddrNetlink},
        sendto, socket_with,
    },
    system::uname,
};

use crate::DROPREC;

/// As many datagrams as an unread `AF_UNIX` socket takes by default (`net.unix.max_dgram_qlen`).
const UNREAD: usize = 10;
const SOCKETS: usize = 20;
const COUNT: usize = UNREAD * SOCKETS;
/// A ring that holds what else is dropped on this machine, while everything is recorded.
const LARGE_RING: [&str; 2] = ["-B", "131072"];

/// Bytes that only this call's messages have.
fn secret(family: &str) -> Vec<u8> {
    format!("private {family} {:?}", unique()).into_bytes()
}

/// How many messages may be missing, as a process was stopped in the midst of a drop's recording, which older kernels do not
/// do: there what a process drops is never lost.
fn bearable(ended: &Ended) -> u64 {
    let release = uname().release().to_string_lossy().into_owned();
    let major = release
        .split_once('.')
        .and_then(|(major, _)| major.parse().ok());
    match major {
        Some(0..7) => 0,
        _ => ended.lost_in_the_midst(),
    }
}

fn contains(bytes: &[u8], secret: &[u8]) -> bool {
    bytes.windows(secret.len()).any(|window| window == secret)
}

/// Drops messages by closing the sockets that should have read them.
fn drop_unix_datagrams(secret: &[u8]) {
    for _ in 0..SOCKETS {
        let (sender, _receiver) = UnixDatagram::pair().expect("a pair of sockets");
        for _ in 0..UNREAD {
            assert_eq!(sender.send(secret).ok(), Some(secret.len()));
        }
    }
}

/// As above; the kernel drops these a little later.
fn drop_netlink_messages(secret: &[u8]) {
    let open = || -> OwnedFd {
        let socket = socket_with(
            AddressFamily::NETLINK,
            SocketType::RAW,
            SocketFlags::CLOEXEC,
            Some(netlink::USERSOCK),
        )
        .expect("a netlink socket");
        bind(&socket, &SocketAddrNetlink::new(0, 0)).expect("a port of its own");
        socket
    };
    let (sender, receiver) = (open(), open());
    let address = getsockname(&receiver).expect("it is bound");
    for _ in 0..COUNT {
        let sent = sendto(&sender, secret, SendFlags::empty(), &address);
        assert_eq!(sent, Ok(secret.len()));
    }
}

/// What droprec records by default and with `--all`, at the same time, of so many drops. The kernel waits for RCU before it
/// drops some of them.
fn recorded_twice(
    cause: impl Fn(),
    count: usize,
    is_one: impl Fn(&Packet) -> bool,
) -> [Recorded; 2] {
    let record = || {
        let by_default = Recording::start(DROPREC, &LARGE_RING);
        let with_all = Recording::start(DROPREC, &[&["--all"], &LARGE_RING[..]].concat());
        cause();
        // What one droprec has in its file, the other one saw or missed at the same moment.
        with_all.wait_for(count, &is_one);
        [by_default.finish(), with_all.finish()]
    };
    let is_complete =
        |[_, with_all]: &[Recorded; 2]| with_all.capture.packets_where(&is_one).len() >= count;
    again_if_unseen(record, is_complete)
}

#[test]
fn messages_between_processes_are_counted_as_suppressed_and_in_the_file_only_with_all() {
    let secrets = [secret("AF_UNIX"), secret("netlink")];
    // At its end: what is recorded of others with `--all` may be memory that nothing was written to since.
    let is_of = |packet: &Packet, secret: &[u8]| packet.data.ends_with(secret);
    let is_private = |packet: &Packet| secrets.iter().any(|secret| is_of(packet, secret));
    let cause = || {
        drop_unix_datagrams(&secrets[0]);
        drop_netlink_messages(&secrets[1]);
    };
    let [by_default, with_all] = recorded_twice(cause, 2 * COUNT, is_private);

    let suppressed = by_default.ended.accounting().suppressed;
    assert!(
        suppressed + bearable(&by_default.ended) >= 2 * COUNT as u64,
        "{}",
        by_default.ended.stderr
    );
    assert_eq!(with_all.ended.accounting().suppressed, 0);
    let file = fs::read(&by_default.file).expect("the file is there");
    let mut missing = 0;
    for secret in &secrets {
        let text = String::from_utf8_lossy(secret);
        assert!(!contains(&file, secret), "{text} is in the file");
        let packets = with_all
            .capture
            .packets_where(|packet| is_of(packet, secret));
        assert!(packets.len() <= COUNT, "{text}: {}", packets.len());
        missing += COUNT - packets.len();
    }
    assert!(
        missing as u64 <= bearable(&with_all.ended),
        "{missing} of {} are missing with --all: {}",
        2 * COUNT,
        with_all.ended.stderr
    );
    for recorded in [by_default, with_all] {
        must_be_readable(&recorded.file);
    }
}

#[test]
fn the_parts_of_a_datagram_that_have_no_headers_yet_are_counted_and_not_recorded() {
    const DATAGRAMS: usize = 10;
    let pair = Pair::with_ipv6();
    let chain = "type filter hook output priority 0; udp dport 7777 drop;";
    let table = format!("table ip6 test {{ chain output {{ {chain} }}; }}");
    let name = pair.sender.name();
    run("ip", &["netns", "exec", name, "nft", &table]);
    let secret = secret("IPv6");
    let recording = Recording::start(DROPREC, &LARGE_RING);
    let socket = pair
        .sender
        .enter(|| UdpSocket::bind((Ipv6Addr::UNSPECIFIED, 0)));
    let socket = socket.expect("a UDP socket");
    // Each becomes one packet that has three more in a list, which are freed with it.
    let payload = secret.repeat(5000 / secret.len());
    for _ in 0..DATAGRAMS {
        let sent = socket.send_to(&payload, (Pair::RECEIVER6, 7777));
        assert!(sent.is_err(), "the firewall let a packet pass");
    }
    let is_of_these = |packet: &Packet| contains(&packet.data, &secret);
    recording.wait_for(DATAGRAMS, is_of_these);
    let recorded = recording.finish();

    let packets = recorded.capture.packets_where(is_of_these);
    assert_eq!(packets.len(), DATAGRAMS, "{packets:#?}");
    for packet in packets {
        assert!(packet.get("what").ends_with(":7777"), "{packet:?}");
        assert_eq!(packet.data[14] >> 4, 6, "no header of IPv6: {packet:?}");
    }
    let suppressed = recorded.ended.accounting().suppressed;
    assert!(suppressed >= 3 * DATAGRAMS as u64, "{suppressed}");
}

#[test]
fn what_tells_a_process_of_its_packets_and_is_never_read_is_counted_and_not_recorded() {
    const DATAGRAMS: usize = 10;
    /// A copy of what was sent, and an ICMP error.
    const REPORTS: usize = 2;
    let pair = Pair::new();
    pair.receiver.sysctl("net/ipv4/icmp_ratemask", "0");
    let secret = secret("reports");
    let netns = pair.sender.inode().to_string();
    let cause = || {
        for _ in 0..DATAGRAMS {
            send_and_ignore_reports(&pair.sender, (Pair::RECEIVER, 9).into(), &secret);
        }
    };
    let is_report =
        |packet: &Packet| packet.get("netns") == netns && contains(&packet.data, &secret);
    let [by_default, with_all] = recorded_twice(cause, REPORTS * DATAGRAMS, is_report);

    let packets = with_all.capture.packets_where(is_report);
    assert_eq!(packets.len(), REPORTS * DATAGRAMS, "{packets:#?}");
    let packets = by_default.capture.packets_where(is_report);
    assert!(packets.is_empty(), "{packets:#?}");
    // The datagrams themselves are dropped at a closed port.
    let datagrams = by_default
        .capture
        .packets_where(|packet| contains(&packet.data, &secret));
    assert_eq!(datagrams.len(), DATAGRAMS, "{datagrams:#?}");
    assert!(by_default.ended.accounting().suppressed >= (REPORTS * DATAGRAMS) as u64);
}
