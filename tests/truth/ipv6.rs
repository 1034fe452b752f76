//! IPv6 packets to a host that does not take them.

use crate::{
    at,
    case::Case,
    frames::{C_TAG, CLOSED, IPV6, S_TAG, frame},
    judge::{SNAPLEN, hold},
    receiver::{FROM, ROUTE6, Receiver, TO_RECEIVER},
};

const UDP: Case<Receiver> = Case {
    protocol: "IPv6, UDP",
    shown: "eth:ethertype:ipv6:udp:data",
    ..Case::PLAIN
};

fn to_receiver(packet: &[u8]) -> Vec<u8> {
    frame(TO_RECEIVER, &[], IPV6, packet)
}

pub(crate) const CASES: &[Case<Receiver>] = &[
    Case {
        name: "another host's",
        drop: "not for this host",
        at: &["ip6_rcv_core"],
        send: |receiver, mark| {
            let packet = ROUTE6.udp(CLOSED, mark.bytes());
            receiver.send(frame([[2, 0, 0, 0, 0, 9], FROM], &[], IPV6, &packet))
        },
        ..UDP
    },
    Case {
        name: "a closed port",
        drop: "no socket",
        at: at::UDP6,
        send: |receiver, mark| receiver.send(to_receiver(&ROUTE6.udp(CLOSED, mark.bytes()))),
        ..UDP
    },
    Case {
        name: "a closed port, behind options",
        protocol: "IPv6, destination options, UDP",
        drop: "no socket",
        at: at::UDP6,
        shown: "eth:ethertype:ipv6:ipv6.dstopts:udp:data",
        send: |receiver, mark| {
            receiver.send(to_receiver(
                &ROUTE6.udp_behind_options(CLOSED, mark.bytes()),
            ))
        },
        ..UDP
    },
    Case {
        name: "an option that must be known",
        protocol: "IPv6, hop-by-hop options",
        drop: "unknown option",
        at: &["ip6_parse_tlv", "ip6_tlvopt_unknown", "ipv6_parse_hopopts"],
        shown: "eth:ethertype:ipv6:ipv6.hopopts:data",
        send: |receiver, mark| {
            // Next header 253; one unknown option, with which the packet is to be discarded (RFC 8200, 4.2).
            let options = [253, 0, 0x5e, 4, 0, 0, 0, 0];
            let packet = ROUTE6.other(0, &[&options[..], mark.bytes()].concat());
            receiver.send(to_receiver(&packet))
        },
        ..UDP
    },
    Case {
        name: "a closed port",
        protocol: "IPv6, TCP",
        drop: "no socket",
        at: &["tcp_v6_rcv"],
        shown: "eth:ethertype:ipv6:tcp:data",
        send: |receiver, mark| receiver.send(to_receiver(&ROUTE6.tcp(CLOSED, mark.bytes()))),
        ..UDP
    },
    Case {
        name: "a wrong checksum",
        protocol: "IPv6, ICMPv6",
        drop: "checksum",
        at: &["icmpv6_rcv"],
        shown: "eth:ethertype:ipv6:icmpv6:data",
        send: |receiver, mark| {
            let mut packet = ROUTE6.icmp(128, mark.bytes());
            packet[42] ^= 0xff;
            receiver.send(to_receiver(&packet))
        },
        ..UDP
    },
    Case {
        name: "an unknown protocol",
        protocol: "IPv6, next header 253",
        drop: "no protocol",
        at: &["ip6_protocol_deliver_rcu", "ip6_input_finish", "ip6_input"],
        shown: "eth:ethertype:ipv6:data",
        send: |receiver, mark| receiver.send(to_receiver(&ROUTE6.other(253, mark.bytes()))),
        ..UDP
    },
    Case {
        name: "an unknown VLAN in another",
        tags: 2,
        drop: "no interface for its VLAN",
        at: &["__netif_receive_skb_core", "ip6_rcv_core"],
        shown: "eth:ethertype:ieee8021ad:ethertype:vlan:ethertype:ipv6:udp:data",
        send: |receiver, mark| {
            let packet = ROUTE6.udp(CLOSED, mark.bytes());
            let tags = [(S_TAG, 0x0064), (C_TAG, 0x002a)];
            receiver.send(frame(TO_RECEIVER, &tags, IPV6, &packet))
        },
        ..UDP
    },
];

#[test]
fn ipv6_packets_that_a_host_refuses_are_recorded_byte_for_byte() {
    hold(SNAPLEN, CASES);
}
