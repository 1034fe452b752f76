//! A bridge, which passes frames on as they are, and its ports.

use droprec_testbed::{Chain, FrameSocket, Namespace, Vnet, VnetSocket};

use crate::{
    at,
    case::{Case, Shape, Stage},
    frames::{C_TAG, EXPERIMENTAL, IPV4, S_TAG, bpdu, frame},
    judge::{SNAPLEN, hold},
    receiver::{FROM, ROUTE4},
    rules::nft,
};

/// The addresses of a frame to a host behind the bridge, and of one to the bridge itself.
const BEYOND: [[u8; 6]; 2] = [[2, 0, 0, 0, 1, 2], FROM];
const TO_BRIDGE: [[u8; 6]; 2] = [[2, 0, 0, 0, 2, 1], FROM];

pub(crate) struct Bridge {
    chain: Chain,
    frames: FrameSocket,
    vnet: VnetSocket,
}

impl Stage for Bridge {
    fn build() -> Self {
        let chain = Chain::new();
        chain.pair.sender.ip("link set eth0 mtu 9000");
        let middle = &chain.pair.receiver;
        middle.ip("link add br0 address 02:00:00:00:02:01 type bridge");
        for port in ["eth0", "eth1"] {
            middle.ip(&format!("link set {port} mtu 9000 master br0"));
        }
        middle.ip("link set br0 up");
        let rule = "chain forward { type filter hook forward priority 0; drop; };";
        nft(middle, &format!("table bridge test {{ {rule} }}"));
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

impl Bridge {
    fn send(&self, frame: Vec<u8>) -> Vec<Vec<u8>> {
        self.frames.send(&frame);
        vec![frame]
    }
}

/// What would be sent on by a port.
const FORWARDED: Case<Bridge> = Case {
    device: "bridge port",
    drop: "nft bridge forward",
    at: at::FIREWALL,
    dev: &["eth1"],
    ..Case::PLAIN
};

pub(crate) const CASES: &[Case<Bridge>] = &[
    Case {
        name: "a firewall",
        send: |bridge, mark| bridge.send(frame(BEYOND, &[], EXPERIMENTAL, mark.bytes())),
        ..FORWARDED
    },
    Case {
        name: "a firewall, with a tag",
        tags: 1,
        shown: "eth:ethertype:vlan:ethertype:data",
        send: |bridge, mark| {
            bridge.send(frame(
                BEYOND,
                &[(C_TAG, 0x602a)],
                EXPERIMENTAL,
                mark.bytes(),
            ))
        },
        ..FORWARDED
    },
    Case {
        name: "a firewall, with two tags",
        tags: 2,
        protocol: "IPv4, UDP",
        shown: "eth:ethertype:ieee8021ad:ethertype:vlan:ethertype:ip:udp:data",
        send: |bridge, mark| {
            let tags = [(S_TAG, 0x0064), (C_TAG, 0x602a)];
            bridge.send(frame(BEYOND, &tags, IPV4, &ROUTE4.udp(7777, mark.bytes())))
        },
        ..FORWARDED
    },
    Case {
        name: "a firewall, in pages",
        protocol: "IPv4, UDP",
        shape: Shape::Frags,
        shown: "eth:ethertype:ip:udp:data",
        send: |bridge, mark| {
            let packet = ROUTE4.udp(7777, &mark.payload_of(8000));
            let frame = frame(BEYOND, &[], IPV4, &packet);
            bridge.vnet.send(Vnet::in_pages(42), &frame);
            vec![frame]
        },
        ..FORWARDED
    },
    Case {
        name: "a spanning-tree BPDU, to send on and for itself",
        protocol: "STP",
        drop: "nft bridge forward; no use for it",
        at: &["nft_do_chain", "nf_hook_slow", "stp_pdu_rcv", "llc_rcv"],
        dev: &["eth1", "br0"],
        shown: "eth:llc:stp",
        send: |bridge, mark| {
            let bpdu = bpdu(mark);
            let to = [[0x01, 0x80, 0xc2, 0, 0, 0], FROM];
            let frame = frame(to, &[], bpdu.len() as u16, &bpdu);
            bridge.frames.send(&frame);
            vec![frame.clone(), frame]
        },
        ..FORWARDED
    },
    Case {
        name: "a group that bridges keep to themselves",
        device: "bridge port",
        send: |bridge, mark| {
            let to = [[0x01, 0x80, 0xc2, 0, 0, 0x03], FROM];
            bridge.send(frame(to, &[], EXPERIMENTAL, mark.bytes()))
        },
        ..Case::PLAIN
    },
    Case {
        name: "an unknown EtherType",
        device: "bridge",
        dev: &["br0"],
        send: |bridge, mark| bridge.send(frame(TO_BRIDGE, &[], EXPERIMENTAL, mark.bytes())),
        ..Case::PLAIN
    },
    Case {
        name: "an unknown VLAN",
        device: "bridge",
        tags: 1,
        drop: "no interface for its VLAN",
        dev: &["br0"],
        shown: "eth:ethertype:vlan:ethertype:data",
        send: |bridge, mark| {
            bridge.send(frame(
                TO_BRIDGE,
                &[(C_TAG, 0x602a)],
                EXPERIMENTAL,
                mark.bytes(),
            ))
        },
        ..Case::PLAIN
    },
];

#[test]
fn frames_that_a_bridge_does_not_pass_on_are_recorded_byte_for_byte() {
    hold(SNAPLEN, CASES);
}
