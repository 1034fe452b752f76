//! Drops of packets that reach their host and find nobody, or do not even get that far.

use droprec_testbed::{Pair, fields, frame::Origin};

use crate::{
    batch::Batch,
    kinds::{self, COUNT},
};

#[test]
fn two_hundred_udp_datagrams_to_a_closed_port_are_two_hundred_packets_in_the_file() {
    let (pair, origin) = (Pair::new(), Origin::new());
    let recorded = Batch::over(&pair, origin, &kinds::udp(origin)).must_be_recorded();
    let ports = fields("ip && udp.dstport == 9", &["ip.dst"], &recorded.file);
    assert_eq!(ports, vec!["192.0.2.2"; COUNT as usize]);
}

#[test]
fn two_hundred_udp_datagrams_over_ipv6_to_a_closed_port_are_two_hundred_packets_in_the_file() {
    let (pair, origin) = (Pair::with_ipv6(), Origin::new());
    let recorded = Batch::over(&pair, origin, &kinds::udp6(origin)).must_be_recorded();
    let ports = fields("ipv6 && udp.dstport == 9", &["ipv6.dst"], &recorded.file);
    assert_eq!(ports, vec!["2001:db8::2"; COUNT as usize]);
}

#[test]
fn two_hundred_tcp_syns_to_a_closed_port_are_two_hundred_packets_in_the_file() {
    let (pair, origin) = (Pair::new(), Origin::new());
    let recorded = Batch::over(&pair, origin, &kinds::syn(origin)).must_be_recorded();
    let syns = fields(
        "tcp.flags.syn == 1 && tcp.flags.ack == 0",
        &["tcp.dstport"],
        &recorded.file,
    );
    assert_eq!(syns, vec!["9"; COUNT as usize]);
}

#[test]
fn two_hundred_runts_with_a_bad_ip_checksum_are_two_hundred_packets_in_the_file() {
    let (pair, origin) = (Pair::new(), Origin::new());
    let frames = kinds::runts(origin);
    let lengths: Vec<usize> = frames.iter().map(Vec::len).collect();
    assert_eq!(
        (lengths.iter().min(), lengths.iter().max()),
        (Some(&34), Some(&46))
    );
    Batch::over(&pair, origin, &frames).must_be_recorded();
}
