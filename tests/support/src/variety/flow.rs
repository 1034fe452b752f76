//! From where to where a packet goes, and what is nearly the same.

use std::{
    fmt::{self, Display, Formatter},
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
};

use etherparse::IpNumber;

use crate::Pair;

/// An IP packet's ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Flow {
    /// Its protocol: of IPv6 the one behind all extension headers.
    pub protocol: IpNumber,
    /// Its source.
    pub saddr: IpAddr,
    /// Its destination.
    pub daddr: IpAddr,
    /// The ports it is from and to, where its protocol has such, and where they are in it: they are in a packet's first
    /// fragment alone.
    pub ports: Option<[u16; 2]>,
}

/// The protocols of IPv4 and IPv6 that are sent.
const PROTOCOLS: [(IpNumber, IpNumber); 4] = [
    (IpNumber::TCP, IpNumber::TCP),
    (IpNumber::UDP, IpNumber::UDP),
    (IpNumber::SCTP, IpNumber::SCTP),
    (IpNumber::ICMP, IpNumber::IPV6_ICMP),
];
const PORTS: [u16; 2] = [1111, 2222];

const fn v4(network: u8, host: u8) -> IpAddr {
    IpAddr::V4(Ipv4Addr::new(192, 0, network, host))
}

const fn v6(network: u16, host: u16) -> IpAddr {
    IpAddr::V6(Ipv6Addr::new(0x2001, 0xdb8, 0, network, 0, 0, 0, host))
}

impl Flow {
    /// The other way.
    #[must_use]
    pub fn back(self) -> Self {
        Self {
            saddr: self.daddr,
            daddr: self.saddr,
            ports: self.ports.map(|[from, to]| [to, from]),
            ..self
        }
    }

    /// Whether it is of IPv6.
    #[must_use]
    pub fn is_ipv6(self) -> bool {
        self.saddr.is_ipv6()
    }
}

impl Display for Flow {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self { saddr, daddr, .. } = self;
        let protocol = self.protocol.keyword_str().unwrap_or("IP");
        match self.ports {
            Some([from, to]) => write!(f, "{protocol} [{saddr}]:{from} > [{daddr}]:{to}"),
            None => write!(f, "{protocol} {saddr} > {daddr}"),
        }
    }
}

/// Each protocol, over IPv4 and over IPv6.
fn each() -> impl Iterator<Item = Flow> {
    PROTOCOLS.into_iter().flat_map(|(protocol4, protocol6)| {
        let flow = |protocol, saddr: IpAddr, daddr: IpAddr| Flow {
            protocol,
            saddr,
            daddr,
            ports: (protocol4 != IpNumber::ICMP).then_some(PORTS),
        };
        [
            flow(protocol4, Pair::SENDER.into(), Pair::RECEIVER.into()),
            flow(protocol6, Pair::SENDER6.into(), Pair::RECEIVER6.into()),
        ]
    })
}

/// Each, and back.
pub(super) fn both_ways() -> impl Iterator<Item = Flow> {
    each().flat_map(|flow| [flow, flow.back()])
}

/// Each, and all that is nearly it: how it differs, and what it is.
pub(super) fn all() -> impl Iterator<Item = (&'static str, Flow)> {
    each().flat_map(|flow| {
        let near = |network, host| {
            if flow.is_ipv6() {
                v6(network, host)
            } else {
                v4(if network == 0 { 2 } else { 3 }, host as u8)
            }
        };
        let (to, from) = (
            |daddr| Flow { daddr, ..flow },
            |saddr| Flow { saddr, ..flow },
        );
        let mut all = vec![
            ("as it is", flow),
            ("back", flow.back()),
            ("to the next host", to(near(0, 3))),
            ("from the next host", from(near(0, 3))),
            ("to the next network", to(near(1, 2))),
            ("from the next network", from(near(1, 1))),
        ];
        if let Some([from, to]) = flow.ports {
            let ports = |ports| Flow {
                ports: Some(ports),
                ..flow
            };
            all.push(("from the next port", ports([from + 1, to])));
            all.push(("to the next port", ports([from, to + 1])));
        }
        all
    })
}
