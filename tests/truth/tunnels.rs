//! Tunnels of the kernel: what comes out of them has no link header any more, or one of its own.

use droprec_testbed::{FrameSocket, Namespace, Pair};

use crate::{
    at,
    case::{Case, Link, Stage},
    frames::{C_TAG, CLOSED, EXPERIMENTAL, IPV4, IPV6, Route4, Route6, frame},
    judge::{SNAPLEN, hold},
    needs,
    receiver::{ROUTE4, ROUTE6, TO_RECEIVER},
    rules,
    sockets::RawIp,
};

/// Protocols of IP: IPv4, IPv6, GRE (RFC 2784).
const IN_IP: u8 = 4;
const IN_IP6: u8 = 41;
const GRE: u8 = 47;
/// Destination unreachable (RFC 792; RFC 4443, 3.1).
const ICMP_UNREACHABLE: u8 = 3;
const ICMPV6_UNREACHABLE: u8 = 1;

const IN: [[u8; 6]; 2] = [[2, 0, 0, 0, 6, 1], [2, 0, 0, 0, 6, 2]];
const OUT: [[u8; 6]; 2] = [[2, 0, 0, 0, 6, 2], [2, 0, 0, 0, 6, 1]];

/// Through the tunnel of this number, to the receiver and from there.
const fn inner(number: u8) -> Route4 {
    Route4([10, number, 0, 1], [10, number, 0, 2], 64)
}

const fn outer(number: u8) -> Route4 {
    inner(number).back()
}

const INNER6: Route6 = Route6(
    [0x20, 1, 0x0d, 0xb8, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1],
    [0x20, 1, 0x0d, 0xb8, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2],
    64,
);

pub(crate) struct Tunnels {
    pair: Pair,
    frames: FrameSocket,
    raw: RawIp,
}

impl Stage for Tunnels {
    fn build() -> Self {
        let pair = Pair::with_ipv6();
        let host = &pair.receiver;
        let ends = "local 192.0.2.2 remote 192.0.2.1";
        let ends6 = "local 2001:db8::2 remote 2001:db8::1";
        let add = |is_possible: fn() -> bool, name: &str, kind: &str, address: &str| {
            if is_possible() {
                host.ip(&format!("link add {name} type {kind}"));
                host.ip(&format!("link set {name} up"));
                host.ip(&format!("address add {address} dev {name}"));
            }
        };
        add(needs::gre, "gre1", &format!("gre {ends}"), "10.1.0.2/24");
        add(needs::ipip, "ipip1", &format!("ipip {ends}"), "10.2.0.2/24");
        add(
            needs::ip6tnl,
            "tnl1",
            &format!("ip6tnl mode any {ends6}"),
            "10.3.0.2/24",
        );
        add(needs::wireguard, "wg0", "wireguard", "10.4.0.2/24");
        add(
            needs::gretap,
            "gretap1",
            &format!("gretap {ends}"),
            "10.5.0.2/24",
        );
        add(
            needs::sit,
            "sit1",
            &format!("sit {ends}"),
            "2001:db8:2::2/64",
        );
        if needs::gretap() {
            host.ip("link set gretap1 address 02:00:00:00:06:01");
        }
        Self {
            frames: pair.frames(),
            raw: RawIp::open(host),
            pair,
        }
    }

    fn drops_in(&self) -> &Namespace {
        &self.pair.receiver
    }
}

impl Tunnels {
    /// Sends a packet in another of this protocol, with what is between them.
    fn send4(&self, protocol: u8, between: &[u8], packet: Vec<u8>) -> Vec<Vec<u8>> {
        let outer = ROUTE4.other(protocol, &[between, &packet].concat());
        self.frames.send(&frame(TO_RECEIVER, &[], IPV4, &outer));
        vec![packet]
    }

    fn send6(&self, protocol: u8, packet: Vec<u8>) -> Vec<Vec<u8>> {
        let outer = ROUTE6.other(protocol, &packet);
        self.frames.send(&frame(TO_RECEIVER, &[], IPV6, &outer));
        vec![packet]
    }

    /// Sends a packet out of a tunnel whose queue has no room.
    fn send_out(&self, tunnel: &str, packet: Vec<u8>) -> Vec<Vec<u8>> {
        rules::no_room(&self.pair.receiver, tunnel);
        self.raw.send(&packet);
        vec![packet]
    }
}

/// A GRE header of this protocol (RFC 2784, 2.1).
fn gre(protocol: u16) -> [u8; 4] {
    let [p0, p1] = protocol.to_be_bytes();
    [0, 0, p0, p1]
}

const CLOSED_PORT: Case<Tunnels> = Case {
    name: "a closed port behind the tunnel",
    protocol: "IPv4, UDP",
    drop: "no socket",
    at: at::UDP4,
    link: Link::Synth(IPV4),
    shown: "eth:ethertype:ip:udp:data",
    ..Case::PLAIN
};

const CLOSED_PORT6: Case<Tunnels> = Case {
    protocol: "IPv6, UDP",
    at: at::UDP6,
    link: Link::Synth(IPV6),
    shown: "eth:ethertype:ipv6:udp:data",
    ..CLOSED_PORT
};

const NO_ROOM: Case<Tunnels> = Case {
    name: "a queue without room before the tunnel",
    drop: "qdisc full",
    at: at::QUEUE,
    ..CLOSED_PORT
};

/// What an ICMP error is about, cut out of it.
const ERROR: Case<Tunnels> = Case {
    name: "an error about what left the tunnel",
    drop: "the error is passed on",
    ..CLOSED_PORT
};

