//! Drops of a router: packets that it cannot, or must not, forward.

use std::net::Ipv4Addr;

use super::super::frame::Ipv4Packet;
use super::super::lab::{NEIGHBOUR, STRANGER};
use super::{Kind, Outcome, datagram};

/// Somewhere that the router has no route to (TEST-NET-3, RFC 5737).
const NOWHERE: Ipv4Addr = Ipv4Addr::new(203, 0, 113, 1);

pub(super) const TTL_EXPIRED: Kind = Kind {
    name: "TTL expired",
    expect: "IP_INHDR in ip_forward: the packet may not be forwarded any further",
    cause: |lab| {
        let last_hop = Ipv4Packet {
            ttl: 1,
            ..Ipv4Packet::udp(STRANGER, NEIGHBOUR)
        };
        lab.router
            .deliver(&datagram::frame_of(&datagram::packet_with(&last_hop)))
            .map(|()| Outcome::Dropped)
    },
};

pub(super) const NO_ROUTE: Kind = Kind {
    name: "no route",
    expect: "IP_INNOROUTES: the router does not know where to send the packet",
    cause: |lab| {
        lab.router
            .deliver(&datagram::frame(STRANGER, NOWHERE))
            .map(|()| Outcome::Dropped)
    },
};

pub(super) const FULL_QUEUE: Kind = Kind {
    name: "full queue",
    expect: "QDISC_DROP: no room in the queue of the interface that the packet is to leave by",
    cause: |lab| match &lab.router_queue {
        Ok(()) => lab
            .router
            .deliver(&datagram::frame(STRANGER, NEIGHBOUR))
            .map(|()| Outcome::Dropped),
        Err(missing) => Ok(Outcome::skipped(missing)),
    },
};
