//! What the reasons mean, by the part of the kernel that gives them.

mod device;
mod firewall;
mod general;
mod ip;
mod ipv6;
mod neighbour;
mod openvswitch;
mod socket;
mod tcp;
mod tcp_authentication;
mod traffic_control;
mod tunnel;
mod wifi_encryption;
mod wifi_frames;
mod wifi_management;
mod wifi_mesh;

use super::{Explanation, Group};

/// All of them, by what they belong to.
pub const GROUPS: &[Group] = &[
    Group {
        title: "Any part of the kernel",
        members: general::ALL,
    },
    Group {
        title: "Devices and drivers",
        members: device::ALL,
    },
    Group {
        title: "Bridges and tunnels",
        members: tunnel::ALL,
    },
    Group {
        title: "Traffic control: tc and qdiscs",
        members: traffic_control::ALL,
    },
    Group {
        title: "Firewalls, cgroups, IPsec and the like",
        members: firewall::ALL,
    },
    Group {
        title: "IPv4",
        members: ip::ALL,
    },
    Group {
        title: "IPv6",
        members: ipv6::ALL,
    },
    Group {
        title: "Neighbours: ARP and NDP",
        members: neighbour::ALL,
    },
    Group {
        title: "Sockets",
        members: socket::ALL,
    },
    Group {
        title: "TCP",
        members: tcp::ALL,
    },
    Group {
        title: "TCP: signatures (MD5, AO)",
        members: tcp_authentication::ALL,
    },
    Group {
        title: "Open vSwitch",
        members: openvswitch::ALL,
    },
    Group {
        title: "Wi-Fi: frames",
        members: wifi_frames::ALL,
    },
    Group {
        title: "Wi-Fi: encryption",
        members: wifi_encryption::ALL,
    },
    Group {
        title: "Wi-Fi: management",
        members: wifi_management::ALL,
    },
    Group {
        title: "Wi-Fi: mesh",
        members: wifi_mesh::ALL,
    },
];

/// Those whose names come with a module.
pub fn of_modules() -> impl Iterator<Item = &'static Explanation> {
    [
        openvswitch::ALL,
        wifi_frames::ALL,
        wifi_encryption::ALL,
        wifi_management::ALL,
        wifi_mesh::ALL,
    ]
    .into_iter()
    .flatten()
}

/// All of them, ungrouped.
pub fn all() -> impl Iterator<Item = &'static Explanation> {
    GROUPS.iter().flat_map(|group| group.members)
}
