//! VLAN interfaces, which take a tag out of a frame or let it travel beside the frame, as many network cards do.

use std::io::Write as _;

use droprec_testbed::{FrameSocket, Namespace, Pair, Sniffer, send_uncopied};

use crate::{
    at,
    case::{Case, Gso, Mark, Shape, Stage},
    frames::{C_TAG, CLOSED, EXPERIMENTAL, IPV4, Route4, S_TAG, frame},
    judge::{SNAPLEN, hold},
    needs,
    receiver::{FROM, TO_RECEIVER},
    rules, sockets,
};

/// VLANs that the receiver has an interface for, and others. Provider's VLANs are above 100.
const KNOWN: u16 = 43;
const UNKNOWN: u16 = 42;
const PROVIDERS_KNOWN: u16 = 101;
const PROVIDERS_UNKNOWN: u16 = 100;

/// A host and another that sends to it through VLAN interfaces.
pub(crate) struct Vlans {
    pair: Pair,
    sniffer: Sniffer,
}

/// Makes the interface of a VLAN upon another.
fn add(namespace: &Namespace, lower: &str, name: &str, protocol: &str, id: u16) {
    namespace.ip(&format!(
        "link add link {lower} name {name} type vlan protocol {protocol} id {id}"
    ));
    namespace.ip(&format!("link set {name} up"));
}

fn build() -> Pair {
    let pair = Pair::new();
    let Pair { sender, receiver } = &pair;
    for (name, protocol, id) in [
        ("unknown", "802.1Q", UNKNOWN),
        ("known", "802.1Q", KNOWN),
        ("priority", "802.1Q", 0),
        ("s-unknown", "802.1ad", PROVIDERS_UNKNOWN),
        ("s-known", "802.1ad", PROVIDERS_KNOWN),
    ] {
        add(sender, "eth0", name, protocol, id);
    }
    add(sender, "s-unknown", "c-in-s", "802.1Q", UNKNOWN);
    add(receiver, "eth0", "known", "802.1Q", KNOWN);
    add(receiver, "eth0", "s-known", "802.1ad", PROVIDERS_KNOWN);
    for (namespace, [own, other], mac) in [
        (sender, [1, 2], "02:00:00:00:00:02"),
        (receiver, [2, 1], "02:00:00:00:00:01"),
    ] {
        for (device, net) in [("known", 43), ("unknown", 42)] {
            if namespace.name() == receiver.name() && device == "unknown" {
                continue;
            }
            namespace.ip(&format!("address add 10.{net}.0.{own}/24 dev {device}"));
            let neighbour = format!("neighbour replace 10.{net}.0.{other} lladdr {mac}");
            namespace.ip(&format!("{neighbour} nud permanent dev {device}"));
        }
    }
    pair
}

impl Stage for Vlans {
    fn build() -> Self {
        let pair = build();
        Self {
            sniffer: Sniffer::open(&pair.sender, "eth0"),
            pair,
        }
    }

    fn drops_in(&self) -> &Namespace {
        &self.pair.receiver
    }
}

impl Vlans {
    /// Sends a frame through an interface, which adds tags; returns the frame with these.
    fn through(&self, interface: &str, tags: &[(u16, u16)], rest: &[u8]) -> Vec<Vec<u8>> {
        let socket = FrameSocket::open(&self.pair.sender, interface);
        socket.send(&[&TO_RECEIVER.concat()[..], rest].concat());
        let mut whole = frame(TO_RECEIVER, tags, 0, &[]);
        whole.truncate(whole.len() - 2);
        vec![[&whole[..], rest].concat()]
    }

    fn sent(&self, mark: &Mark) -> Vec<Vec<u8>> {
        sockets::sent(&self.sniffer, mark, FROM)
    }
}

/// A frame of an unknown `EtherType`, from the type on.
fn experiment(mark: &Mark) -> Vec<u8> {
    [&EXPERIMENTAL.to_be_bytes()[..], mark.bytes()].concat()
}

