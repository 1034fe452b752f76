//! Packets that were put together from fragments: each of them a buffer of its own.

use crate::{
    at,
    case::{Case, Shape},
    frames::{CLOSED, IPV4, IPV6, fragments4, fragments6, frame},
    judge::{SNAPLEN, hold},
    receiver::{ROUTE4, ROUTE6, TO_RECEIVER},
    rules::nft,
    wide::{IN_PAGES, Wide},
};

const IN_FRAGMENTS: Case<Wide> = Case {
    shape: Shape::FragList,
    ..IN_PAGES
};

/// Bytes of payload of a fragment, a multiple of eight.
const SIZE: usize = 1400;

impl Wide {
    /// Sends the fragments of a packet that is to be recorded as it was.
    fn in_fragments(&self, ether_type: u16, packet: &[u8]) -> Vec<Vec<u8>> {
        let fragments = if ether_type == IPV4 {
            fragments4(packet, SIZE)
        } else {
            fragments6(packet, SIZE)
        };
        let framed = |packet: &Vec<u8>| frame(TO_RECEIVER, &[], ether_type, packet);
        self.all(&fragments.iter().map(framed).collect::<Vec<_>>());
        vec![frame(TO_RECEIVER, &[], ether_type, packet)]
    }
}

pub(crate) const CASES: &[Case<Wide>] = &[
    Case {
        name: "six fragments",
        send: |wide, mark| {
            let packet = ROUTE4.udp(CLOSED, &mark.payload_of(8000));
            wide.in_fragments(IPV4, &packet)
        },
        ..IN_FRAGMENTS
    },
    Case {
        name: "six fragments",
        protocol: "IPv6, UDP",
        at: at::UDP6,
        shown: "eth:ethertype:ipv6:udp:data",
        send: |wide, mark| {
            let packet = ROUTE6.udp(CLOSED, &mark.payload_of(8000));
            wide.in_fragments(IPV6, &packet)
        },
        ..IN_FRAGMENTS
    },
    Case {
        name: "twenty-nine fragments, longer than the snaplen",
        send: |wide, mark| {
            let packet = ROUTE4.udp(CLOSED, &mark.payload_of(40_000));
            wide.in_fragments(IPV4, &packet)
        },
        ..IN_FRAGMENTS
    },
    Case {
        // The last: from here on all fragments are put together before the firewall.
        name: "six fragments, put together for the firewall",
        drop: "nft prerouting, connection tracking",
        at: at::FIREWALL,
        send: |wide, mark| {
            nft(
                &wide.pair.receiver,
                "table ip tracked { chain in { type filter hook prerouting priority 0; \
                 ct state new udp dport 7711 drop; }; }",
            );
            let packet = ROUTE4.udp(7711, &mark.payload_of(8000));
            wide.in_fragments(IPV4, &packet)
        },
        ..IN_FRAGMENTS
    },
];

#[test]
fn packets_that_were_put_together_from_fragments_are_recorded_byte_for_byte() {
    hold(SNAPLEN, CASES);
}
