//! Filters by what headers have, each by itself and many together, and what they want.

use std::net::IpAddr;

use droprec_testbed::{
    Pair,
    variety::{Facts, Flow},
};
use etherparse::IpNumber;

/// Filters, and what they want.
pub(super) type Case = (&'static [&'static str], fn(&Facts) -> bool);

const ARP: u16 = 0x0806;
const C_TAG: u16 = 0x8100;
/// Ports of the variety's packets.
const FROM: u16 = 1111;
const TO: u16 = 2222;

fn any(facts: &Facts, is: impl Fn(&Flow) -> bool) -> bool {
    facts.layers.iter().any(is)
}

fn sender(flow: &Flow) -> bool {
    flow.saddr == IpAddr::from(Pair::SENDER)
}

fn receiver(flow: &Flow) -> bool {
    flow.daddr == IpAddr::from(Pair::RECEIVER)
}

fn is_at_sender(flow: &Flow) -> bool {
    [flow.saddr, flow.daddr].contains(&Pair::SENDER.into())
}

fn is_of_port(flow: &Flow, port: u16) -> bool {
    flow.ports.is_some_and(|ports| ports.contains(&port))
}

fn is_to_port(flow: &Flow, port: u16) -> bool {
    flow.ports.is_some_and(|[_, to]| to == port)
}

fn is_from_port(flow: &Flow, port: u16) -> bool {
    flow.ports.is_some_and(|[from, _]| from == port)
}

fn is(flow: &Flow, protocol: IpNumber) -> bool {
    flow.protocol == protocol
}

fn is_in_network(address: IpAddr) -> bool {
    let IpAddr::V6(address) = address else {
        return false;
    };
    let IpAddr::V6(own) = IpAddr::from(Pair::SENDER6) else {
        return false;
    };
    address.octets()[..8] == own.octets()[..8]
}

fn has_vlan(facts: &Facts) -> bool {
    facts.tags.contains(&C_TAG)
}

fn has_ipv4(facts: &Facts) -> bool {
    any(facts, |flow| !flow.is_ipv6())
}

fn has_ipv6(facts: &Facts) -> bool {
    any(facts, |flow| flow.is_ipv6())
}

