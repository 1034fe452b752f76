//! A host between two networks, which does not forward what it is given: what it drops before it looked for a way still has
//! the link header that it came with, and what it drops afterwards must not be shown with that.

use droprec_testbed::{Chain, FrameSocket, Namespace, Vnet, VnetSocket};

use crate::{
    at,
    case::{Case, Gso, Link, Shape, Stage},
    frames::{C_TAG, CLOSED, IPV4, Route4, frame, uncut, unsummed},
    judge::{SNAPLEN, hold},
    receiver::TO_RECEIVER,
    rules,
};

/// The link addresses of what the router sends on.
const SENT_ON: [[u8; 6]; 2] = [[2, 0, 0, 0, 1, 2], [2, 0, 0, 0, 1, 1]];
/// A host behind the router that is not there, and one that no route leads to.
const ABSENT: [u8; 4] = [198, 51, 100, 77];
const NOWHERE: [u8; 4] = [203, 0, 113, 77];

pub(crate) struct Router {
    chain: Chain,
    frames: FrameSocket,
    vnet: VnetSocket,
}

impl Stage for Router {
    fn build() -> Self {
        let chain = Chain::new();
        for namespace in [&chain.pair.sender, &chain.pair.receiver] {
            namespace.ip("link set eth0 mtu 9000");
        }
        let router = &chain.pair.receiver;
        router.ip("link set eth1 mtu 5000");
        for (setting, value) in [("mcast_solicit", "1"), ("retrans_time_ms", "100")] {
            router.sysctl(&format!("net/ipv4/neigh/eth1/{setting}"), value);
        }
        router.nft("forward", "udp dport 7740 drop; tcp dport 7740 drop");
        router.nft("postrouting", "udp dport 7741 drop");
        rules::classifier(router, "eth1", "egress", 7742);
        rules::no_room(router, "eth1");
        Self {
            frames: chain.pair.frames(),
            vnet: VnetSocket::open(&chain.pair.sender, "eth0"),
            chain,
        }
    }

    fn drops_in(&self) -> &Namespace {
        &self.chain.pair.receiver
    }
}

/// The way to a host behind the router, with this time to live.
fn to(target: [u8; 4], ttl: u8) -> Route4 {
    Route4(droprec_testbed::Pair::SENDER.octets(), target, ttl)
}

const TARGET: [u8; 4] = Chain::TARGET.octets();

fn received(packet: &[u8]) -> Vec<u8> {
    frame(TO_RECEIVER, &[], IPV4, packet)
}

const FORWARDED: Case<Router> = Case {
    protocol: "IPv4, UDP",
    shown: "eth:ethertype:ip:udp:data",
    ..Case::PLAIN
};

/// What has found its way, and has no link header for it yet.
const ON_ITS_WAY: Case<Router> = Case {
    dev: &["eth1"],
    link: Link::Synth(IPV4),
    ..FORWARDED
};

