//! What it means to be dropped at a place, for kernels that give no reasons, and for drops of which they give none.

mod better;
mod bridge;
mod inlined;
mod ip;
mod ipv6;
mod link;
mod local;
mod output;
mod tcp;
mod transport;
mod tunnels;

use super::{Explanation, Group};

pub(crate) use {better::BETTER, inlined::INLINED};

/// All of them, by what they belong to.
pub const GROUPS: &[Group] = &[
    Group {
        title: "Frames that come in, below IP",
        members: link::ALL,
    },
    Group {
        title: "Bridges and Open vSwitch",
        members: bridge::ALL,
    },
    Group {
        title: "IPv4 and ARP",
        members: ip::ALL,
    },
    Group {
        title: "IPv6",
        members: ipv6::ALL,
    },
    Group {
        title: "TCP",
        members: tcp::ALL,
    },
    Group {
        title: "UDP, raw sockets, AF_UNIX, netlink",
        members: transport::ALL,
    },
    Group {
        title: "What programs of this host send and read",
        members: local::ALL,
    },
    Group {
        title: "Output, qdiscs, firewalls",
        members: output::ALL,
    },
    Group {
        title: "Tunnels, tun and tap, IPsec, MPLS",
        members: tunnels::ALL,
    },
];

/// All of them, ungrouped.
pub fn all() -> impl Iterator<Item = &'static Explanation> {
    GROUPS.iter().flat_map(|group| group.members)
}
