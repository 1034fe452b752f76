//! What a host itself sends and does not get out: before it has a link header, and behind one.

use droprec_testbed::{FrameSocket, Namespace, Pair, send_segmented, send_uncopied};

use crate::{
    at,
    case::{Case, Gso, Link, Shape, Stage},
    frames::{C_TAG, CLOSED, EXPERIMENTAL, IPV4, IPV6, Route4, Route6, S_TAG, frame, unsummed},
    judge::{SNAPLEN, hold},
    receiver::{ROUTE4, ROUTE6, TO_RECEIVER},
    rules,
    sockets::{self, RawIp},
};

/// Hosts that are not there.
const ABSENT: Route4 = Route4(Pair::SENDER.octets(), [192, 0, 2, 77], 64);
const ABSENT6: Route6 = Route6(
    Pair::SENDER6.octets(),
    [0x20, 1, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x77],
    64,
);

pub(crate) struct Output {
    pair: Pair,
    raw: RawIp,
    frames: FrameSocket,
}

impl Stage for Output {
    fn build() -> Self {
        let pair = Pair::with_ipv6();
        let host = &pair.sender;
        for family in ["ipv4", "ipv6"] {
            for (setting, value) in [("mcast_solicit", "1"), ("retrans_time_ms", "100")] {
                host.sysctl(&format!("net/{family}/neigh/eth0/{setting}"), value);
            }
        }
        // With them there would be a number in each packet that only the kernel knows.
        host.sysctl("net/ipv6/auto_flowlabels", "0");
        for family in ["ip", "ip6"] {
            let chain = |hook: &str, port: u16| {
                let rule = format!("type filter hook {hook} priority 0; udp dport {port} drop");
                format!("chain {hook} {{ {rule}; }};")
            };
            let chains = [chain("output", 7750), chain("postrouting", 7751)].concat();
            rules::nft(host, &format!("table {family} out {{ {chains} }}"));
        }
        rules::classifier(host, "eth0", "egress", 7752);
        rules::no_room(host, "eth0");
        Self {
            raw: RawIp::open(host),
            frames: pair.frames(),
            pair,
        }
    }

    fn drops_in(&self) -> &Namespace {
        &self.pair.sender
    }
}

impl Output {
    /// Sends a packet that is to be recorded as it is.
    fn packet(&self, packet: Vec<u8>) -> Vec<Vec<u8>> {
        self.raw.send(&packet);
        vec![packet]
    }

    /// Sends a frame that is to be recorded as it is.
    fn frame(&self, frame: Vec<u8>) -> Vec<Vec<u8>> {
        self.frames.send_dropped(&frame);
        vec![frame]
    }
}

/// What is dropped before it has a link header.
const BARE: Case<Output> = Case {
    protocol: "IPv4, UDP",
    drop: "nft output",
    at: at::FIREWALL,
    link: Link::Synth(IPV4),
    shown: "eth:ethertype:ip:udp:data",
    ..Case::PLAIN
};

const BARE6: Case<Output> = Case {
    protocol: "IPv6, UDP",
    link: Link::Synth(IPV6),
    shown: "eth:ethertype:ipv6:udp:data",
    ..BARE
};

/// What is dropped behind its link header.
const QUEUED: Case<Output> = Case {
    drop: "qdisc full",
    at: at::QUEUE,
    ..Case::PLAIN
};

pub(crate) const CASES: &[Case<Output>] = &[
    Case {
        name: "a firewall",
        send: |host, mark| host.packet(ROUTE4.udp(7750, mark.bytes())),
        ..BARE
    },
    Case {
        name: "a firewall after routing",
        drop: "nft postrouting",
        send: |host, mark| host.packet(ROUTE4.udp(7751, mark.bytes())),
        ..BARE
    },
    Case {
        name: "a host that does not answer",
        drop: "neighbour failed",
        at: &["arp_error_report", "neigh_invalidate", "__neigh_event_send"],
        send: |host, mark| host.packet(ABSENT.udp(CLOSED, mark.bytes())),
        ..BARE
    },
    Case {
        name: "a firewall",
        send: |host, mark| host.packet(ROUTE6.udp(7750, mark.bytes())),
        ..BARE6
    },
    Case {
        name: "a host that does not answer",
        drop: "neighbour failed",
        at: &[
            "ndisc_error_report",
            "neigh_invalidate",
            "__neigh_event_send",
        ],
        send: |host, mark| host.packet(ABSENT6.udp(CLOSED, mark.bytes())),
        ..BARE6
    },
    Case {
        name: "a firewall, MSG_ZEROCOPY",
        shape: Shape::Frags,
        send: |host, mark| {
            let (from, to) = (Pair::SENDER6.into(), Pair::RECEIVER6.into());
            let socket = sockets::udp(&host.pair.sender, from, to, 7750);
            let payload = mark.payload_of(1400);
            send_uncopied(&socket, &payload);
            vec![unsummed(ROUTE6.udp(7750, &payload))]
        },
        ..BARE6
    },
    Case {
        name: "a firewall after routing, UDP_SEGMENT",
        drop: "nft postrouting",
        shape: Shape::Frags,
        gso: Some(Gso {
            of: "UDP",
            size: 1200,
            headers: 62,
        }),
        send: |host, mark| {
            let (from, to) = (Pair::SENDER6.into(), Pair::RECEIVER6.into());
            let socket = sockets::udp(&host.pair.sender, from, to, 7751);
            let payload = mark.payload_of(11_000);
            send_segmented(&socket, &payload, 1200);
            vec![unsummed(ROUTE6.udp(7751, &payload))]
        },
        ..BARE6
    },
    Case {
        name: "a classifier",
        protocol: "IPv4, UDP",
        drop: "tc egress",
        at: at::CLASSIFIER,
        shown: "eth:ethertype:ip:udp:data",
        send: |host, mark| {
            let packet = ROUTE4.udp(7752, mark.bytes());
            host.raw.send(&packet);
            vec![frame(TO_RECEIVER, &[], IPV4, &packet)]
        },
        ..QUEUED
    },
    Case {
        name: "a queue without room",
        protocol: "IPv6, UDP",
        shown: "eth:ethertype:ipv6:udp:data",
        send: |host, mark| {
            let packet = ROUTE6.udp(CLOSED, mark.bytes());
            host.raw.send(&packet);
            vec![frame(TO_RECEIVER, &[], IPV6, &packet)]
        },
        ..QUEUED
    },
    Case {
        name: "a queue without room, from a packet socket",
        send: |host, mark| host.frame(frame(TO_RECEIVER, &[], EXPERIMENTAL, mark.bytes())),
        ..QUEUED
    },
    Case {
        name: "a queue without room, with two tags",
        tags: 2,
        shown: "eth:ethertype:ieee8021ad:ethertype:vlan:ethertype:data",
        send: |host, mark| {
            let tags = [(S_TAG, 0x0064), (C_TAG, 0x602a)];
            host.frame(frame(TO_RECEIVER, &tags, EXPERIMENTAL, mark.bytes()))
        },
        ..QUEUED
    },
];

#[test]
fn packets_that_a_host_does_not_get_out_are_recorded_byte_for_byte() {
    hold(SNAPLEN, CASES);
}
