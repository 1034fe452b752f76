//! Two interfaces joined by a cable, in two namespaces, that know each other without asking.

use std::net::{Ipv4Addr, Ipv6Addr};

use crate::{Namespace, run};

/// One end of a cable.
#[derive(Debug, Clone, Copy)]
pub struct Port<'a> {
    /// Where it is.
    pub namespace: &'a Namespace,
    /// What it is called there.
    pub interface: &'a str,
    /// Its link address.
    pub mac: [u8; 6],
    /// Its address; 24 bits are the network's.
    pub ipv4: Ipv4Addr,
    /// Its address, if it has one; 64 bits are the network's.
    pub ipv6: Option<Ipv6Addr>,
}

impl Port<'_> {
    fn mac_text(&self) -> String {
        self.mac.map(|byte| format!("{byte:02x}")).join(":")
    }

    fn prepare(&self) {
        if self.ipv6.is_some() {
            for (setting, value) in [
                ("disable_ipv6", "0"),
                ("accept_dad", "0"),
                ("addr_gen_mode", "1"),
                ("router_solicitations", "0"),
            ] {
                let file = format!("net/ipv6/conf/default/{setting}");
                self.namespace.sysctl(&file, value);
            }
        }
    }

    fn bring_up(&self, peer: &Port<'_>) {
        let Port {
            namespace,
            interface,
            ipv4,
            ..
        } = self;
        let peer_mac = peer.mac_text();
        namespace.ip("link set lo up");
        namespace.ip(&format!("address add {ipv4}/24 dev {interface}"));
        namespace.ip(&format!("link set {interface} up"));
        let permanent = format!("lladdr {peer_mac} nud permanent dev {interface}");
        namespace.ip(&format!("neighbour replace {} {permanent}", peer.ipv4));
        if let (Some(own), Some(peer)) = (self.ipv6, peer.ipv6) {
            namespace.ip(&format!("address add {own}/64 dev {interface} nodad"));
            namespace.ip(&format!("neighbour replace {peer} {permanent}"));
        }
    }
}

/// Makes a veth pair of which `a` is one end and `b` the other, up, addressed, and each the other's permanent neighbour.
pub fn connect(a: &Port<'_>, b: &Port<'_>) {
    a.prepare();
    b.prepare();
    let (a_mac, b_mac) = (a.mac_text(), b.mac_text());
    let (a_name, b_name) = (a.interface, b.interface);
    // The other namespace's name may have spaces.
    let other = [
        "-n",
        b.namespace.name(),
        "link",
        "add",
        b_name,
        "address",
        &b_mac,
        "type",
        "veth",
        "peer",
        a_name,
    ];
    run(
        "ip",
        &[
            &other[..],
            &["address", &a_mac, "netns", a.namespace.name()],
        ]
        .concat(),
    );
    a.bring_up(b);
    b.bring_up(a);
}
