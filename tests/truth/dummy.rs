//! A dummy interface, which leads nowhere.

use droprec_testbed::{FrameSocket, Namespace};

use crate::{
    at,
    case::{Case, Stage},
    frames::{CLOSED, EXPERIMENTAL, IPV4, Route4, S_TAG, frame},
    judge::{SNAPLEN, hold},
    needs, rules,
    sockets::RawIp,
};

const MAC: [u8; 6] = [2, 0, 0, 0, 7, 1];
const ROUTE: Route4 = Route4([10, 7, 0, 1], [10, 7, 0, 2], 64);

pub(crate) struct Dummy {
    host: Namespace,
    frames: FrameSocket,
    raw: RawIp,
}

impl Stage for Dummy {
    fn build() -> Self {
        let host = Namespace::new("dummy");
        host.ip("link add dummy0 address 02:00:00:00:07:01 type dummy");
        host.ip("link set dummy0 up");
        host.ip("address add 10.7.0.1/24 dev dummy0");
        rules::no_room(&host, "dummy0");
        Self {
            frames: FrameSocket::open(&host, "dummy0"),
            raw: RawIp::open(&host),
            host,
        }
    }

    fn drops_in(&self) -> &Namespace {
        &self.host
    }
}

const QUEUED: Case<Dummy> = Case {
    name: "a queue without room",
    device: "dummy",
    drop: "qdisc full",
    at: at::QUEUE,
    dev: &["dummy0"],
    is_possible: needs::dummy,
    ..Case::PLAIN
};

pub(crate) const CASES: &[Case<Dummy>] = &[
    Case {
        tags: 1,
        shown: "eth:ethertype:ieee8021ad:ethertype:data",
        send: |host, mark| {
            let frame = frame(
                [[0xff; 6], MAC],
                &[(S_TAG, 100)],
                EXPERIMENTAL,
                mark.bytes(),
            );
            host.frames.send_dropped(&frame);
            vec![frame]
        },
        ..QUEUED
    },
    Case {
        protocol: "IPv4, UDP",
        shown: "eth:ethertype:ip:udp:data",
        send: |host, mark| {
            let packet = ROUTE.udp(CLOSED, mark.bytes());
            host.raw.send(&packet);
            // It asks for no neighbours, and takes its own address for theirs (`arp_constructor`, net/ipv4/arp.c).
            vec![frame([MAC, MAC], &[], IPV4, &packet)]
        },
        ..QUEUED
    },
];

#[test]
fn frames_of_a_dummy_interface_are_recorded_byte_for_byte() {
    hold(SNAPLEN, CASES);
}
