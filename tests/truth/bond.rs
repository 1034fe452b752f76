//! A bond of two interfaces, of which one is active.

use droprec_testbed::{Chain, FrameSocket, Namespace, Pair};

use crate::{
    at,
    case::{Case, Stage},
    frames::{C_TAG, CLOSED, EXPERIMENTAL, IPV4, frame},
    judge::{SNAPLEN, hold},
    needs,
    receiver::{FROM, ROUTE4, TO_RECEIVER},
};

pub(crate) struct Bond {
    chain: Chain,
    active: FrameSocket,
    inactive: FrameSocket,
}

impl Stage for Bond {
    fn build() -> Self {
        let chain = Chain::new();
        let host = &chain.pair.receiver;
        host.ip("link add bond0 type bond mode active-backup miimon 100");
        host.ip("link set bond0 up");
        for port in ["eth0", "eth1"] {
            host.ip(&format!("address flush dev {port}"));
            host.ip(&format!("link set {port} down"));
            host.ip(&format!("link set {port} master bond0"));
            host.ip(&format!("link set {port} up"));
        }
        host.ip("link set bond0 type bond active_slave eth0");
        host.ip(&format!("address add {}/24 dev bond0", Pair::RECEIVER));
        Self {
            active: chain.pair.frames(),
            inactive: FrameSocket::open(&chain.target, "eth0"),
            chain,
        }
    }

    fn drops_in(&self) -> &Namespace {
        &self.chain.pair.receiver
    }
}

impl Bond {
    fn send(&self, frame: Vec<u8>) -> Vec<Vec<u8>> {
        self.active.send(&frame);
        vec![frame]
    }
}

const AT_BOND: Case<Bond> = Case {
    device: "bond",
    dev: &["bond0"],
    is_possible: needs::bond,
    ..Case::PLAIN
};

pub(crate) const CASES: &[Case<Bond>] = &[
    Case {
        name: "an unknown EtherType",
        send: |host, mark| host.send(frame(TO_RECEIVER, &[], EXPERIMENTAL, mark.bytes())),
        ..AT_BOND
    },
    Case {
        name: "an unknown VLAN",
        tags: 1,
        drop: "no interface for its VLAN",
        shown: "eth:ethertype:vlan:ethertype:data",
        send: |host, mark| {
            host.send(frame(
                TO_RECEIVER,
                &[(C_TAG, 0x602a)],
                EXPERIMENTAL,
                mark.bytes(),
            ))
        },
        ..AT_BOND
    },
    Case {
        name: "a closed port",
        protocol: "IPv4, UDP",
        drop: "no socket",
        at: at::UDP4,
        shown: "eth:ethertype:ip:udp:data",
        send: |host, mark| {
            host.send(frame(
                TO_RECEIVER,
                &[],
                IPV4,
                &ROUTE4.udp(CLOSED, mark.bytes()),
            ))
        },
        ..AT_BOND
    },
    Case {
        name: "an interface that is not active",
        device: "bond port",
        protocol: "IPv4, UDP",
        drop: "not active",
        dev: &["eth1"],
        shown: "eth:ethertype:ip:udp:data",
        send: |host, mark| {
            let frame = frame(
                [Pair::RECEIVER_MAC, FROM],
                &[],
                IPV4,
                &ROUTE4.udp(CLOSED, mark.bytes()),
            );
            host.inactive.send(&frame);
            vec![frame]
        },
        ..AT_BOND
    },
];

#[test]
fn frames_of_a_bond_are_recorded_byte_for_byte() {
    hold(SNAPLEN, CASES);
}
