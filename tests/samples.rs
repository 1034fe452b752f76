//! The recordings in `samples/`: what droprec once wrote stays readable, and says what it said.

use std::fs;

use droprec_testbed::{Capture, fields, must_be_readable, samples, tcpdump};

/// What `droprec demo` causes.
const DROPS: usize = 21;

#[test]
fn both_readers_read_every_sample_to_its_end() {
    for sample in samples() {
        must_be_readable(&sample);
    }
}

#[test]
fn tshark_sees_in_every_sample_what_it_saw_when_it_was_made() {
    for sample in samples() {
        let wanted = fs::read_to_string(sample.with_file_name("fields")).unwrap();
        let wanted: Vec<&str> = wanted.lines().collect();
        let seen = fields("frame", &wanted, &sample);
        let expected = fs::read_to_string(sample.with_extension("tshark")).unwrap();
        let expected: Vec<&str> = expected.lines().collect();
        assert_eq!(seen, expected, "{}", sample.display());
    }
}

#[test]
fn tcpdump_finds_the_drops_in_every_sample_by_what_they_are() {
    for sample in samples() {
        let count = |expression| tcpdump(&["-nn", "--count", expression], &sample);
        for (expression, expected) in [
            ("", DROPS),
            ("stp", 1),
            ("ether proto 0x88b5", 1),
            ("vlan 42", 1),
            ("icmp", 0),
            ("ip6 and udp", 1),
            ("tcp[tcpflags] == tcp-syn", 2),
        ] {
            let expected = format!("{expected} packet{}", if expected == 1 { "" } else { "s" });
            assert_eq!(
                count(expression).trim(),
                expected,
                "{expression:?} in {}",
                sample.display()
            );
        }
    }
}

#[test]
fn every_sample_accounts_for_its_drops() {
    for sample in samples() {
        let capture = Capture::read(&sample);
        assert_eq!(capture.packets.len(), DROPS);
        assert_eq!(capture.statistics.len(), capture.interfaces.len());
        let sum = |count: fn(&droprec_pcapng::read::Statistics) -> Option<u64>| -> u64 {
            capture.statistics.iter().filter_map(count).sum()
        };
        assert_eq!(sum(|statistics| statistics.delivered), DROPS as u64);
        assert_eq!(sum(|statistics| statistics.dropped), 0);
    }
}

#[test]
fn a_kernel_without_reasons_gives_none() {
    for sample in samples() {
        let is_without = sample.ends_with("demo-5.10.pcapng");
        for packet in Capture::read(&sample).packets {
            assert_eq!(
                packet.pairs.contains_key("reason"),
                !is_without,
                "{packet:?}"
            );
            assert!(packet.pairs.contains_key("loc"), "{packet:?}");
        }
    }
}
