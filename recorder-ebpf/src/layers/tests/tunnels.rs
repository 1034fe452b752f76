//! Claims about what is within tunnels, of frames as they travel.

use super::{
    Ask, Packet, Start, has,
    std::{vec, vec::Vec},
    walk,
    wrapped::{UDP, ethernet, ipv4, join, wrapped},
};

/// Octets from hexadecimal digits.
fn octets(hexadecimal: &str) -> Vec<u8> {
    let (pairs, rest) = hexadecimal.as_bytes().as_chunks::<2>();
    assert!(rest.is_empty(), "half an octet in {hexadecimal}");
    let octet = |pair: &[u8; 2]| {
        let digits = str::from_utf8(pair).unwrap();
        u8::from_str_radix(digits, 16).unwrap()
    };
    pairs.iter().map(octet).collect()
}

/// A PDU session container, then TCP to port 80.
const GTP_U_WITH_EXTENSION: &str = "\
    02000000000202acc10003c508004500006403c50000401100000a0000010a000002086808680050000034ff00400000\
    000900000085010001004500003803c50000400600000a3c00010a3c00020d0500500000000100000000500204000000\
    000030313233343536373839616263646566";

/// TCP to port 80 within.
const PPTP: &str = "\
    02000000000202acc10003af08004500005a03af0000402f00000a0000010a0000023001880b003a0001000000010021\
    4500003803af0000400600000a3c00010a3c00020d050050000000010000000050020400000000003031323334353637\
    3839616263646566";

/// TCP to port 80 in a session of `PPPoE`.
const COMPRESSED_PPP: &str = "\
    02000000000202acc10003008864110000070032214500002803000000400600000a1f00010a1f000200050050000000\
    01000000005002040000000000";

/// The same of a label, and a datagram to port 53 behind it.
const MPLS_IN_PPP: &str = "\
    02000000000202acc10002f788641100000700320281000071404500002c02e30000401100000a0000010a0000020035\
    00050018000030313233343536373839616263646566";

/// Two labels of multicast, then a datagram to port 53.
const MULTICAST_MPLS: &str = "\
    02000000000202acc10002db884800064040000c81404500002c02db0000401100000a1400010a140002003500020018\
    000030313233343536373839616263646566";

/// TCP to port 80 within.
const GENEVE_OF_VERSION_1: &str = "\
    02000000000202acc10003be08004500006a03be0000401100000a0000010a00000215b317c100560000400065580000\
    2a00020000000a02020000000a0108004500003803be0000400600000a3c00010a3c00020d0500500000000100000000\
    500204000000000030313233343536373839616263646566";

#[test]
fn all_labels_are_of_the_type_that_announces_the_first() {
    let frame = octets(MULTICAST_MPLS);
    assert!(has(&frame, Ask::Port(53)));
    assert!(has(&frame, Ask::Type(0x8848)));
    assert!(!has(&frame, Ask::Type(0x8847)));
}

#[test]
fn geneve_of_another_version_is_not_looked_into() {
    let mut frame = octets(GENEVE_OF_VERSION_1);
    assert!(has(&frame, Ask::Port(6081)));
    for ask in [Ask::Port(80), Ask::Type(0x6558)] {
        assert!(!has(&frame, ask), "{ask:?}");
    }
    // Its version, and the length of its options.
    let first = 14 + 20 + 8;
    assert_eq!(frame[first], 0x40);
    frame[first] = 0;
    assert!(has(&frame, Ask::Port(80)));
}

#[test]
fn the_type_in_a_header_of_gre_counts_whatever_it_announces() {
    for number in [0x88be_u16, 0x22eb, 0x880b, 0x6558, 0x2001, 0x0800] {
        for [flags, version] in [[0, 0], [0x10, 0], [0x30, 1]] {
            let header = join(&[&[flags, version], &number.to_be_bytes(), &[0; 60]]);
            let frame = join(&[&ethernet(0x0800), &ipv4(47, 9, 0), &header]);
            assert!(has(&frame, Ask::Type(number)), "{number:#x}");
            assert!(!has(&frame, Ask::Type(0x88cc)), "{number:#x}");
        }
    }
    let frames = wrapped();
    let (_, erspan) = frames.iter().find(|(name, _)| *name == "ERSPAN").unwrap();
    // What is mirrored counts too.
    assert!(has(erspan, Ask::Type(0x88be)) && has(erspan, Ask::Type(0x0800)));
}

