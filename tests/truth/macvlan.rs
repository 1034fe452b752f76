//! A macvlan interface: one of several with addresses of their own upon another.

use droprec_testbed::{FrameSocket, Namespace, Pair};

use crate::{
    at,
    case::{Case, Stage},
    frames::{C_TAG, CLOSED, EXPERIMENTAL, IPV4, Route4, frame},
    judge::{SNAPLEN, hold},
    needs,
    receiver::FROM,
};

const TO_MACVLAN: [[u8; 6]; 2] = [[2, 0, 0, 0, 4, 1], FROM];
const ROUTE: Route4 = Route4(Pair::SENDER.octets(), [192, 0, 2, 3], 64);

pub(crate) struct Macvlan {
    pair: Pair,
    frames: FrameSocket,
}

impl Stage for Macvlan {
    fn build() -> Self {
        let pair = Pair::new();
        let host = &pair.receiver;
        host.ip("link add link eth0 name mv0 address 02:00:00:00:04:01 type macvlan mode bridge");
        host.ip("link set mv0 up");
        host.ip("address add 192.0.2.3/24 dev mv0");
        Self {
            frames: pair.frames(),
            pair,
        }
    }

    fn drops_in(&self) -> &Namespace {
        &self.pair.receiver
    }
}

impl Macvlan {
    fn send(&self, frame: Vec<u8>) -> Vec<Vec<u8>> {
        self.frames.send(&frame);
        vec![frame]
    }
}

const AT_MACVLAN: Case<Macvlan> = Case {
    device: "macvlan",
    dev: &["mv0"],
    ..Case::PLAIN
};

pub(crate) const CASES: &[Case<Macvlan>] = &[
    Case {
        name: "an unknown EtherType",
        send: |host, mark| host.send(frame(TO_MACVLAN, &[], EXPERIMENTAL, mark.bytes())),
        ..AT_MACVLAN
    },
    Case {
        name: "an unknown VLAN",
        is_possible: needs::vlan_function,
        tags: 1,
        drop: "no interface for its VLAN",
        shown: "eth:ethertype:vlan:ethertype:data",
        send: |host, mark| {
            host.send(frame(
                TO_MACVLAN,
                &[(C_TAG, 0x602a)],
                EXPERIMENTAL,
                mark.bytes(),
            ))
        },
        ..AT_MACVLAN
    },
    Case {
        name: "a closed port",
        protocol: "IPv4, UDP",
        drop: "no socket",
        at: at::UDP4,
        shown: "eth:ethertype:ip:udp:data",
        send: |host, mark| {
            host.send(frame(
                TO_MACVLAN,
                &[],
                IPV4,
                &ROUTE.udp(CLOSED, mark.bytes()),
            ))
        },
        ..AT_MACVLAN
    },
];

#[test]
fn frames_to_a_macvlan_interface_are_recorded_byte_for_byte() {
    hold(SNAPLEN, CASES);
}
