//! IPv4 packets to a host that does not take them.

use std::net::UdpSocket;

use droprec_testbed::Pair;
use rustix::net::sockopt;

use crate::{
    at,
    case::Case,
    frames::{C_TAG, CLOSED, IPV4, Route4, frame},
    judge::{SNAPLEN, hold},
    receiver::{FROM, ROUTE4, Receiver, TO_RECEIVER},
    rules,
};

const UDP: Case<Receiver> = Case {
    protocol: "IPv4, UDP",
    shown: "eth:ethertype:ip:udp:data",
    ..Case::PLAIN
};

/// What is dropped on hooks of the firewall.
const FILTERED: Case<Receiver> = Case {
    at: at::FIREWALL,
    ..UDP
};

fn to_receiver(packet: &[u8]) -> Vec<u8> {
    frame(TO_RECEIVER, &[], IPV4, packet)
}

pub(crate) const CASES: &[Case<Receiver>] = &[
    Case {
        name: "another host's",
        drop: "not for this host",
        at: &["ip_rcv_core"],
        send: |receiver, mark| {
            let packet = ROUTE4.udp(CLOSED, mark.bytes());
            receiver.send(frame([[2, 0, 0, 0, 0, 9], FROM], &[], IPV4, &packet))
        },
        ..UDP
    },
    Case {
        name: "a wrong header checksum",
        drop: "checksum",
        at: &["ip_rcv_core"],
        send: |receiver, mark| {
            let mut packet = ROUTE4.udp(CLOSED, mark.bytes());
            packet[10] ^= 0xff;
            receiver.send(to_receiver(&packet))
        },
        ..UDP
    },
    Case {
        name: "a closed port",
        drop: "no socket",
        at: at::UDP4,
        send: |receiver, mark| receiver.send(to_receiver(&ROUTE4.udp(CLOSED, mark.bytes()))),
        ..UDP
    },
    Case {
        name: "a closed port, behind a priority tag",
        tags: 1,
        drop: "no socket",
        at: at::UDP4,
        shown: "eth:ethertype:vlan:ethertype:ip:udp:data",
        send: |receiver, mark| {
            let packet = ROUTE4.udp(CLOSED, mark.bytes());
            receiver.send(frame(TO_RECEIVER, &[(C_TAG, 0x6000)], IPV4, &packet))
        },
        ..UDP
    },
    Case {
        name: "a wrong checksum of its own",
        drop: "checksum",
        at: at::UDP4,
        send: |receiver, mark| {
            let mut packet = ROUTE4.udp(CLOSED, mark.bytes());
            packet[26] ^= 0xff;
            receiver.send(to_receiver(&packet))
        },
        ..UDP
    },
    Case {
        name: "a closed port",
        protocol: "IPv4, TCP",
        drop: "no socket",
        at: &["tcp_v4_rcv"],
        shown: "eth:ethertype:ip:tcp:data",
        send: |receiver, mark| receiver.send(to_receiver(&ROUTE4.tcp(CLOSED, mark.bytes()))),
        ..UDP
    },
    Case {
        name: "an unknown type",
        protocol: "IPv4, ICMP",
        drop: "ICMP does not know it",
        at: &["icmp_rcv", "icmp_discard"],
        shown: "eth:ethertype:ip:icmp",
        send: |receiver, mark| receiver.send(to_receiver(&ROUTE4.icmp(44, mark.bytes()))),
        ..UDP
    },
    Case {
        name: "an unknown protocol",
        protocol: "IPv4, protocol 253",
        drop: "no protocol",
        at: &["ip_protocol_deliver_rcu", "ip_local_deliver_finish"],
        shown: "eth:ethertype:ip:data",
        send: |receiver, mark| receiver.send(to_receiver(&ROUTE4.other(253, mark.bytes()))),
        ..UDP
    },
    Case {
        name: "a source behind another interface",
        drop: "rp_filter",
        at: &["ip_rcv_finish_core"],
        send: |receiver, mark| {
            receiver
                .pair
                .receiver
                .sysctl("net/ipv4/conf/eth0/rp_filter", "1");
            let route = Route4([203, 0, 113, 1], Pair::RECEIVER.octets(), 64);
            receiver.send(to_receiver(&route.udp(CLOSED, mark.bytes())))
        },
        ..UDP
    },
    Case {
        name: "a firewall at the device",
        drop: "nft netdev ingress",
        at: at::FIREWALL_AT_DEVICE,
        send: |receiver, mark| {
            rules::nft(
                &receiver.pair.receiver,
                "table netdev second { chain in { type filter hook ingress device eth0 priority 0; \
                 udp dport 7701 drop; }; }",
            );
            receiver.send(to_receiver(&ROUTE4.udp(7701, mark.bytes())))
        },
        ..UDP
    },
    Case {
        name: "a firewall before routing",
        drop: "nft prerouting",
        send: |receiver, mark| {
            receiver
                .pair
                .receiver
                .nft("prerouting", "udp dport 7702 drop");
            receiver.send(to_receiver(&ROUTE4.udp(7702, mark.bytes())))
        },
        ..FILTERED
    },
    Case {
        name: "a firewall after routing",
        drop: "nft input",
        send: |receiver, mark| {
            receiver.pair.receiver.nft("input", "udp dport 7703 drop");
            receiver.send(to_receiver(&ROUTE4.udp(7703, mark.bytes())))
        },
        ..FILTERED
    },
    Case {
        name: "a classifier",
        drop: "tc ingress",
        at: &["__netif_receive_skb_core", "sch_handle_ingress", "tc_run"],
        send: |receiver, mark| {
            rules::classifier(&receiver.pair.receiver, "eth0", "ingress", 7704);
            receiver.send(to_receiver(&ROUTE4.udp(7704, mark.bytes())))
        },
        ..UDP
    },
    Case {
        name: "a socket that is full",
        drop: "receive buffer",
        at: &[
            "__udp_queue_rcv_skb",
            "udp_queue_rcv_one_skb",
            "udp_queue_rcv_skb",
        ],
        send: |receiver, mark| {
            let socket = receiver
                .pair
                .receiver
                .enter(|| UdpSocket::bind((Pair::RECEIVER, 7705)));
            let socket = socket.expect("the receiver has its address");
            let set = sockopt::set_socket_recv_buffer_size(&socket, 1);
            assert_eq!(set, Ok(()), "the socket keeps its buffer");
            for _ in 0..20 {
                receiver.send(to_receiver(&ROUTE4.udp(7705, b"first come")));
            }
            receiver.leave_open(socket);
            receiver.send(to_receiver(&ROUTE4.udp(7705, mark.bytes())))
        },
        ..UDP
    },
];

#[test]
fn ipv4_packets_that_a_host_refuses_are_recorded_byte_for_byte() {
    hold(SNAPLEN, CASES);
}