#[test]
fn extension_headers_of_gtp_u_are_stepped_over_however_many_there_are() {
    let mut frame = octets(GTP_U_WITH_EXTENSION);
    assert!(has(&frame, Ask::Both(6, 80)));
    let first = 14 + 20 + 8 + 12;
    assert_eq!(frame[first..first + 4], [1, 0, 1, 0]);
    for _ in 0..8 {
        // Of eight bytes, another container behind it.
        frame.splice(first..first, [2, 0, 0, 0, 0, 0, 0, 0x85]);
        assert!(has(&frame, Ask::Both(6, 80)));
    }
    // It has at least four bytes.
    frame[first] = 0;
    assert!(!has(&frame, Ask::Port(80)));
}

#[test]
fn only_a_flag_of_gtp_u_s_header_says_that_an_extension_follows() {
    let mut frame = octets(GTP_U_WITH_EXTENSION);
    let header = 14 + 20 + 8;
    // A sequence number, and an octet that would be the next extension's type.
    frame[header] = 0x32;
    frame.drain(header + 12..header + 16);
    assert!(has(&frame, Ask::Port(80)));
}

#[test]
fn what_ppp_carries_is_found_in_its_own_tunnels() {
    for (frame, protocol, port) in [
        (PPTP, 6, 80),
        (COMPRESSED_PPP, 6, 80),
        (MPLS_IN_PPP, 17, 53),
    ] {
        let frame = octets(frame);
        assert!(has(&frame, Ask::Both(protocol, port)), "{port}");
        assert!(!has(&frame, Ask::Port(port + 1)), "{port}");
    }
    let labelled = octets(MPLS_IN_PPP);
    assert!(has(&labelled, Ask::Type(0x8847)) && !has(&labelled, Ask::Type(0x8848)));
}

#[test]
fn an_address_and_control_field_may_stand_before_ppp_s_protocol() {
    let (_, plain) = wrapped().swap_remove(0);
    let pppoe = join(&[&ethernet(0x8864), &[0x11, 0, 0, 7, 0, 0]]);
    for protocol in [
        &[0xff, 3, 0, 0x21][..],
        &[0xff, 3, 0x21],
        &[0, 0x21],
        &[0x21],
    ] {
        let frame = join(&[&pppoe, protocol, &plain[14..]]);
        assert!(has(&frame, Ask::Port(80)), "{protocol:?}");
    }
    // A control protocol.
    let frame = join(&[&pppoe, &[0xc0, 0x21], &plain[14..]]);
    assert!(!has(&frame, Ask::Port(80)));
}

#[test]
fn pptp_that_only_acknowledges_carries_nothing() {
    let mut frame = octets(PPTP);
    let header = 14 + 20;
    assert_eq!(frame[header..header + 2], [0x30, 1]);
    // An acknowledgement beside the sequence number.
    frame[header + 1] = 0x81;
    frame.splice(header + 12..header + 12, [0, 0, 0, 1]);
    assert!(has(&frame, Ask::Port(80)));
    frame[header] = 0x20;
    frame.drain(header + 12..header + 16);
    assert!(!has(&frame, Ask::Port(80)));
}

#[test]
fn a_tunnels_packets_are_looked_into_whichever_of_its_ports_they_have() {
    let (_, frame) = wrapped().swap_remove(0);
    let [outer, udp] = [join(&[&ethernet(0x0800), &ipv4(UDP, 9, 0)]), vec![0; 4]];
    for (port, header) in [
        (4789_u16, [8, 0, 0, 0, 0, 0, 9, 0]),
        (6081, [0, 0, 0x65, 0x58, 0, 0, 9, 0]),
    ] {
        for [source, destination] in [[port, 7777], [7777, port], [port, port]] {
            let ports = [source, destination].map(u16::to_be_bytes).concat();
            let frame = join(&[&outer, &ports, &udp, &header, &frame]);
            assert!(has(&frame, Ask::Port(80)), "{source} > {destination}");
        }
        let ports = [7777_u16, 7778].map(u16::to_be_bytes).concat();
        let frame = join(&[&outer, &ports, &udp, &header, &frame]);
        assert!(!has(&frame, Ask::Port(80)), "{port}");
    }
}

