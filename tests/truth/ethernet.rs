//! Frames that no protocol of the kernel takes.

use crate::{
    at,
    case::Case,
    frames::{ARP, C_TAG, EXPERIMENTAL, IPV4, S_TAG, bpdu, frame},
    judge::{SNAPLEN, hold},
    receiver::{FROM, ROUTE4, Receiver, TO_RECEIVER},
    rules,
};

/// Groups that bridges keep to themselves: that of STP, and that of LLDP (IEEE 802.1Q, table 8-1).
const STP: [u8; 6] = [0x01, 0x80, 0xc2, 0, 0, 0];
const LLDP: [u8; 6] = [0x01, 0x80, 0xc2, 0, 0, 0x0e];

/// A frame with a length in place of an `EtherType`. Whether the kernel knows LLC depends on what is loaded.
const WITH_LENGTH: Case<Receiver> = Case {
    drop: "no handler for its LLC",
    at: &[
        "__netif_receive_skb_core",
        "llc_rcv",
        "stp_pdu_rcv",
        "snap_rcv",
    ],
    ..Case::PLAIN
};

pub(crate) const CASES: &[Case<Receiver>] = &[
    Case {
        name: "an unknown EtherType",
        send: |receiver, mark| receiver.send(frame(TO_RECEIVER, &[], EXPERIMENTAL, mark.bytes())),
        ..Case::PLAIN
    },
    Case {
        name: "a long one",
        send: |receiver, mark| {
            receiver.send(frame(
                TO_RECEIVER,
                &[],
                EXPERIMENTAL,
                &mark.payload_of(1500),
            ))
        },
        ..Case::PLAIN
    },
    Case {
        name: "an unknown VLAN",
        tags: 1,
        drop: "no interface for its VLAN",
        shown: "eth:ethertype:vlan:ethertype:data",
        send: |receiver, mark| {
            receiver.send(frame(
                TO_RECEIVER,
                &[(C_TAG, 0x602a)],
                EXPERIMENTAL,
                mark.bytes(),
            ))
        },
        ..Case::PLAIN
    },
    Case {
        name: "a priority tag",
        tags: 1,
        shown: "eth:ethertype:vlan:ethertype:data",
        send: |receiver, mark| {
            receiver.send(frame(
                TO_RECEIVER,
                &[(C_TAG, 0xa000)],
                EXPERIMENTAL,
                mark.bytes(),
            ))
        },
        ..Case::PLAIN
    },
    Case {
        name: "an 802.1ad tag",
        tags: 1,
        drop: "no interface for its VLAN",
        shown: "eth:ethertype:ieee8021ad:ethertype:data",
        send: |receiver, mark| {
            receiver.send(frame(
                TO_RECEIVER,
                &[(S_TAG, 0x0064)],
                EXPERIMENTAL,
                mark.bytes(),
            ))
        },
        ..Case::PLAIN
    },
    Case {
        name: "802.1ad around 802.1Q",
        tags: 2,
        drop: "no interface for its VLAN",
        shown: "eth:ethertype:ieee8021ad:ethertype:vlan:ethertype:data",
        send: |receiver, mark| {
            let tags = [(S_TAG, 0x0064), (C_TAG, 0x602a)];
            receiver.send(frame(TO_RECEIVER, &tags, EXPERIMENTAL, mark.bytes()))
        },
        ..Case::PLAIN
    },
    Case {
        name: "a priority tag around 802.1Q",
        tags: 2,
        drop: "no interface for its VLAN",
        shown: "eth:ethertype:vlan:ethertype:vlan:ethertype:data",
        send: |receiver, mark| {
            let tags = [(C_TAG, 0xe000), (C_TAG, 0x602a)];
            receiver.send(frame(TO_RECEIVER, &tags, EXPERIMENTAL, mark.bytes()))
        },
        ..Case::PLAIN
    },
    Case {
        name: "three tags",
        tags: 3,
        drop: "no interface for its VLAN",
        shown: "eth:ethertype:ieee8021ad:ethertype:vlan:ethertype:vlan:ethertype:data",
        send: |receiver, mark| {
            let tags = [(S_TAG, 0x0064), (C_TAG, 0x602a), (C_TAG, 0x0fff)];
            receiver.send(frame(TO_RECEIVER, &tags, EXPERIMENTAL, mark.bytes()))
        },
        ..Case::PLAIN
    },
    Case {
        name: "a spanning-tree BPDU",
        protocol: "STP",
        shown: "eth:llc:stp",
        send: |receiver, mark| {
            let bpdu = bpdu(mark);
            receiver.send(frame([STP, FROM], &[], bpdu.len() as u16, &bpdu))
        },
        ..WITH_LENGTH
    },
    Case {
        name: "a length that looks like an EtherType",
        protocol: "LLC",
        shown: "eth:llc:data",
        send: |receiver, mark| {
            let mut payload = mark.payload_of(0x0400);
            payload.splice(0..0, [0x44, 0x44, 0x03]);
            payload.truncate(0x0400);
            receiver.send(frame(TO_RECEIVER, &[], 0x0400, &payload))
        },
        ..WITH_LENGTH
    },
    Case {
        name: "SNAP of a local organization",
        protocol: "SNAP",
        shown: "eth:llc:data",
        send: |receiver, mark| {
            let snap = [0xaa, 0xaa, 0x03, 0x02, 0xaa, 0xbb, 0x12, 0x34];
            let payload = [&snap[..], mark.bytes()].concat();
            receiver.send(frame(TO_RECEIVER, &[], payload.len() as u16, &payload))
        },
        ..WITH_LENGTH
    },
    Case {
        name: "SNAP in an unknown VLAN",
        tags: 1,
        protocol: "SNAP",
        drop: "no interface for its VLAN",
        shown: "eth:ethertype:vlan:llc:data",
        send: |receiver, mark| {
            let snap = [0xaa, 0xaa, 0x03, 0x02, 0xaa, 0xbb, 0x12, 0x34];
            let payload = [&snap[..], mark.bytes()].concat();
            let tags = [(C_TAG, 0x002a)];
            receiver.send(frame(TO_RECEIVER, &tags, payload.len() as u16, &payload))
        },
        ..WITH_LENGTH
    },
    Case {
        name: "a neighbour that tells of itself",
        protocol: "LLDP",
        shown: "eth:ethertype:lldp",
        send: |receiver, mark| {
            // Chassis, port, time to live, name, end (IEEE 802.1AB, 8.4).
            let name = [5 << 1, mark.bytes().len() as u8];
            let tlvs = [
                &[1 << 1, 7, 4, 2, 0, 0, 0, 0, 1][..],
                &[2 << 1, 3, 7, b'p', b'1'],
                &[3 << 1, 2, 0, 120],
                &name,
                mark.bytes(),
                &[0, 0],
            ];
            receiver.send(frame([LLDP, FROM], &[], 0x88cc, &tlvs.concat()))
        },
        ..Case::PLAIN
    },
    Case {
        name: "a packet behind labels",
        protocol: "MPLS, IPv4, UDP",
        shown: "eth:ethertype:mpls:ip:udp:data",
        send: |receiver, mark| {
            // Two labels, of which the second is the last (RFC 3032, 2.1).
            let labels = [0, 0x3e, 0x80, 64, 0, 0x3e, 0x91, 64];
            let payload = [&labels[..], &ROUTE4.udp(7777, mark.bytes())].concat();
            receiver.send(frame(TO_RECEIVER, &[], 0x8847, &payload))
        },
        ..Case::PLAIN
    },
    Case {
        name: "a packet of a session",
        protocol: "PPPoE, IPv4, UDP",
        shown: "eth:ethertype:pppoes:ppp:ip:udp:data",
        send: |receiver, mark| {
            // Version and type, code, session, length; then PPP's protocol (RFC 2516, 4).
            let packet = ROUTE4.udp(7777, mark.bytes());
            let [l0, l1] = (packet.len() as u16 + 2).to_be_bytes();
            let payload = [&[0x11, 0, 0, 7, l0, l1, 0, 0x21][..], &packet].concat();
            receiver.send(frame(TO_RECEIVER, &[], 0x8864, &payload))
        },
        ..Case::PLAIN
    },
    Case {
        name: "a request that the firewall drops before all else",
        protocol: "ARP",
        drop: "nft netdev ingress",
        at: at::FIREWALL_AT_DEVICE,
        shown: "eth:ethertype:arp",
        send: |receiver, mark| {
            rules::nft(
                &receiver.pair.receiver,
                "table netdev first { chain in { type filter hook ingress device eth0 priority 0; \
                 ether type arp drop; }; }",
            );
            let request = [
                &[0, 1, 8, 0, 6, 4, 0, 1][..],
                &FROM,
                &[192, 0, 2, 1],
                &[0; 6],
                &[192, 0, 2, 77],
                mark.bytes(),
            ];
            receiver.send(frame([[0xff; 6], FROM], &[], ARP, &request.concat()))
        },
        ..Case::PLAIN
    },
    Case {
        name: "UDP in an unknown VLAN",
        tags: 1,
        protocol: "IPv4, UDP",
        drop: "no interface for its VLAN",
        shown: "eth:ethertype:vlan:ethertype:ip:udp:data",
        // Newer kernels leave it to IP, which finds that it is another's.
        at: &["__netif_receive_skb_core", "ip_rcv_core"],
        send: |receiver, mark| {
            let packet = ROUTE4.udp(7777, mark.bytes());
            receiver.send(frame(TO_RECEIVER, &[(C_TAG, 0x002a)], IPV4, &packet))
        },
        ..Case::PLAIN
    },
];

#[test]
fn frames_that_nothing_handles_are_recorded_byte_for_byte() {
    hold(SNAPLEN, CASES);
}
