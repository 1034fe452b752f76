//! Drops for what the link layer's header says: a protocol without a handler, another host, an unknown VLAN.

use super::super::frame::{self, MacAddress};
use super::super::lab::STRANGER;
use super::{Kind, Outcome, datagram};

/// A payload that a length field gives as 0x0400.
const LENGTH: usize = 0x0400;

/// An LLC header (IEEE 802.2) of unnumbered information for a service access point that has no assignment.
const LLC_UNASSIGNED: [u8; 3] = [0x44, 0x44, 0x03];

/// Where bridges send their BPDUs (IEEE 802.1D table 7-10).
const BRIDGE_GROUP: MacAddress = [0x01, 0x80, 0xc2, 0, 0, 0];

/// An LLC header for the spanning tree's service access point, and a configuration BPDU (IEEE 802.1D section 9.3.1)
/// of a root bridge with the sender's address, padded to the smallest Ethernet frame.
const CONFIGURATION_BPDU: [u8; 46] = [
    0x42, 0x42, 0x03, // LLC
    0x00, 0x00, 0x00, 0x00, // spanning tree, version 0, configuration
    0x00, // flags
    0x80, 0x00, 0x02, 0x00, 0x00, 0x00, 0x00, 0x01, // root
    0x00, 0x00, 0x00, 0x00, // cost of the path to it
    0x80, 0x00, 0x02, 0x00, 0x00, 0x00, 0x00, 0x01, // bridge
    0x80, 0x01, // port
    0x00, 0x00, 0x14, 0x00, 0x02, 0x00, 0x0f,
    0x00, // age 0, at most 20 s; hello every 2 s; delay 15 s
    0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, // padding
];

/// The length field counts the BPDU alone, not its padding.
const CONFIGURATION_BPDU_LENGTH: usize = 38;

/// A VLAN (IEEE 802.1Q) that no interface of the receiver is in.
const UNKNOWN_VLAN_ID: u16 = 42;

/// Another station on the receiver's network, as after a switch has forgotten where that station is.
const OTHER: MacAddress = [0x02, 0, 0, 0, 0, 0x99];

pub(super) const UNHANDLED_ETHERTYPE: Kind = Kind {
    name: "unhandled EtherType",
    expect: "UNHANDLED_PROTO: nobody handles EtherType 0x88b5",
    cause: |lab| {
        let payload = b"droprec demo: a frame of a local experimental EtherType";
        lab.receiver
            .deliver(&frame::ethernet(
                frame::HOST,
                frame::ETHERTYPE_EXPERIMENTAL,
                payload,
            ))
            .map(|()| Outcome::Dropped)
    },
};

pub(super) const LENGTH_0X0400: Kind = Kind {
    name: "type/length field 0x0400",
    expect: "an 802.3 frame of 1024 bytes, not EtherType 0x0400: NOT_SPECIFIED in llc_rcv, or UNHANDLED_PROTO where LLC is not loaded",
    cause: |lab| {
        let mut payload = LLC_UNASSIGNED.to_vec();
        payload.resize(LENGTH, 0);
        lab.receiver
            .deliver(&frame::ieee_802_3(frame::HOST, &payload))
            .map(|()| Outcome::Dropped)
    },
};

pub(super) const STP_BPDU: Kind = Kind {
    name: "STP BPDU",
    expect: "a spanning tree frame without a bridge: NOT_SPECIFIED in stp_pdu_rcv, or UNHANDLED_PROTO where LLC is not loaded",
    cause: |lab| {
        let (bpdu, padding) = CONFIGURATION_BPDU.split_at(CONFIGURATION_BPDU_LENGTH);
        let mut frame = frame::ieee_802_3(BRIDGE_GROUP, bpdu);
        frame.extend_from_slice(padding);
        lab.receiver.deliver(&frame).map(|()| Outcome::Dropped)
    },
};

pub(super) const OTHER_HOST: Kind = Kind {
    name: "frame for another host",
    expect: "OTHERHOST: the frame is addressed to another station",
    cause: |lab| {
        let packet = datagram::packet(STRANGER, lab.receiver.address);
        lab.receiver
            .deliver(&frame::ethernet(OTHER, frame::ETHERTYPE_IPV4, &packet))
            .map(|()| Outcome::Dropped)
    },
};

pub(super) const UNKNOWN_VLAN: Kind = Kind {
    name: "unknown VLAN",
    expect: "OTHERHOST: the frame is tagged for VLAN 42, which is not configured",
    cause: |lab| {
        let tagged = [
            &UNKNOWN_VLAN_ID.to_be_bytes()[..],
            &frame::ETHERTYPE_IPV4.to_be_bytes(),
            &datagram::packet(STRANGER, lab.receiver.address),
        ]
        .concat();
        lab.receiver
            .deliver(&frame::ethernet(
                frame::HOST,
                frame::ETHERTYPE_VLAN,
                &tagged,
            ))
            .map(|()| Outcome::Dropped)
    },
};
