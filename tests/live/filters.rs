//! Filters, against drops that they want and drops that are nearly those: over VLAN tags, IPv6 extension headers and tunnels.

use std::net::IpAddr;

use droprec_testbed::{
    Ingress, Packet, Pair, Recorded, Recording, feature,
    frame::Origin,
    variety::{Facts, Flow, Sample, number, variety},
};
use etherparse::IpNumber;

use crate::DROPREC;

/// Filters, and what they want.
type Case = (&'static [&'static str], fn(&Facts) -> bool);

/// So many droprecs at once.
const SIDE_BY_SIDE: usize = 6;

const ARP: u16 = 0x0806;
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

/// Each by itself, then many together. `SENDER`, `RECEIVER` and `NETWORK6` stand for what the pair has.
const CASES: &[Case] = &[
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
];

/// Starts a droprec that records what this case wants at the receiver.
fn start(pair: &Pair, (filters, _): &Case) -> Recording {
    let network = format!("{}/64", Pair::SENDER6);
    let arguments = filters.iter().map(|word| match *word {
        "SENDER" => Pair::SENDER.to_string(),
        "RECEIVER" => Pair::RECEIVER.to_string(),
        "NETWORK6" => network.clone(),
        word => word.to_owned(),
    });
    let label = pair.label();
    let own = ["-i", &label, "-s", "0"].map(str::to_owned);
    let arguments: Vec<String> = own.into_iter().chain(arguments).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    Recording::start(DROPREC, &arguments)
}

/// Demands that exactly the wanted ones are in the file, and that all others were counted.
fn must_have(recorded: &Recorded, case: &Case, samples: &[Sample], origin: Origin) {
    let (filters, wants) = case;
    let is_ours = |packet: &Packet| origin.sent(&packet.data);
    let packets = recorded.capture.packets_where(is_ours);
    let mut found: Vec<usize> = packets
        .iter()
        .filter_map(|packet| number(&packet.data))
        .collect();
    found.sort_unstable();
    let wanted = samples
        .iter()
        .enumerate()
        .filter(|(_, sample)| wants(&sample.facts));
    let wanted: Vec<usize> = wanted.map(|(number, _)| number).collect();
    let names = |of: &[usize], other: &[usize]| -> Vec<&str> {
        let differing = of.iter().filter(|number| !other.contains(number));
        differing
            .map(|number| samples[*number].name.as_str())
            .take(8)
            .collect()
    };
    assert_eq!(
        (names(&found, &wanted), names(&wanted, &found)),
        (vec![], vec![]),
        "{filters:?}: too many, and missing"
    );
    assert_eq!(found.len(), wanted.len(), "{filters:?}: one is there twice");
    let books = recorded.ended.accounting();
    // The machine's other drops are none of these interfaces'.
    let left_out = (samples.len() - wanted.len()) as u64;
    assert!(books.filtered >= left_out, "{filters:?}: {books:?}");
}

#[test]
fn a_filter_wants_the_drops_that_it_names_behind_tags_and_extension_headers_and_in_tunnels_and_no_others()
 {
    let origin = Origin::new();
    let samples = variety(origin);
    let pair = Pair::new();
    Ingress::Chain.drop_all(&pair.receiver, "eth0");
    let socket = pair.frames();
    let has_reasons = feature::reasons();
    let cases: Vec<&Case> = CASES
        .iter()
        // Before 5.17 there are no reasons to ask for.
        .filter(|(filters, _)| !filters.iter().any(|word| word.contains("reason")) || has_reasons)
        .collect();
    for some in cases.chunks(SIDE_BY_SIDE) {
        let recordings: Vec<(&Case, Recording)> = some
            .iter()
            .map(|case| (*case, start(&pair, case)))
            .collect();
        for sample in &samples {
            socket.send(&sample.frame);
        }
        for (case, recording) in recordings {
            let wanted = samples
                .iter()
                .filter(|sample| (case.1)(&sample.facts))
                .count();
            recording.wait_for(wanted, |packet| origin.sent(&packet.data));
            must_have(&recording.finish(), case, &samples, origin);
        }
    }
}
