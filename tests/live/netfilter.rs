//! Drops by a firewall rule on the way in.

use droprec_testbed::{Pair, frame::Origin};

use crate::{batch::Batch, kinds};

#[test]
fn two_hundred_packets_that_nft_drops_on_input_are_two_hundred_packets_in_the_file() {
    let (pair, origin) = (Pair::new(), Origin::new());
    pair.receiver.nft("input", "udp dport 7777 drop");
    let frames = kinds::udp_to(origin, Pair::RECEIVER.octets(), 7777, 64);
    Batch::over(&pair, origin, &frames).must_be_recorded();
}
