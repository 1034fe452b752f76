//! What a host sends to itself and does not take.

use droprec_testbed::{FrameSocket, Namespace, Sniffer, send_file, send_uncopied};

use crate::{
    at,
    case::{Case, Mark, Shape, Stage},
    frames::{C_TAG, CLOSED, EXPERIMENTAL, IPV4, Route4, frame},
    judge::{SNAPLEN, hold},
    sockets::{self, RawIp},
};

const HERE: [u8; 4] = [127, 0, 0, 1];
const ROUTE: Route4 = Route4(HERE, HERE, 64);
/// The addresses of its frames.
const TO_ITSELF: [[u8; 6]; 2] = [[0; 6]; 2];

pub(crate) struct Loopback {
    host: Namespace,
    raw: RawIp,
    frames: FrameSocket,
}

impl Stage for Loopback {
    fn build() -> Self {
        let host = Namespace::new("itself");
        host.ip("link set lo up");
        Self {
            raw: RawIp::open(&host),
            frames: FrameSocket::open(&host, "lo"),
            host,
        }
    }

    fn drops_in(&self) -> &Namespace {
        &self.host
    }
}

impl Loopback {
    /// Sends by a UDP socket, and says what the interface was given.
    fn udp(&self, mark: &Mark, send: impl FnOnce(&std::net::UdpSocket)) -> Vec<Vec<u8>> {
        // No sooner: what a sniffer takes is not dropped for want of a handler.
        let sniffer = Sniffer::open(&self.host, "lo");
        send(&sockets::udp(&self.host, HERE.into(), HERE.into(), CLOSED));
        let mut frames = sockets::sent(&sniffer, mark, TO_ITSELF[1]);
        // As sent, and as received.
        frames.dedup();
        frames
    }
}

const DATAGRAM: Case<Loopback> = Case {
    device: "lo",
    protocol: "IPv4, UDP",
    drop: "no socket",
    at: at::UDP4,
    dev: &["lo"],
    shown: "eth:ethertype:ip:udp:data",
    ..Case::PLAIN
};

pub(crate) const CASES: &[Case<Loopback>] = &[
    Case {
        name: "an unknown EtherType",
        device: "lo",
        dev: &["lo"],
        send: |host, mark| {
            let frame = frame(TO_ITSELF, &[], EXPERIMENTAL, mark.bytes());
            host.frames.send(&frame);
            vec![frame]
        },
        ..Case::PLAIN
    },
    Case {
        name: "an unknown VLAN",
        device: "lo",
        tags: 1,
        drop: "no interface for its VLAN",
        dev: &["lo"],
        shown: "eth:ethertype:vlan:ethertype:data",
        send: |host, mark| {
            let frame = frame(TO_ITSELF, &[(C_TAG, 0x002a)], EXPERIMENTAL, mark.bytes());
            host.frames.send(&frame);
            vec![frame]
        },
        ..Case::PLAIN
    },
    Case {
        name: "a closed port",
        send: |host, mark| {
            let packet = ROUTE.udp(CLOSED, mark.bytes());
            host.raw.send(&packet);
            vec![frame(TO_ITSELF, &[], IPV4, &packet)]
        },
        ..DATAGRAM
    },
    Case {
        name: "MSG_ZEROCOPY",
        shape: Shape::Frags,
        send: |host, mark| host.udp(mark, |socket| send_uncopied(socket, &mark.payload_of(7688))),
        ..DATAGRAM
    },
    Case {
        name: "sendfile, longer than the snaplen",
        shape: Shape::Frags,
        send: |host, mark| host.udp(mark, |socket| send_file(socket, &mark.payload_of(30_000))),
        ..DATAGRAM
    },
    Case {
        name: "a closed port",
        protocol: "IPv4, TCP",
        at: &["tcp_v4_rcv"],
        shown: "eth:ethertype:ip:tcp:data",
        send: |host, mark| {
            let packet = ROUTE.tcp(CLOSED, mark.bytes());
            host.raw.send(&packet);
            vec![frame(TO_ITSELF, &[], IPV4, &packet)]
        },
        ..DATAGRAM
    },
];

#[test]
fn packets_that_a_host_sends_to_itself_are_recorded_byte_for_byte() {
    hold(SNAPLEN, CASES);
}
