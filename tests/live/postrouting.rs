//! Drops of packets that are on their way out, and still carry the link header that they came in with.

use droprec_pcapng::{Direction, Flags};
use droprec_testbed::{Chain, Recording, Trace, fields, frame::Origin, must_be_readable};

use crate::{
    DROPREC,
    compare::{LINK_HEADER, is_at, is_whole, same_frames},
    kinds::{self, COUNT},
};

#[test]
fn forwarded_packets_that_nft_drops_on_postrouting_go_out_and_begin_at_their_ip_header() {
    let (chain, origin) = (Chain::new(), Origin::new());
    let router = &chain.pair.receiver;
    router.nft("postrouting", "udp dport 7777 drop");
    let target = Chain::TARGET.octets();
    let sent = kinds::udp_to(origin, target, 7777, 64);
    let label = router.label("eth1");
    let recording = Recording::at(DROPREC, &[&label]);
    let trace = Trace::of_this_thread();
    chain.pair.frames().send_all(&sent);
    recording.wait_for(sent.len(), |_| true);
    let site = trace.most(sent.len() / 2);
    let recorded = recording.finish();

    let packets = recorded.capture.packets_where(|_| true);
    // The header that came in says from whom and to whom; the one to go out with is not there yet.
    let made_up = [&[0; LINK_HEADER - 2][..], &[0x08, 0x00]].concat();
    let expected: Vec<Vec<u8>> = kinds::udp_to(origin, target, 7777, 63)
        .iter()
        .map(|frame| [&made_up, &frame[LINK_HEADER..]].concat())
        .collect();
    same_frames(&packets, &expected);
    for packet in packets {
        assert_eq!(packet.interface, label, "{packet:?}");
        let told = ["dev", "dir", "l2"].map(|key| packet.get(key));
        assert_eq!(told, ["eth1", "out", "synth"], "{packet:?}");
        let incoming = ["indev", "iif"].map(|key| packet.get(key));
        let index = router.index("eth0").to_string();
        assert_eq!(incoming, ["eth0", &index], "{packet:?}");
        let direction = packet.flags.and_then(Flags::direction);
        assert_eq!(direction, Some(Direction::Outbound), "{packet:?}");
        is_whole(packet);
        is_at(packet, &site);
    }
    let shown = fields("udp.dstport == 7777", &["ip.ttl"], &recorded.file);
    assert_eq!(shown, vec!["63"; COUNT as usize]);
    must_be_readable(&recorded.file);
}