/// What comes with its tag beside it to a host that has no interface for it.
const STRIPPED: Case<Vlans> = Case {
    device: "Ethernet (veth), from a VLAN interface",
    tags: 1,
    is_stripped: true,
    drop: "no interface for its VLAN",
    shown: "eth:ethertype:vlan:ethertype:data",
    is_possible: needs::vlan,
    ..Case::PLAIN
};

/// What has come to the interface of its VLAN, which shows it without the tag.
const AT_VLAN: Case<Vlans> = Case {
    device: "VLAN",
    dev: &["known"],
    is_possible: needs::vlan,
    ..Case::PLAIN
};

pub(crate) const CASES: &[Case<Vlans>] = &[
    Case {
        name: "an unknown VLAN",
        send: |hosts, mark| hosts.through("unknown", &[(C_TAG, UNKNOWN)], &experiment(mark)),
        ..STRIPPED
    },
    Case {
        name: "an unknown provider's VLAN",
        shown: "eth:ethertype:ieee8021ad:ethertype:data",
        send: |hosts, mark| {
            hosts.through(
                "s-unknown",
                &[(S_TAG, PROVIDERS_UNKNOWN)],
                &experiment(mark),
            )
        },
        ..STRIPPED
    },
    Case {
        name: "a VLAN in an unknown provider's",
        tags: 2,
        shown: "eth:ethertype:ieee8021ad:ethertype:vlan:ethertype:data",
        send: |hosts, mark| {
            let tags = [(S_TAG, PROVIDERS_UNKNOWN), (C_TAG, UNKNOWN)];
            hosts.through("c-in-s", &tags, &experiment(mark))
        },
        ..STRIPPED
    },
    Case {
        name: "three tags, of which the first is unknown",
        tags: 3,
        shown: "eth:ethertype:ieee8021ad:ethertype:vlan:ethertype:vlan:ethertype:data",
        send: |hosts, mark| {
            let tags = [(S_TAG, PROVIDERS_UNKNOWN), (C_TAG, UNKNOWN)];
            let inner = [&C_TAG.to_be_bytes()[..], &[0x0f, 0xff], &experiment(mark)].concat();
            hosts.through("c-in-s", &tags, &inner)
        },
        ..STRIPPED
    },
    Case {
        name: "a priority tag",
        drop: "no handler",
        send: |hosts, mark| hosts.through("priority", &[(C_TAG, 0)], &experiment(mark)),
        ..STRIPPED
    },
    Case {
        name: "a priority tag beside a frame with a tag of an unknown VLAN",
        tags: 2,
        shown: "eth:ethertype:vlan:ethertype:vlan:ethertype:data",
        send: |hosts, mark| {
            let inner = [&C_TAG.to_be_bytes()[..], &[0x60, 0x2a], &experiment(mark)].concat();
            hosts.through("priority", &[(C_TAG, 0)], &inner)
        },
        ..STRIPPED
    },
    Case {
        name: "a firewall before the VLAN",
        drop: "nft netdev ingress",
        at: at::FIREWALL_AT_DEVICE,
        send: |hosts, mark| {
            let table = "table netdev early { chain in { type filter hook ingress device eth0 \
                         priority 0; ether type 0x88b6 drop; }; }";
            rules::nft(&hosts.pair.receiver, table);
            let rest = [&[0x88, 0xb6], mark.bytes()].concat();
            hosts.through("unknown", &[(C_TAG, UNKNOWN)], &rest)
        },
        ..STRIPPED
    },
    Case {
        name: "MSG_ZEROCOPY into an unknown VLAN",
        protocol: "IPv4, UDP",
        at: &["__netif_receive_skb_core", "ip_rcv_core"],
        shape: Shape::Frags,
        shown: "eth:ethertype:vlan:ethertype:ip:udp:data",
        send: |hosts, mark| {
            let (from, to) = ([10, 42, 0, 1].into(), [10, 42, 0, 2].into());
            let socket = sockets::udp(&hosts.pair.sender, from, to, CLOSED);
            send_uncopied(&socket, &mark.payload_of(1400));
            hosts.sent(mark)
        },
        ..STRIPPED
    },
    Case {
        name: "an unknown EtherType",
        send: |hosts, mark| hosts.through("known", &[], &experiment(mark)),
        ..AT_VLAN
    },
    Case {
        name: "an unknown EtherType, its tag within the frame",
        send: |hosts, mark| {
            let sent = frame(TO_RECEIVER, &[(C_TAG, KNOWN)], EXPERIMENTAL, mark.bytes());
            FrameSocket::open(&hosts.pair.sender, "eth0").send(&sent);
            vec![frame(TO_RECEIVER, &[], EXPERIMENTAL, mark.bytes())]
        },
        ..AT_VLAN
    },
    Case {
        name: "an unknown VLAN in a known provider's",
        device: "VLAN (802.1ad)",
        tags: 1,
        drop: "no interface for its VLAN",
        dev: &["s-known"],
        shown: "eth:ethertype:vlan:ethertype:data",
        send: |hosts, mark| {
            let inner = [&C_TAG.to_be_bytes()[..], &[0x60, 0x2a], &experiment(mark)].concat();
            hosts.through("s-known", &[], &inner)
        },
        ..AT_VLAN
    },
    Case {
        name: "a closed port",
        protocol: "IPv4, UDP",
        drop: "no socket",
        at: at::UDP4,
        shown: "eth:ethertype:ip:udp:data",
        send: |hosts, mark| {
            let route = Route4([10, 43, 0, 1], [10, 43, 0, 2], 64);
            let packet = route.udp(CLOSED, mark.bytes());
            let rest = [&IPV4.to_be_bytes()[..], &packet].concat();
            hosts.through("known", &[], &rest)
        },
        ..AT_VLAN
    },
    Case {
        name: "several segments, to a firewall",
        protocol: "IPv4, TCP",
        drop: "nft input",
        at: at::FIREWALL,
        shape: Shape::Frags,
        gso: Some(Gso {
            of: "TCP",
            size: 1448,
            headers: 66,
        }),
        shown: "eth:ethertype:ip:tcp:data",
        send: |hosts, mark| {
            let Pair { sender, receiver } = &hosts.pair;
            receiver.nft("input", "tcp dport 7780 ip length > 1500 drop");
            let target = [10, 43, 0, 2].into();
            let (mut stream, _other) = sockets::tcp([sender, receiver], target, 7780);
            let written = stream.write_all(&mark.payload_of(20_000));
            written.expect("a socket takes so much");
            // The interface of the VLAN has sent it with a tag.
            let mut frames = sockets::sent_at_once(&hosts.sniffer, mark, FROM);
            for frame in &mut frames {
                frame.drain(12..16);
            }
            frames
        },
        ..AT_VLAN
    },
    Case {
        name: "several segments, a firewall before the VLAN",
        protocol: "IPv4, TCP",
        drop: "nft netdev ingress",
        at: at::FIREWALL_AT_DEVICE,
        shape: Shape::Frags,
        gso: Some(Gso {
            of: "TCP",
            size: 1448,
            headers: 70,
        }),
        shown: "eth:ethertype:vlan:ethertype:ip:tcp:data",
        send: |hosts, mark| {
            let Pair { sender, receiver } = &hosts.pair;
            let target = [10, 43, 0, 2].into();
            let (mut stream, _other) = sockets::tcp([sender, receiver], target, 7781);
            let table = "table netdev long { chain in { type filter hook ingress device eth0 \
                         priority 1; meta length > 1600 drop; }; }";
            rules::nft(receiver, table);
            let written = stream.write_all(&mark.payload_of(20_000));
            written.expect("a socket takes so much");
            sockets::sent_at_once(&hosts.sniffer, mark, FROM)
        },
        ..STRIPPED
    },
];

#[test]
fn frames_of_vlan_interfaces_are_recorded_byte_for_byte() {
    hold(SNAPLEN, CASES);
}
