//! What a process writes to a tun device, and the kernel does not take.

use droprec_pcapng::{Direction, Flags};
use droprec_testbed::{
    Namespace, Packet, Recording, Trace, Tun, feature, must_be_readable, unique,
};

use rustix::io::Errno;

use crate::{
    DROPREC,
    compare::{LINK_HEADER, is_at, is_whole},
    kinds::COUNT,
};

/// A ring that holds what else is dropped on this machine, while everything is recorded.
const LARGE_RING: [&str; 2] = ["-B", "131072"];

#[test]
fn packets_of_no_ip_version_that_a_process_writes_to_a_tun_device_are_recorded() {
    // Without it, what was written cannot be told from what could not be read, and is suppressed.
    if !feature::reason("SKB_UCOPY_FAULT") {
        return;
    }
    let namespace = Namespace::new("tun");
    let tun = Tun::new(&namespace, "tun0");
    let packet = format!("\u{f}no IP: {:?}", unique()).into_bytes();
    let refused = || {
        ["rx_dropped", "rx_errors"]
            .map(|counter| namespace.statistic("tun0", counter))
            .iter()
            .sum::<u64>()
    };
    let recording = Recording::start(DROPREC, &LARGE_RING);
    let trace = Trace::of_this_thread();
    let before = refused();
    for _ in 0..COUNT {
        let error = tun
            .write(&packet)
            .err()
            .and_then(|error| Errno::from_io_error(&error));
        assert_eq!(error, Some(Errno::INVAL), "the kernel takes it");
    }
    let rise = refused() - before;
    let site = trace.most(COUNT as usize);
    let is_ours = |one: &Packet| one.data.get(LINK_HEADER..) == Some(&packet);
    recording.wait_for(COUNT as usize, is_ours);
    let recorded = recording.finish();

    assert!(
        rise >= u64::from(COUNT),
        "the interface counts {rise} of {COUNT}"
    );
    let packets = recorded.capture.packets_where(is_ours);
    assert_eq!(packets.len(), COUNT as usize, "{}", recorded.ended.stderr);
    let netns = namespace.inode().to_string();
    for packet in packets {
        assert_eq!(packet.get("netns"), netns, "{packet:?}");
        assert_eq!(packet.get("l2"), "synth", "{packet:?}");
        assert!(["", "tun0"].contains(&packet.get("dev")), "{packet:?}");
        // It was to come in.
        assert_ne!(packet.get("dir"), "out", "{packet:?}");
        let direction = packet.flags.and_then(Flags::direction);
        assert_ne!(direction, Some(Direction::Outbound), "{packet:?}");
        is_whole(packet);
        is_at(packet, &site);
    }
    must_be_readable(&recorded.file);
}
