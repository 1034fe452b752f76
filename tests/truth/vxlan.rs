//! VXLAN (RFC 7348): frames within UDP, dropped behind the tunnel and before it.

use droprec_testbed::{FrameSocket, Namespace, Pair};

use crate::{
    at,
    case::{Case, Stage},
    frames::{C_TAG, CLOSED, EXPERIMENTAL, IPV4, Route4, frame},
    judge::{SNAPLEN, hold},
    receiver::{ROUTE4, TO_RECEIVER},
    rules,
};

const PORT: u16 = 4789;
/// The network that the tunnel's end knows, and one that it does not.
const KNOWN: u8 = 42;
const UNKNOWN: u8 = 43;
/// The addresses of a frame in the tunnel to its end, and of one from there.
const IN: [[u8; 6]; 2] = [[2, 0, 0, 0, 5, 1], [2, 0, 0, 0, 5, 2]];
const OUT: [[u8; 6]; 2] = [[2, 0, 0, 0, 5, 2], [2, 0, 0, 0, 5, 1]];
const INNER: Route4 = Route4([10, 9, 0, 1], [10, 9, 0, 2], 64);

pub(crate) struct Vxlan {
    pair: Pair,
    frames: FrameSocket,
    out: FrameSocket,
}

impl Stage for Vxlan {
    fn build() -> Self {
        let pair = Pair::new();
        let host = &pair.receiver;
        host.ip(
            "link add vx0 address 02:00:00:00:05:01 type vxlan id 42 local 192.0.2.2 dstport 4789",
        );
        host.ip("link set vx0 up");
        host.ip("address add 10.9.0.2/24 dev vx0");
        rules::no_room(host, "vx0");
        Self {
            frames: pair.frames(),
            out: FrameSocket::open(host, "vx0"),
            pair,
        }
    }

    fn drops_in(&self) -> &Namespace {
        &self.pair.receiver
    }
}

impl Vxlan {
    /// Sends a frame in the tunnel; returns the frame around it.
    fn send(&self, network: u8, inner: &[u8]) -> Vec<u8> {
        let header = [0x08, 0, 0, 0, 0, 0, network, 0];
        let payload = [&header[..], inner].concat();
        let outer = frame(TO_RECEIVER, &[], IPV4, &ROUTE4.udp(PORT, &payload));
        self.frames.send(&outer);
        outer
    }

    /// Sends a frame that is to come out of the tunnel as it is.
    fn send_through(&self, inner: Vec<u8>) -> Vec<Vec<u8>> {
        let _ = self.send(KNOWN, &inner);
        vec![inner]
    }
}

const BEHIND: Case<Vxlan> = Case {
    device: "vxlan",
    dev: &["vx0"],
    ..Case::PLAIN
};

pub(crate) const CASES: &[Case<Vxlan>] = &[
    Case {
        name: "an unknown EtherType behind the tunnel",
        send: |host, mark| host.send_through(frame(IN, &[], EXPERIMENTAL, mark.bytes())),
        ..BEHIND
    },
    Case {
        name: "an unknown VLAN behind the tunnel",
        tags: 1,
        drop: "no interface for its VLAN",
        shown: "eth:ethertype:vlan:ethertype:data",
        send: |host, mark| {
            host.send_through(frame(IN, &[(C_TAG, 0x602a)], EXPERIMENTAL, mark.bytes()))
        },
        ..BEHIND
    },
    Case {
        name: "a closed port behind the tunnel",
        protocol: "IPv4, UDP",
        drop: "no socket",
        at: at::UDP4,
        shown: "eth:ethertype:ip:udp:data",
        send: |host, mark| {
            host.send_through(frame(IN, &[], IPV4, &INNER.udp(CLOSED, mark.bytes())))
        },
        ..BEHIND
    },
    Case {
        name: "an unknown network",
        protocol: "IPv4, UDP, VXLAN",
        drop: "no tunnel",
        at: &["vxlan_rcv"],
        shown: "eth:ethertype:ip:udp:vxlan:eth:ethertype:data",
        send: |host, mark| vec![host.send(UNKNOWN, &frame(IN, &[], EXPERIMENTAL, mark.bytes()))],
        ..Case::PLAIN
    },
    Case {
        name: "a queue without room before the tunnel",
        drop: "qdisc full",
        at: at::QUEUE,
        send: |host, mark| {
            let frame = frame(OUT, &[], EXPERIMENTAL, mark.bytes());
            host.out.send_dropped(&frame);
            vec![frame]
        },
        ..BEHIND
    },
];

#[test]
fn frames_of_a_vxlan_tunnel_are_recorded_byte_for_byte() {
    hold(SNAPLEN, CASES);
}
