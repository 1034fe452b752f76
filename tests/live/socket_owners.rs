//! Whose a packet was: the socket, its user, and the process, as far as it is the sender's.

use std::net::{Ipv4Addr, UdpSocket};

use droprec_testbed::{Namespace, Packet, Pair, Recorded, Recording, feature, frame::Origin, run};
use rustix::{
    fd::AsFd as _,
    fs::{Uid, fchown, fstat},
    net::sockopt::set_socket_recv_buffer_size,
};

use crate::{
    DROPREC,
    kinds::{self, COUNT},
};

const USER: u32 = 12_345;
const SENDERS: [&str; 5] = ["uid", "sock", "sock_role", "pid", "comm"];

/// A socket of this process in a namespace, which is another user's as far as the kernel knows; and its inode number.
fn socket(namespace: &Namespace, port: u16) -> (UdpSocket, String) {
    let socket = namespace.enter(|| UdpSocket::bind((Ipv4Addr::UNSPECIFIED, port)));
    let socket = socket.expect("a UDP socket");
    fchown(socket.as_fd(), Some(Uid::from_raw(USER)), None).expect("root may give it away");
    let inode = fstat(&socket).expect("it is there").st_ino;
    (socket, inode.to_string())
}

fn all(recorded: &Recorded, count: usize) -> Vec<&Packet> {
    let packets = recorded
        .capture
        .packets_where(|packet| packet.sentence.contains("UDP"));
    assert_eq!(packets.len(), count, "{packets:#?}");
    packets
}

#[test]
fn what_a_process_sends_and_nft_drops_names_the_process_its_socket_and_its_user() {
    let pair = Pair::new();
    pair.sender.nft(
        "output",
        "udp dport 7777 meta mark set 0x2a meta priority set 1:5 drop",
    );
    let label = pair.sender.label("eth0");
    let recording = Recording::at(DROPREC, &[&label]);
    let (socket, inode) = socket(&pair.sender, 0);
    for _ in 0..COUNT {
        let sent = socket.send_to(b"mine", (Pair::RECEIVER, 7777));
        assert!(sent.is_err(), "the firewall let a packet pass");
    }
    recording.wait_for(COUNT as usize, |_| true);
    let recorded = recording.finish();

    let comm = std::fs::read_to_string("/proc/thread-self/comm").expect("this thread's name");
    let pid = std::process::id().to_string();
    let user = USER.to_string();
    for packet in all(&recorded, COUNT as usize) {
        let told = SENDERS.map(|key| packet.get(key));
        let expected = [&user, &inode, "sender", &pid, comm.trim_end()];
        assert_eq!(told, expected, "{packet:?}");
        let told = ["mark", "prio", "dir"].map(|key| packet.get(key));
        assert_eq!(told, ["0x2a", "65541", "out"], "{packet:?}");
        assert_eq!(
            packet.get("netns_name"),
            pair.sender.name(),
            "the name that ip gave: {packet:?}"
        );
        assert!(!packet.pairs.contains_key("pkt_type"), "{packet:?}");
    }
}

#[test]
fn packets_that_another_program_throws_out_of_a_queue_name_their_socket_and_no_process() {
    let pair = Pair::new();
    // So slow that all but the first wait.
    let queue = "root tbf rate 8bit burst 1600 limit 100000";
    let tc = |arguments: &str| {
        let arguments = format!("-n {} qdisc {arguments}", pair.sender.name());
        run("tc", &arguments.split_whitespace().collect::<Vec<_>>());
    };
    tc(&format!("add dev eth0 {queue}"));
    let (socket, inode) = socket(&pair.sender, 0);
    let recording = Recording::at(DROPREC, &[&pair.sender.label("eth0")]);
    for _ in 0..10 {
        let sent = socket.send_to(&[0; 1000], (Pair::RECEIVER, 7777));
        assert!(sent.is_ok(), "it is not queued: {sent:?}");
    }
    tc("del dev eth0 root");
    recording.wait_for(9, |packet| packet.get("sock") == inode);
    let recorded = recording.finish();

    let packets = recorded
        .capture
        .packets_where(|packet| packet.get("sock") == inode);
    assert!(packets.len() >= 8, "{packets:#?}");
    for packet in packets {
        let told = SENDERS.map(|key| packet.get(key));
        let user = USER.to_string();
        assert_eq!(told, [&user, &inode, "sender", "", ""], "{packet:?}");
        assert_eq!(packet.get("deferred"), "yes", "{packet:?}");
    }
}

#[test]
fn what_a_full_socket_refuses_names_the_socket_that_it_was_for_and_its_user() {
    if !feature::receiving_socket() {
        return;
    }
    let (pair, origin) = (Pair::new(), Origin::new());
    let (socket, inode) = socket(&pair.receiver, 9);
    set_socket_recv_buffer_size(&socket, 0).expect("a small buffer");
    let recording = Recording::at(DROPREC, &[&pair.label()]);
    pair.frames().send_all(&kinds::udp(origin));
    recording.wait_for(100, |packet| packet.get("reason") == "SOCKET_RCVBUFF");
    let recorded = recording.finish();

    let packets = recorded
        .capture
        .packets_where(|packet| packet.get("reason") == "SOCKET_RCVBUFF");
    assert!(packets.len() >= 100, "{packets:#?}");
    for packet in packets {
        let told = SENDERS.map(|key| packet.get(key));
        let user = USER.to_string();
        assert_eq!(told, [&user, &inode, "receiver", "", ""], "{packet:?}");
        let told = ["pkt_type", "dir"].map(|key| packet.get(key));
        assert_eq!(told, ["host", "in"], "{packet:?}");
    }
}