pub(crate) const CASES: &[Case<Router>] = &[
    Case {
        name: "the last hop that it may make",
        drop: "time to live",
        at: &["ip_forward"],
        send: |router, mark| {
            let frame = received(&to(TARGET, 1).udp(CLOSED, mark.bytes()));
            router.frames.send(&frame);
            vec![frame]
        },
        ..FORWARDED
    },
    Case {
        name: "the last hop, in pages",
        drop: "time to live",
        at: &["ip_forward"],
        shape: Shape::Frags,
        send: |router, mark| {
            let frame = received(&to(TARGET, 1).udp(CLOSED, &mark.payload_of(8000)));
            router.vnet.send(Vnet::in_pages(42), &frame);
            vec![frame]
        },
        ..FORWARDED
    },
    Case {
        name: "no way",
        drop: "no route",
        at: &["ip_error", "ip_rcv_finish_core"],
        send: |router, mark| {
            let frame = received(&to(NOWHERE, 64).udp(CLOSED, mark.bytes()));
            router.frames.send(&frame);
            vec![frame]
        },
        ..FORWARDED
    },
    Case {
        name: "too long for the way, and not to be cut",
        drop: "MTU",
        at: &["ip_forward"],
        shape: Shape::Frags,
        send: |router, mark| {
            let packet = uncut(to(TARGET, 64).udp(CLOSED, &mark.payload_of(6000)));
            let frame = received(&packet);
            router.vnet.send(Vnet::in_pages(42), &frame);
            vec![frame]
        },
        ..FORWARDED
    },
    Case {
        name: "a firewall",
        drop: "nft forward",
        at: at::FIREWALL,
        send: |router, mark| {
            router
                .frames
                .send(&received(&to(TARGET, 64).udp(7740, mark.bytes())));
            vec![received(&to(TARGET, 63).udp(7740, mark.bytes()))]
        },
        ..FORWARDED
    },
    Case {
        name: "a firewall, with a priority tag",
        tags: 1,
        drop: "nft forward",
        at: at::FIREWALL,
        shown: "eth:ethertype:vlan:ethertype:ip:udp:data",
        send: |router, mark| {
            let tags = [(C_TAG, 0xa000)];
            let framed = |ttl| {
                let packet = to(TARGET, ttl).udp(7740, mark.bytes());
                frame(TO_RECEIVER, &tags, IPV4, &packet)
            };
            router.frames.send(&framed(64));
            vec![framed(63)]
        },
        ..FORWARDED
    },
    Case {
        name: "a firewall",
        protocol: "IPv4, TCP",
        drop: "nft forward",
        at: at::FIREWALL,
        shape: Shape::Frags,
        gso: Some(Gso {
            of: "TCP",
            size: 1400,
            headers: 54,
        }),
        shown: "eth:ethertype:ip:tcp:data",
        send: |router, mark| {
            let packet = |ttl| {
                received(&unsummed(
                    to(TARGET, ttl).tcp(7740, &mark.payload_of(12_000)),
                ))
            };
            router
                .vnet
                .send(Vnet::tcp(false, 34, 54, 1400), &packet(64));
            vec![packet(63)]
        },
        ..FORWARDED
    },
    Case {
        name: "a firewall at the way out",
        drop: "nft postrouting",
        at: at::FIREWALL,
        send: |router, mark| {
            router
                .frames
                .send(&received(&to(TARGET, 64).udp(7741, mark.bytes())));
            vec![to(TARGET, 63).udp(7741, mark.bytes())]
        },
        ..ON_ITS_WAY
    },
    Case {
        name: "a firewall at the way out, with a priority tag when it came",
        drop: "nft postrouting",
        at: at::FIREWALL,
        send: |router, mark| {
            let packet = to(TARGET, 64).udp(7741, mark.bytes());
            router
                .frames
                .send(&frame(TO_RECEIVER, &[(C_TAG, 0xa000)], IPV4, &packet));
            vec![to(TARGET, 63).udp(7741, mark.bytes())]
        },
        ..ON_ITS_WAY
    },
    Case {
        name: "a firewall at the way out, in pages",
        drop: "nft postrouting",
        at: at::FIREWALL,
        shape: Shape::Frags,
        send: |router, mark| {
            let packet = |ttl| to(TARGET, ttl).udp(7741, &mark.payload_of(4500));
            router.vnet.send(Vnet::in_pages(42), &received(&packet(64)));
            vec![packet(63)]
        },
        ..ON_ITS_WAY
    },
    Case {
        name: "a classifier",
        drop: "tc egress",
        at: at::CLASSIFIER,
        link: Link::Mac,
        send: |router, mark| {
            router
                .frames
                .send(&received(&to(TARGET, 64).udp(7742, mark.bytes())));
            vec![frame(
                SENT_ON,
                &[],
                IPV4,
                &to(TARGET, 63).udp(7742, mark.bytes()),
            )]
        },
        ..ON_ITS_WAY
    },
    Case {
        name: "a queue without room",
        drop: "qdisc full",
        at: at::QUEUE,
        link: Link::Mac,
        send: |router, mark| {
            router
                .frames
                .send(&received(&to(TARGET, 64).udp(CLOSED, mark.bytes())));
            vec![frame(
                SENT_ON,
                &[],
                IPV4,
                &to(TARGET, 63).udp(CLOSED, mark.bytes()),
            )]
        },
        ..ON_ITS_WAY
    },
    Case {
        name: "a queue without room, in pages",
        drop: "qdisc full",
        at: at::QUEUE,
        link: Link::Mac,
        shape: Shape::Frags,
        send: |router, mark| {
            let packet = |ttl| to(TARGET, ttl).udp(CLOSED, &mark.payload_of(4500));
            router.vnet.send(Vnet::in_pages(42), &received(&packet(64)));
            vec![frame(SENT_ON, &[], IPV4, &packet(63))]
        },
        ..ON_ITS_WAY
    },
    Case {
        name: "a host that does not answer",
        drop: "neighbour failed",
        at: &["arp_error_report", "neigh_invalidate", "__neigh_event_send"],
        send: |router, mark| {
            router
                .frames
                .send(&received(&to(ABSENT, 64).udp(CLOSED, mark.bytes())));
            vec![to(ABSENT, 63).udp(CLOSED, mark.bytes())]
        },
        ..ON_ITS_WAY
    },
];

#[test]
fn packets_that_a_router_does_not_send_on_are_recorded_byte_for_byte() {
    hold(SNAPLEN, CASES);
}
