//! Three namespaces in a row: what the first sends to the third, the second must forward.

use std::net::Ipv4Addr;

use crate::{Namespace, Pair, Port, connect};

/// A [`Pair`] whose receiver is a router, and a target behind it.
#[derive(Debug)]
pub struct Chain {
    /// Its receiver forwards from `eth0` to `eth1`.
    pub pair: Pair,
    /// Where the router's `eth1` leads.
    pub target: Namespace,
}

impl Chain {
    /// Address of the target.
    pub const TARGET: Ipv4Addr = Ipv4Addr::new(198, 51, 100, 2);

    /// All three, connected.
    #[must_use]
    pub fn new() -> Self {
        let chain = Self {
            pair: Pair::new(),
            target: Namespace::new("target"),
        };
        let router = Port {
            namespace: &chain.pair.receiver,
            interface: "eth1",
            mac: [2, 0, 0, 0, 1, 1],
            ipv4: Ipv4Addr::new(198, 51, 100, 1),
            ipv6: None,
        };
        let target = Port {
            namespace: &chain.target,
            interface: "eth0",
            mac: [2, 0, 0, 0, 1, 2],
            ipv4: Self::TARGET,
            ipv6: None,
        };
        connect(&router, &target);
        chain.pair.receiver.sysctl("net/ipv4/ip_forward", "1");
        chain
    }
}

impl Default for Chain {
    fn default() -> Self {
        Self::new()
    }
}
