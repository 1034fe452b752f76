//! The interface's own counter, which is all that there was before.

use std::collections::{BTreeMap, BTreeSet};

use droprec_testbed::{Pair, Recording, frame::Origin};

use crate::{
    DROPREC,
    compare::is_because,
    kinds::{self, COUNT},
};

/// A kind of frames, and by how much `rx_dropped` rose when they were sent.
struct Sent {
    name: &'static str,
    origin: Origin,
    rise: u64,
}

const UNHANDLED: &str = "unhandled EtherType";

type Make = fn(Origin) -> Vec<Vec<u8>>;

const KINDS: [(&str, Make); 9] = [
    ("STP", kinds::stp),
    ("length 0x0400", kinds::length_0x0400),
    (UNHANDLED, |origin| origin.unhandled(COUNT)),
    ("unhandled EtherType in a VLAN", kinds::unhandled_in_vlan),
    ("UDP in a VLAN", kinds::udp_in_vlan),
    ("UDP", kinds::udp),
    ("UDP over IPv6", kinds::udp6),
    ("TCP SYN", kinds::syn),
    ("runt", kinds::runts),
];

#[test]
fn rx_dropped_rises_by_exactly_the_recorded_drops_of_the_kinds_that_the_kernel_counts() {
    let pair = Pair::with_ipv6();
    let counter = || pair.receiver.statistic("eth0", "rx_dropped");
    let socket = pair.frames();
    let recording = Recording::at(DROPREC, &[&pair.label()]);
    let start = counter();
    let sent = KINDS.map(|(name, make)| {
        let (origin, before) = (Origin::new(), counter());
        socket.send_all(&make(origin));
        recording.wait_for(COUNT as usize, |packet| origin.sent(&packet.data));
        let rise = counter() - before;
        Sent { name, origin, rise }
    });
    let end = counter();
    let capture = recording.finish().capture;

    let mut explained = 0;
    let mut counted = BTreeMap::new();
    let mut unhandled = BTreeSet::new();
    for Sent { name, origin, rise } in sent {
        let packets = capture.packets_where(|packet| origin.sent(&packet.data));
        assert_eq!(packets.len(), COUNT as usize, "{name}");
        let is_counted = rise > 0;
        assert_eq!(
            rise,
            if is_counted { packets.len() as u64 } else { 0 },
            "{name}"
        );
        explained += rise;
        for packet in packets {
            let site = ["reason", "loc"].map(|key| packet.get(key).to_owned());
            if name == UNHANDLED {
                is_because(packet, "UNHANDLED_PROTO");
                unhandled.insert(site.clone());
            }
            counted.insert(site, is_counted);
        }
    }
    assert_eq!(
        end - start,
        explained,
        "rx_dropped rose by what nothing explains"
    );
    let is_counted: Vec<bool> = unhandled.iter().map(|site| counted[site]).collect();
    assert_eq!(
        is_counted,
        [true],
        "sites, and whether rx_dropped counts them: {counted:#?}"
    );
}
