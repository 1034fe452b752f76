//! Drops of what no protocol of the kernel takes.

use droprec_testbed::{Pair, fields, frame::Origin};

use crate::{
    batch::Batch,
    kinds::{self, COUNT},
};

#[test]
fn two_hundred_stp_bpdus_are_two_hundred_packets_that_tshark_knows_as_stp() {
    let (pair, origin) = (Pair::new(), Origin::new());
    let recorded = Batch::over(&pair, origin, &kinds::stp(origin)).must_be_recorded();
    let mut costs: Vec<u32> = fields("stp", &["stp.root.cost"], &recorded.file)
        .iter()
        .map(|cost| cost.parse().expect("tshark prints a cost as a number"))
        .collect();
    costs.sort_unstable();
    assert_eq!(costs, (0..COUNT).collect::<Vec<_>>());
    // The trap in skb->protocol, which is 0x0004 for them.
    let trap = "often seen as 0x0400 when printed without ntohs";
    let told = format!("stp && frame.comment contains \"{trap}\"");
    assert_eq!(
        fields(&told, &["frame.number"], &recorded.file).len(),
        COUNT as usize
    );
}

#[test]
fn two_hundred_frames_of_length_0x0400_are_two_hundred_packets_that_tshark_knows_as_802_3() {
    let (pair, origin) = (Pair::new(), Origin::new());
    let recorded = Batch::over(&pair, origin, &kinds::length_0x0400(origin)).must_be_recorded();
    let told =
        "llc.dsap == 0x44 && frame.comment contains \"0x0400 on the wire, which is no EtherType\"";
    let lengths = fields(told, &["eth.len"], &recorded.file);
    assert_eq!(lengths, vec!["1024"; COUNT as usize]);
}

#[test]
fn two_hundred_frames_of_an_unhandled_ethertype_are_two_hundred_packets_in_the_file() {
    let (pair, origin) = (Pair::new(), Origin::new());
    let recorded = Batch::over(&pair, origin, &origin.unhandled(COUNT)).must_be_recorded();
    let types = fields("eth.type == 0x88b5", &["eth.type"], &recorded.file);
    assert_eq!(types, vec!["0x88b5"; COUNT as usize]);
}

#[test]
fn two_hundred_unhandled_frames_of_an_unknown_vlan_are_recorded_with_their_tags() {
    let (pair, origin) = (Pair::new(), Origin::new());
    let recorded = Batch::over(&pair, origin, &kinds::unhandled_in_vlan(origin)).must_be_recorded();
    let tags = fields("vlan.etype == 0x88b5", &["vlan.id"], &recorded.file);
    assert_eq!(tags, vec!["42"; COUNT as usize]);
}

#[test]
fn two_hundred_udp_datagrams_of_an_unknown_vlan_are_recorded_with_their_tags() {
    let (pair, origin) = (Pair::new(), Origin::new());
    let recorded = Batch::over(&pair, origin, &kinds::udp_in_vlan(origin)).must_be_recorded();
    let tags = fields("vlan && udp.dstport == 9", &["vlan.id"], &recorded.file);
    assert_eq!(tags, vec!["42"; COUNT as usize]);
}
