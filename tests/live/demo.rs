//! What `droprec demo` shows.

use droprec_testbed::{Capture, Droprec, feature, fields, tcpdump, tshark};

use crate::DROPREC;

/// What tshark must find in the demo's file.
const SHOWN: [&str; 11] = [
    "eth.type == 0x88b5",
    "eth.len == 1024",
    "stp",
    "vlan.id == 42",
    "ip.proto == 253",
    "ip.src == 127.0.0.1",
    "ip.src == 224.0.0.1",
    "ip.ttl == 1",
    "ip && udp.dstport == 9",
    "ipv6 && udp.dstport == 9",
    "tcp.flags.syn == 1",
];

#[test]
fn a_demo_writes_one_drop_of_each_of_its_kinds_into_a_file_that_both_readers_read() {
    let directory = tempfile::tempdir().expect("there is room for a directory");
    let file = directory.path().join("demo.pcapng");
    let path = file.to_string_lossy();
    let ended = Droprec::run(DROPREC, &["demo", "-v", "-w", &path]).succeeded();
    let accounting = ended.accounting();
    accounting.must_balance();

    let kinds: Vec<&str> = ended
        .stderr
        .lines()
        .skip_while(|line| !line.ends_with("; Ctrl-C ends it"))
        .skip(1)
        .map_while(|line| line.strip_prefix("droprec: "))
        .collect();
    assert!(kinds.len() > 10, "few kinds are named:\n{}", ended.stderr);
    let mut packets = Capture::read(&file).packets;
    packets.sort_by_key(|packet| packet.timestamp);
    assert_eq!(packets.len(), kinds.len(), "{}", ended.stderr);
    assert_eq!(accounting.written, kinds.len() as u64, "{accounting:?}");
    for (kind, packet) in kinds.iter().zip(&packets) {
        let reason = packet.pairs.get("reason");
        assert_eq!(reason.is_some(), feature::reasons(), "{kind}: {packet:?}");
        assert!(
            reason.is_none_or(|reason| kind.contains(reason)),
            "{kind}: {packet:?}"
        );
    }

    for filter in SHOWN {
        let found = fields(filter, &["frame.number"], &file);
        assert!(
            !found.is_empty(),
            "tshark finds no {filter} in\n{}",
            tshark(&[], &file)
        );
    }
    let lines = tcpdump(&["-q"], &file);
    let packets = lines
        .lines()
        .filter(|line| !line.starts_with(['\t', ' ']) && !line.is_empty());
    assert_eq!(packets.count(), kinds.len(), "{lines}");
}