pub(crate) const CASES: &[Case<Tunnels>] = &[
    Case {
        device: "gre",
        dev: &["gre1"],
        is_possible: needs::gre,
        send: |host, mark| host.send4(GRE, &gre(IPV4), inner(1).udp(CLOSED, mark.bytes())),
        ..CLOSED_PORT
    },
    Case {
        device: "gre",
        dev: &["gre1"],
        is_possible: needs::gre,
        send: |host, mark| host.send_out("gre1", outer(1).udp(CLOSED, mark.bytes())),
        ..NO_ROOM
    },
    Case {
        name: "a key that no tunnel has",
        protocol: "IPv4, GRE, IPv4, UDP",
        drop: "no tunnel",
        at: &["gre_rcv", "ipgre_rcv"],
        shown: "eth:ethertype:ip:gre:ip:udp:data",
        is_possible: needs::gre,
        send: |host, mark| {
            let packet = inner(1).udp(CLOSED, mark.bytes());
            let header = [0x20, 0, 8, 0, 0, 0, 0, 99];
            let outer = ROUTE4.other(GRE, &[&header[..], &packet].concat());
            let frame = frame(TO_RECEIVER, &[], IPV4, &outer);
            host.frames.send(&frame);
            vec![frame]
        },
        ..Case::PLAIN
    },
    Case {
        device: "ipip",
        dev: &["ipip1"],
        is_possible: needs::ipip,
        send: |host, mark| host.send4(IN_IP, &[], inner(2).udp(CLOSED, mark.bytes())),
        ..CLOSED_PORT
    },
    Case {
        device: "ipip",
        dev: &["ipip1"],
        is_possible: needs::ipip,
        send: |host, mark| host.send_out("ipip1", outer(2).udp(CLOSED, mark.bytes())),
        ..NO_ROOM
    },
    Case {
        device: "sit",
        dev: &["sit1"],
        is_possible: needs::sit,
        send: |host, mark| host.send4(IN_IP6, &[], INNER6.udp(CLOSED, mark.bytes())),
        ..CLOSED_PORT6
    },
    Case {
        device: "ip6tnl",
        dev: &["tnl1"],
        is_possible: needs::ip6tnl,
        send: |host, mark| host.send6(IN_IP, inner(3).udp(CLOSED, mark.bytes())),
        ..CLOSED_PORT
    },
    Case {
        device: "ip6tnl",
        at: &["ip4ip6_err"],
        dev: &["tnl1"],
        is_possible: needs::ip6tnl,
        send: |host, mark| {
            // As if it had been forwarded: the error is told by the way that leads back to its sender.
            let Route4(_, target, ttl) = outer(3);
            let packet = Route4([10, 3, 0, 9], target, ttl).udp(CLOSED, mark.bytes());
            let about = ROUTE6.back().other(IN_IP, &packet);
            let error = ROUTE6.icmp(ICMPV6_UNREACHABLE, &about);
            host.frames.send(&frame(TO_RECEIVER, &[], IPV6, &error));
            vec![packet]
        },
        ..ERROR
    },
    Case {
        device: "sit",
        protocol: "IPv6, UDP",
        at: &["ip6_err_gen_icmpv6_unreach"],
        dev: &["sit1"],
        link: Link::Synth(IPV6),
        shown: "eth:ethertype:ipv6:udp:data",
        is_possible: needs::sit,
        send: |host, mark| {
            let packet = INNER6.back().udp(CLOSED, mark.bytes());
            let about = ROUTE4.back().other(IN_IP6, &packet);
            let error = ROUTE4.icmp(ICMP_UNREACHABLE, &about);
            host.frames.send(&frame(TO_RECEIVER, &[], IPV4, &error));
            vec![packet]
        },
        ..ERROR
    },
    Case {
        device: "wireguard",
        name: "no peer for the destination",
        drop: "no peer",
        at: &["wg_xmit"],
        dev: &["wg0"],
        is_possible: needs::wireguard,
        send: |host, mark| {
            let packet = outer(4).udp(CLOSED, mark.bytes());
            host.raw.send(&packet);
            vec![packet]
        },
        ..CLOSED_PORT
    },
    Case {
        name: "an unknown EtherType behind the tunnel",
        device: "gretap",
        dev: &["gretap1"],
        is_possible: needs::gretap,
        send: |host, mark| {
            host.send4(
                GRE,
                &gre(0x6558),
                frame(IN, &[], EXPERIMENTAL, mark.bytes()),
            )
        },
        ..Case::PLAIN
    },
    Case {
        name: "an unknown VLAN behind the tunnel",
        device: "gretap",
        tags: 1,
        drop: "no interface for its VLAN",
        dev: &["gretap1"],
        shown: "eth:ethertype:vlan:ethertype:data",
        is_possible: needs::gretap,
        send: |host, mark| {
            let inner = frame(IN, &[(C_TAG, 0x602a)], EXPERIMENTAL, mark.bytes());
            host.send4(GRE, &gre(0x6558), inner)
        },
        ..Case::PLAIN
    },
    Case {
        name: "a queue without room before the tunnel",
        device: "gretap",
        drop: "qdisc full",
        at: at::QUEUE,
        dev: &["gretap1"],
        is_possible: needs::gretap,
        send: |host, mark| {
            rules::no_room(&host.pair.receiver, "gretap1");
            let frame = frame(OUT, &[], EXPERIMENTAL, mark.bytes());
            FrameSocket::open(&host.pair.receiver, "gretap1").send_dropped(&frame);
            vec![frame]
        },
        ..Case::PLAIN
    },
];

#[test]
fn packets_of_tunnels_are_recorded_byte_for_byte() {
    hold(SNAPLEN, CASES);
}