#[test]
fn a_frame_behind_a_label_is_found_with_and_without_a_control_word_whatever_its_address_begins_with()
 {
    let (_, plain) = wrapped().swap_remove(0);
    let arp = [0, 1, 8, 0, 6, 4, 0, 2, 2, 0, 0, 0, 0, 1, 10, 0, 0, 1];
    let tag = [0, 7, 8, 0];
    for (frame, ask) in [
        (plain.clone(), Ask::Port(80)),
        (join(&[&ethernet(0x0806), &arp]), Ask::Type(0x0806)),
        (
            join(&[&ethernet(0x8100), &tag, &plain[14..]]),
            Ask::Type(0x8100),
        ),
        (
            join(&[&ethernet(0x88a8), &tag, &plain[14..]]),
            Ask::Port(80),
        ),
    ] {
        for first in [0x02, 0x40, 0x64, 0xfe] {
            let mut frame = frame.clone();
            frame[0] = first;
            for control in [&[0; 4][..], &[]] {
                let label = join(&[&ethernet(0x8847), &[0, 0, 0x11, 64], control]);
                let labelled = join(&[&label, &frame]);
                assert!(has(&labelled, ask), "{first:#x} {ask:?} {control:?}");
                assert!(!has(&labelled, Ask::Type(0x86dd)), "{first:#x} {ask:?}");
            }
        }
    }
}

#[test]
fn an_ip_packet_behind_a_label_is_one_whatever_its_source_is() {
    for source in [
        [8, 0, 0, 5],
        [129, 0, 69, 5],
        [136, 168, 0, 5],
        [8, 6, 1, 5],
    ] {
        let (_, mut plain) = wrapped().swap_remove(0);
        plain[14 + 12..14 + 16].copy_from_slice(&source);
        let label = join(&[&ethernet(0x8847), &[0, 0, 0x11, 64]]);
        assert!(has(&join(&[&label, &plain[14..]]), Ask::V4(source)));
    }
}

#[test]
fn what_is_of_ciscos_in_snap_is_left_to_the_frame_which_may_be_an_inter_switch_links() {
    let snap = [0xaa, 0xaa, 3, 0, 0, 0x0c, 0, 2, 0, 0, 0, 0];
    let asked = Ask::Port(80).table();
    let walk = walk(&mut Packet(&snap), 0, Start::of_type(4), &asked, &[]);
    assert_eq!(walk.wants(), u32::MAX);
}

#[test]
fn what_macsec_encrypts_is_not_looked_into() {
    let (_, plain) = wrapped().swap_remove(0);
    for (control, expected) in [(0x00, true), (0x0c, false), (0x04, false)] {
        let tag = [control, 0, 0, 0, 0, 1, 8, 0];
        let frame = join(&[&ethernet(0x88e5), &tag, &plain[14..]]);
        assert_eq!(has(&frame, Ask::Port(80)), expected, "{control:#x}");
    }
}

#[test]
fn a_type_within_a_tunnel_is_never_a_length() {
    let (_, plain) = wrapped().swap_remove(0);
    let snap = [0xaa, 0xaa, 3, 0, 0, 0, 8, 0];
    let gre = join(&[&ethernet(0x0800), &ipv4(47, 9, 0), &[0, 0, 0, 100]]);
    assert!(!has(&join(&[&gre, &snap, &plain[14..]]), Ask::Port(80)));
}

#[test]
fn a_network_service_header_without_a_length_ends_the_walk() {
    let frame = join(&[&ethernet(0x894f), &[0, 0, 1, 4], &[0; 60]]);
    assert!(has(&frame, Ask::Type(0x894f)));
    assert!(!has(&frame, Ask::Port(80)));
}
