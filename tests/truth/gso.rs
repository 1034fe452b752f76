//! Packets that stand for several, which the interface is to cut them into.

use std::{io::Write as _, net::TcpStream};

use droprec_testbed::{Namespace, Pair, Vnet, send_file, send_segmented};

use crate::{
    at,
    case::{Case, Gso, Mark, Shape, Stage},
    frames::{C_TAG, CLOSED, IPV4, IPV6, frame, unsummed},
    judge::{SNAPLEN, hold},
    needs,
    receiver::{FROM, ROUTE4, ROUTE6, TO_RECEIVER},
    sockets,
    wide::Wide,
};

/// As [`Wide`], with frames of the usual size.
pub(crate) struct Usual(Wide);

impl Stage for Usual {
    fn build() -> Self {
        let wide = Wide::build();
        for namespace in [&wide.pair.sender, &wide.pair.receiver] {
            namespace.ip("link set eth0 mtu 1500");
        }
        Self(wide)
    }

    fn drops_in(&self) -> &Namespace {
        self.0.drops_in()
    }
}

/// A datagram that nobody waits for.
const USUAL: Case<Usual> = Case {
    protocol: "IPv4, UDP",
    drop: "no socket",
    at: at::UDP4,
    shape: Shape::Frags,
    shown: "eth:ethertype:ip:udp:data",
    ..Case::PLAIN
};

/// What the kernel's own TCP sends: with timestamps, that is.
const CONNECTION: Case<Usual> = Case {
    protocol: "IPv4, TCP",
    drop: "nft input",
    gso: Some(Gso {
        of: "TCP",
        size: 1448,
        headers: 66,
    }),
    at: at::FIREWALL,
    shown: "eth:ethertype:ip:tcp:data",
    ..USUAL
};

const UDP: Gso = Gso {
    of: "UDP",
    size: 1000,
    headers: 42,
};
impl Usual {
    /// Sends over a TCP connection whose large packets the receiver's firewall drops.
    fn tcp(&self, mark: &Mark, port: u16, send: impl FnOnce(&mut TcpStream)) -> Vec<Vec<u8>> {
        let Pair { sender, receiver } = &self.0.pair;
        let target = Pair::RECEIVER.into();
        let (mut stream, _other) = sockets::tcp([sender, receiver], target, port);
        send(&mut stream);
        sockets::sent_at_once(&self.0.sniffer, mark, FROM)
    }
}

pub(crate) const CASES: &[Case<Usual>] = &[
    Case {
        name: "UDP_SEGMENT",
        gso: Some(UDP),
        is_possible: needs::udp_segments,
        send: |usual, mark| {
            usual.0.udp(false, CLOSED, mark, |socket| {
                send_segmented(socket, &mark.payload_of(7700), 1000);
            })
        },
        ..USUAL
    },
    Case {
        name: "UDP_SEGMENT, longer than the snaplen",
        gso: Some(UDP),
        is_possible: needs::udp_segments,
        drop: "nft prerouting",
        at: at::FIREWALL,
        send: |usual, mark| {
            usual
                .0
                .pair
                .receiver
                .nft("prerouting", "udp dport 7720 drop");
            usual.0.udp(false, 7720, mark, |socket| {
                send_segmented(socket, &mark.payload_of(40_500), 1000);
            })
        },
        ..USUAL
    },
    Case {
        name: "UDP_SEGMENT",
        protocol: "IPv6, UDP",
        gso: Some(Gso { headers: 62, ..UDP }),
        is_possible: needs::udp_segments,
        at: at::UDP6,
        shown: "eth:ethertype:ipv6:udp:data",
        send: |usual, mark| {
            usual.0.udp(true, CLOSED, mark, |socket| {
                send_segmented(socket, &mark.payload_of(7700), 1000);
            })
        },
        ..USUAL
    },
    Case {
        name: "written to a connection",
        send: |usual, mark| {
            let rule = "tcp dport 7730-7739 ip length > 1500 drop";
            usual.0.pair.receiver.nft("input", rule);
            usual.tcp(mark, 7730, |stream| {
                let written = stream.write_all(&mark.payload_of(30_000));
                written.expect("a socket takes so much");
            })
        },
        ..CONNECTION
    },
    Case {
        name: "sendfile to a connection",
        send: |usual, mark| {
            usual.tcp(mark, 7731, |stream| {
                send_file(stream, &mark.payload_of(30_000));
            })
        },
        ..CONNECTION
    },
    Case {
        name: "PACKET_VNET_HDR",
        protocol: "IPv4, TCP",
        gso: Some(Gso {
            headers: 54,
            size: 1400,
            of: "TCP",
        }),
        at: &["tcp_v4_rcv"],
        shown: "eth:ethertype:ip:tcp:data",
        send: |usual, mark| {
            let packet = unsummed(ROUTE4.tcp(CLOSED, &mark.payload_of(8500)));
            let how = Vnet::tcp(false, 34, 54, 1400);
            usual.0.frame(how, frame(TO_RECEIVER, &[], IPV4, &packet))
        },
        ..USUAL
    },
    Case {
        name: "PACKET_VNET_HDR",
        protocol: "IPv6, TCP",
        gso: Some(Gso {
            headers: 74,
            size: 1400,
            of: "TCP",
        }),
        at: &["tcp_v6_rcv"],
        shown: "eth:ethertype:ipv6:tcp:data",
        send: |usual, mark| {
            let packet = unsummed(ROUTE6.tcp(CLOSED, &mark.payload_of(8500)));
            let how = Vnet::tcp(true, 54, 74, 1400);
            usual.0.frame(how, frame(TO_RECEIVER, &[], IPV6, &packet))
        },
        ..USUAL
    },
    Case {
        name: "PACKET_VNET_HDR, with a tag",
        tags: 1,
        protocol: "IPv4, TCP",
        drop: "no interface for its VLAN",
        gso: Some(Gso {
            headers: 58,
            size: 1400,
            of: "TCP",
        }),
        at: &["__netif_receive_skb_core", "ip_rcv_core"],
        shown: "eth:ethertype:vlan:ethertype:ip:tcp:data",
        send: |usual, mark| {
            let packet = unsummed(ROUTE4.tcp(CLOSED, &mark.payload_of(8500)));
            let how = Vnet::tcp(false, 38, 58, 1400);
            usual
                .0
                .frame(how, frame(TO_RECEIVER, &[(C_TAG, 0x002a)], IPV4, &packet))
        },
        ..USUAL
    },
];

#[test]
fn packets_of_several_segments_are_recorded_byte_for_byte() {
    hold(SNAPLEN, CASES);
}
