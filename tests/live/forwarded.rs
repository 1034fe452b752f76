//! Drops in a router.

use droprec_testbed::{Chain, frame::Origin};

use crate::{batch::Batch, kinds};

#[test]
fn two_hundred_packets_to_forward_with_ttl_1_are_two_hundred_packets_in_the_file() {
    let (chain, origin) = (Chain::new(), Origin::new());
    let frames = kinds::udp_to(origin, Chain::TARGET.octets(), kinds::CLOSED_PORT, 1);
    Batch::over(&chain.pair, origin, &frames).must_be_recorded();
}

#[test]
fn two_hundred_packets_that_nft_drops_on_forward_are_recorded_as_they_were_to_be_sent_on() {
    let (chain, origin) = (Chain::new(), Origin::new());
    chain.pair.receiver.nft("forward", "udp dport 7777 drop");
    let target = Chain::TARGET.octets();
    let sent = kinds::udp_to(origin, target, 7777, 64);
    // The router takes one off the TTL before it asks the firewall.
    let forwarded = kinds::udp_to(origin, target, 7777, 63);
    let batch = Batch {
        expected: &forwarded,
        ..Batch::over(&chain.pair, origin, &sent)
    };
    batch.must_be_recorded();
}
