//! A sender and a receiver, each in a namespace of its own.

use std::net::{Ipv4Addr, Ipv6Addr};

use crate::{FrameSocket, Namespace, Port, connect};

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
        pair.connect(with_ipv6);
        pair
    }

    fn connect(&self, with_ipv6: bool) {
        let sender = Port {
            namespace: &self.sender,
            interface: "eth0",
            mac: [2, 0, 0, 0, 0, 1],
            ipv4: Self::SENDER,
            ipv6: with_ipv6.then_some(Self::SENDER6),
        };
        let receiver = Port {
            namespace: &self.receiver,
            interface: "eth0",
            mac: Self::RECEIVER_MAC,
            ipv4: Self::RECEIVER,
            ipv6: with_ipv6.then_some(Self::RECEIVER6),
        };
        connect(&sender, &receiver);
    }

    /// Takes the cable away, and with it both interfaces.
    pub fn cut(&self) {
        self.sender.ip("link delete eth0");
    }

    /// Joins them by another one, for IPv4 alone: the interfaces have their names again, and other numbers.
    pub fn join(&self) {
        self.connect(false);
        self.sender.wait_for_carrier("eth0");
    }

    /// Gives the receiver's interface another name, for which it goes down and up again.
    pub fn rename(&self, name: &str) {
        self.receiver.ip("link set eth0 down");
        self.receiver.ip(&format!("link set eth0 name {name}"));
        self.receiver.ip(&format!("link set {name} up"));
        self.sender.wait_for_carrier("eth0");
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
