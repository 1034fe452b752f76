//! Two interfaces joined by a cable, in two namespaces, that know each other without asking.

use std::net::{Ipv4Addr, Ipv6Addr};

use crate::{FrameSocket, Namespace, run};

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

/// Two namespaces with a veth pair between them: `eth0` in each.
#[derive(Debug)]
pub struct Pair {
    /// Has 192.0.2.1, `2001:db8::1` and 02:00:00:00:00:01.
    pub sender: Namespace,
    /// Has 192.0.2.2, `2001:db8::2` and 02:00:00:00:00:02.
    pub receiver: Namespace,
}

impl Pair {
    /// Link address of the receiver's `eth0`.
    pub const RECEIVER_MAC: [u8; 6] = [2, 0, 0, 0, 0, 2];
    /// Address of the sender.
    pub const SENDER: Ipv4Addr = Ipv4Addr::new(192, 0, 2, 1);
    /// Address of the receiver.
    pub const RECEIVER: Ipv4Addr = Ipv4Addr::new(192, 0, 2, 2);
    /// Address of the sender where there is IPv6.
    pub const SENDER6: Ipv6Addr = Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 1);
    /// Address of the receiver where there is IPv6.
    pub const RECEIVER6: Ipv6Addr = Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 2);

    /// A pair that speaks IPv4 alone.
    #[must_use]
    pub fn new() -> Self {
        Self::called("receiver")
    }

    /// A pair whose receiver's namespace has a name that ends in `receiver`, and speaks IPv4 alone.
    #[must_use]
    pub fn called(receiver: &str) -> Self {
        Self::connected(receiver, false)
    }

    /// A pair that speaks IPv6 too, with a little of its noise.
    #[must_use]
    pub fn with_ipv6() -> Self {
        Self::connected("receiver", true)
    }

    fn connected(receiver: &str, with_ipv6: bool) -> Self {
        let pair = Self {
            sender: Namespace::new("sender"),
            receiver: Namespace::new(receiver),
        };
        let sender = Port {
            namespace: &pair.sender,
            interface: "eth0",
            mac: [2, 0, 0, 0, 0, 1],
            ipv4: Self::SENDER,
            ipv6: with_ipv6.then_some(Self::SENDER6),
        };
        let receiver = Port {
            namespace: &pair.receiver,
            interface: "eth0",
            mac: Self::RECEIVER_MAC,
            ipv4: Self::RECEIVER,
            ipv6: with_ipv6.then_some(Self::RECEIVER6),
        };
        connect(&sender, &receiver);
        pair
    }

    /// A socket that sends frames to the receiver.
    #[must_use]
    pub fn frames(&self) -> FrameSocket {
        FrameSocket::open(&self.sender, "eth0")
    }

    /// What droprec calls the receiver's interface.
    #[must_use]
    pub fn label(&self) -> String {
        self.receiver.label("eth0")
    }
}

impl Default for Pair {
    fn default() -> Self {
        Self::new()
    }
}