/// Each by itself, then many together. `SENDER`, `RECEIVER` and `NETWORK6` stand for what the pair has.
pub(super) const CASES: &[Case] = &[
    (&["--proto", "tcp"], |facts| {
        any(facts, |flow| is(flow, IpNumber::TCP))
    }),
    (&["--proto", "udp"], |facts| {
        any(facts, |flow| is(flow, IpNumber::UDP))
    }),
    (&["--proto", "icmpv6"], |facts| {
        any(facts, |flow| is(flow, IpNumber::IPV6_ICMP))
    }),
    (&["--not-proto", "tcp"], |facts| {
        !any(facts, |flow| is(flow, IpNumber::TCP))
    }),
    (&["--addr", "SENDER"], |facts| any(facts, is_at_sender)),
    (&["--saddr", "SENDER"], |facts| any(facts, sender)),
    (&["--daddr", "RECEIVER"], |facts| any(facts, receiver)),
    (&["--not-addr", "SENDER"], |facts| !any(facts, is_at_sender)),
    (&["--not-saddr", "SENDER"], |facts| !any(facts, sender)),
    (&["--addr", "NETWORK6"], |facts| {
        any(facts, |flow| {
            is_in_network(flow.saddr) || is_in_network(flow.daddr)
        })
    }),
    (&["--port", "1111"], |facts| {
        any(facts, |flow| is_of_port(flow, FROM))
    }),
    (&["--sport", "1111"], |facts| {
        any(facts, |flow| is_from_port(flow, FROM))
    }),
    (&["--dport", "2222"], |facts| {
        any(facts, |flow| is_to_port(flow, TO))
    }),
    (&["--dport", "2000-2222"], |facts| {
        any(facts, |flow| {
            flow.ports
                .is_some_and(|[_, to]| (2000..=2222).contains(&to))
        })
    }),
    (&["--not-port", "1111"], |facts| {
        !any(facts, |flow| is_of_port(flow, FROM))
    }),
    (&["--not-dport", "2222"], |facts| {
        !any(facts, |flow| is_to_port(flow, TO))
    }),
    (&["--ethertype", "arp"], |facts| facts.ether_type == ARP),
    (&["--not-ethertype", "arp"], |facts| facts.ether_type != ARP),
    // The words of trace_net_drop.stp.
    (&["tcp", "--port", "1111"], |facts| {
        any(facts, |flow| {
            is(flow, IpNumber::TCP) && is_of_port(flow, FROM)
        })
    }),
    // All of one layer.
    (
        &["--proto", "tcp", "--saddr", "SENDER", "--dport", "2222"],
        |facts| {
            any(facts, |flow| {
                is(flow, IpNumber::TCP) && sender(flow) && is_to_port(flow, TO)
            })
        },
    ),
    (&["--proto", "udp,sctp", "--sport", "1111"], |facts| {
        any(facts, |flow| {
            (is(flow, IpNumber::UDP) || is(flow, IpNumber::SCTP)) && is_from_port(flow, FROM)
        })
    }),
    (&["--saddr", "SENDER", "--daddr", "RECEIVER"], |facts| {
        any(facts, |flow| sender(flow) && receiver(flow))
    }),
    (&["--sport", "1111", "--dport", "2222"], |facts| {
        any(facts, |flow| {
            is_from_port(flow, FROM) && is_to_port(flow, TO)
        })
    }),
    (&["--port", "1111", "--not-proto", "udp"], |facts| {
        any(facts, |flow| is_of_port(flow, FROM)) && !any(facts, |flow| is(flow, IpNumber::UDP))
    }),
    (&["--addr", "SENDER", "--not-port", "2222"], |facts| {
        any(facts, is_at_sender) && !any(facts, |flow| is_of_port(flow, TO))
    }),
    (&["--proto", "tcp", "--not-addr", "NETWORK6"], |facts| {
        any(facts, |flow| is(flow, IpNumber::TCP))
            && !any(facts, |flow| {
                is_in_network(flow.saddr) || is_in_network(flow.daddr)
            })
    }),
    (&["--reason", "NETFILTER_DROP", "--proto", "udp"], |facts| {
        any(facts, |flow| is(flow, IpNumber::UDP))
    }),
    (&["--not-reason", "NETFILTER_*"], |_| false),
    (&["--location", "no_such_function"], |_| false),
    (&["--not-location", "ip_rcv", "--port", "2222"], |facts| {
        any(facts, |flow| is_of_port(flow, TO))
    }),
    (&["--ethertype", "vlan"], |facts| has_vlan(facts)),
    (&["--not-ethertype", "vlan,qinq"], |facts| {
        facts.tags.is_empty()
    }),
    (&["--ethertype", "vlan", "--port", "1111"], |facts| {
        has_vlan(facts) && any(facts, |flow| is_of_port(flow, FROM))
    }),
    (&["--ethertype", "ipv6", "--proto", "tcp"], |facts| {
        has_ipv6(facts) && any(facts, |flow| is(flow, IpNumber::TCP))
    }),
    (
        &["--ethertype", "ipv4", "--not-daddr", "RECEIVER"],
        |facts| has_ipv4(facts) && !any(facts, receiver),
    ),
    (
        &[
            "--addr",
            "NETWORK6",
            "--port",
            "1111",
            "--not-proto",
            "udp,sctp",
        ],
        |facts| {
            any(facts, |flow| {
                (is_in_network(flow.saddr) || is_in_network(flow.daddr)) && is_of_port(flow, FROM)
            }) && !any(facts, |flow| {
                is(flow, IpNumber::UDP) || is(flow, IpNumber::SCTP)
            })
        },
    ),
    (
        &[
            "--not-sport",
            "1111",
            "--not-dport",
            "1111",
            "--proto",
            "tcp",
        ],
        |facts| {
            any(facts, |flow| is(flow, IpNumber::TCP)) && !any(facts, |flow| is_of_port(flow, FROM))
        },
    ),
    (
        &["udp", "--addr", "SENDER", "--not-ethertype", "vlan"],
        |facts| {
            facts.tags.is_empty()
                && any(facts, |flow| is(flow, IpNumber::UDP) && is_at_sender(flow))
        },
    ),
    // More networks than the kernel half looks through.
    (
        &[
            "--saddr",
            "10.1.0.0/16,10.2.0.0/16,10.3.0.0/16,10.4.0.0/16,10.5.0.0/16,10.6.0.0/16,10.7.0.0/16,10.8.0.0/16,\
             10.9.0.0/16,10.10.0.0/16,10.11.0.0/16,10.12.0.0/16,10.13.0.0/16,10.14.0.0/16,10.15.0.0/16,10.16.0.0/16",
            "--saddr",
            "SENDER",
        ],
        |facts| any(facts, sender),
    ),
];
