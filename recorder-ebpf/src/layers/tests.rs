extern crate std;

use std::{boxed::Box, vec, vec::Vec};

use super::*;
use crate::filter::{EITHER, EITHER_PORT, PREFIXES, WANT_BYTE};

/// Bytes of a packet, and how far into them was asked for.
struct Packet<'a>(&'a [u8]);

impl Source for Packet<'_> {
    fn read<const N: usize>(&mut self, offset: u32) -> Option<&[u8; N]> {
        assert!(N <= LONGEST, "the kernel half has no room for it");
        self.0.get(offset as usize..)?.first_chunk()
    }
}

fn nothing_asked() -> Box<Headers> {
    // SAFETY: numbers, of which zero is one. On the stack it would be long.
    unsafe { Box::new_zeroed().assume_init() }
}

/// What a filter asks for.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Ask {
    Type(u16),
    Protocol(u8),
    Port(u16),
    V4([u8; 4]),
    V6(u8),
    /// A protocol and a port of the same layer.
    Both(u8, u16),
}

impl Ask {
    fn table(self) -> Box<Headers> {
        let mut asked = nothing_asked();
        let mut prefix = |family, address, mask| {
            asked.prefixes[0] = Prefix {
                address,
                mask,
                family,
                source: EITHER,
                destination: EITHER,
                padding: [0; 2],
            };
            asked.count = 1;
            asked.layer = EITHER;
        };
        match self {
            Self::Type(number) => {
                asked.types[usize::from(number)] = WANT_BYTE;
                asked.kind = WANT_BYTE;
            }
            Self::Protocol(number) => {
                asked.protocols[usize::from(number)] = WANT_BYTE;
                asked.layer = WANT_BYTE;
            }
            Self::Port(number) => {
                for table in &mut asked.ports {
                    table[usize::from(number)] = EITHER_PORT;
                }
                asked.layer = EITHER_PORT;
            }
            Self::V4(address) => {
                let address = u32::from_be_bytes(address).into();
                prefix(IPV4, [0, address], [u64::MAX; 2]);
            }
            // The last byte of fd00::.
            Self::V6(last) => prefix(IPV6, [0xfd00 << 48, last.into()], [u64::MAX; 2]),
            Self::Both(protocol, port) => {
                asked.protocols[usize::from(protocol)] = WANT_BYTE;
                for table in &mut asked.ports {
                    table[usize::from(port)] = EITHER_PORT;
                }
                asked.layer = WANT_BYTE | EITHER_PORT;
            }
        }
        asked
    }
}

fn walked(frame: &[u8], asked: &Headers) -> Walk {
    walk(
        &mut Packet(frame),
        0,
        Start::ETHERNET,
        asked,
        &asked.prefixes,
    )
}

fn has(frame: &[u8], ask: Ask) -> bool {
    let asked = ask.table();
    walked(frame, &asked).is_complete(&asked)
}

/// Lays one header behind the other.
fn join(parts: &[&[u8]]) -> Vec<u8> {
    parts.concat()
}

fn ethernet(number: u16) -> Vec<u8> {
    join(&[&[2; 12], &number.to_be_bytes()])
}

fn tag(number: u16) -> Vec<u8> {
    join(&[&[0, 7], &number.to_be_bytes()])
}

/// From 10.0.0.`host` to 10.0.1.`host`, with four bytes of options.
fn ipv4(protocol: u8, host: u8, fragment: u16) -> Vec<u8> {
    let [high, low] = fragment.to_be_bytes();
    let fixed = [0x46, 0, 0, 0, 0, 0, high, low, 64, protocol, 0, 0];
    join(&[&fixed, &[10, 0, 0, host], &[10, 0, 1, host], &[1; 4]])
}

/// From `fd00::host` to the next one.
fn ipv6(next: u8, host: u8) -> Vec<u8> {
    let address = |last| {
        let mut address = [0; 16];
        (address[0], address[15]) = (0xfd, last);
        address
    };
    let fixed = [0x60, 0, 0, 0, 0, 0, next, 64];
    join(&[&fixed, &address(host), &address(host + 1)])
}

fn ports(source: u16, destination: u16) -> Vec<u8> {
    let [source, destination] = [source, destination].map(u16::to_be_bytes);
    join(&[&source, &destination, &[0; 4]])
}

const UDP: u8 = 17;
const TCP: u8 = 6;
const AH: u8 = 51;

/// A frame in each kind of wrapping: its name, what is around, and how many bytes of it have to be there for the innermost
/// ports to be read. Inside is UDP from port 1000 to 80, between `fd00::5` and `fd00::6` or from 10.0.0.5 to 10.0.1.5.
#[expect(clippy::too_many_lines, reason = "a table")]
fn wrapped() -> Vec<(&'static str, Vec<u8>)> {
    let udp = ports(1000, 80);
    let v4 = join(&[&ipv4(UDP, 5, 0), &udp]);
    let v6 = join(&[&ipv6(UDP, 5), &udp]);
    let frame4 = join(&[&ethernet(0x0800), &v4]);
    let outer = |protocol| join(&[&ethernet(0x0800), &ipv4(protocol, 9, 0)]);
    let outer6 = |protocol| join(&[&ethernet(0x86dd), &ipv6(protocol, 9)]);
    let to = |port| join(&[&outer(UDP), &ports(7, port)]);
    let options = [UDP, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    let label = |bottom: u8| [0_u8, 0, 0x10 | bottom, 64];
    vec![
        ("plain IPv4", frame4.clone()),
        ("plain IPv6", join(&[&ethernet(0x86dd), &v6])),
        ("tagged", join(&[&ethernet(0x8100), &tag(0x0800), &v4])),
        (
            "QinQ",
            join(&[&ethernet(0x88a8), &tag(0x8100), &tag(0x86dd), &v6]),
        ),
        (
            "SNAP",
            join(&[&ethernet(100), &[0xaa, 0xaa, 3, 0, 0, 0, 0x08, 0x00], &v4]),
        ),
        (
            "destination options",
            join(&[&ethernet(0x86dd), &ipv6(60, 5), &options, &udp]),
        ),
        (
            "hop-by-hop options, routing, and a first fragment",
            join(&[
                &ethernet(0x86dd),
                &ipv6(0, 5),
                &[43, 0, 0, 0, 0, 0, 0, 0],
                &[44, 0, 0, 0, 0, 0, 0, 0],
                &[UDP, 0, 0, 1, 0, 0, 0, 9],
                &udp,
            ]),
        ),
        (
            "an authentication header",
            join(&[
                &ethernet(0x0800),
                &ipv4(51, 5, 0),
                &[UDP, 4],
                &[0; 22],
                &udp,
            ]),
        ),
        (
            "a first fragment",
            join(&[&ethernet(0x0800), &ipv4(UDP, 5, 0x2000), &udp]),
        ),
        ("IPIP", join(&[&outer(4), &v4])),
        ("6in4", join(&[&outer(41), &v6])),
        ("4in6", join(&[&outer6(4), &v4])),
        ("GRE", join(&[&outer(47), &[0, 0, 0x08, 0x00], &v4])),
        (
            "GRE with sum, key and number, and a frame in it",
            join(&[&outer(47), &[0xb0, 0, 0x65, 0x58], &[0; 12], &frame4]),
        ),
        (
            "ERSPAN",
            join(&[&outer(47), &[0x10, 0, 0x88, 0xbe], &[0; 12], &frame4]),
        ),
        (
            "VXLAN",
            join(&[&to(4789), &[8, 0, 0, 0, 0, 0, 9, 0], &frame4]),
        ),
        (
            "VXLAN with tags around and inside",
            join(&[
                &ethernet(0x88a8),
                &tag(0x8100),
                &tag(0x86dd),
                &ipv6(UDP, 9),
                &ports(7, 4789),
                &[8, 0, 0, 0, 0, 0, 9, 0],
                &ethernet(0x8100),
                &tag(0x0800),
                &v4,
            ]),
        ),
        (
            "Geneve with options",
            join(&[&to(6081), &[1, 0, 0x65, 0x58, 0, 0, 9, 0], &[0; 4], &frame4]),
        ),
        (
            "two labels",
            join(&[&ethernet(0x8847), &label(0), &label(1), &v4]),
        ),
        (
            "a pseudowire",
            join(&[&ethernet(0x8847), &label(1), &[0; 4], &frame4]),
        ),
        ("MPLS in UDP", join(&[&to(6635), &label(1), &v6])),
        (
            "PPPoE",
            join(&[&ethernet(0x8864), &[0x11, 0, 0, 1, 0, 9, 0, 0x57], &v6]),
        ),
        (
            "a provider backbone",
            join(&[&ethernet(0x88e7), &[0; 4], &frame4]),
        ),
        (
            "GTP-U",
            join(&[&to(2152), &[0x32, 255, 0, 9, 0, 0, 0, 1], &[0; 4], &v4]),
        ),
        ("EtherIP", join(&[&outer(97), &[0x30, 0], &frame4])),
    ]
}

#[test]
fn the_innermost_ports_and_addresses_are_found_in_any_wrapping() {
    for (name, frame) in wrapped() {
        assert!(has(&frame, Ask::Port(80)), "{name}");
        assert!(has(&frame, Ask::Port(1000)), "{name}");
        assert!(has(&frame, Ask::Protocol(UDP)), "{name}");
        assert!(has(&frame, Ask::Both(UDP, 80)), "{name}");
        let address = has(&frame, Ask::V4([10, 0, 0, 5])) && has(&frame, Ask::V4([10, 0, 1, 5]));
        let address6 = has(&frame, Ask::V6(5)) && has(&frame, Ask::V6(6));
        assert!(address != address6, "{name}");
        for near in [
            Ask::Port(81),
            Ask::Port(0x5000),
            Ask::Protocol(TCP),
            Ask::V4([10, 0, 0, 6]),
            Ask::V6(4),
            Ask::Both(TCP, 80),
            Ask::Type(0x88cc),
        ] {
            assert!(!has(&frame, near), "{name}: {near:?}");
        }
    }
}

#[test]
fn a_layer_and_the_one_around_it_are_not_mixed() {
    let frames = wrapped();
    let (_, ipip) = frames.iter().find(|(name, _)| *name == "IPIP").unwrap();
    assert!(has(ipip, Ask::Protocol(4)));
    assert!(has(ipip, Ask::V4([10, 0, 0, 9])));
    assert!(!has(ipip, Ask::Both(4, 80)));
    let (_, vxlan) = frames.iter().find(|(name, _)| *name == "VXLAN").unwrap();
    let mut asked = Ask::Port(4789).table();
    assert!(walked(vxlan, &asked).is_complete(&asked));
    asked.prefixes[0] = Ask::V4([10, 0, 0, 5]).table().prefixes[0];
    (asked.count, asked.layer) = (1, EITHER | EITHER_PORT);
    assert!(!walked(vxlan, &asked).is_complete(&asked));
}

#[test]
fn types_are_found_on_every_level() {
    let frames = wrapped();
    let find = |wanted| &frames.iter().find(|(name, _)| *name == wanted).unwrap().1;
    for (name, types) in [
        ("QinQ", &[0x88a8, 0x8100, 0x86dd][..]),
        ("SNAP", &[0x0800]),
        (
            "VXLAN with tags around and inside",
            &[0x88a8, 0x86dd, 0x0800],
        ),
        ("PPPoE", &[0x8864, 0x86dd]),
    ] {
        for number in types {
            assert!(has(find(name), Ask::Type(*number)), "{name}: {number:#x}");
        }
    }
    assert!(!has(find("QinQ"), Ask::Type(0x0800)));
    // A length is no type.
    assert!(!has(find("SNAP"), Ask::Type(100)));
}

#[test]
fn a_later_fragment_has_no_ports() {
    let udp = ports(1000, 80);
    let v4 = join(&[&ethernet(0x0800), &ipv4(UDP, 5, 1), &udp]);
    let v6 = join(&[
        &ethernet(0x86dd),
        &ipv6(44, 5),
        &[UDP, 0, 0, 8, 0, 0, 0, 9],
        &udp,
    ]);
    for frame in [&v4, &v6] {
        assert!(!has(frame, Ask::Port(80)));
        assert!(has(frame, Ask::Protocol(UDP)));
        let asked = Ask::Port(80).table();
        assert_eq!(walked(frame, &asked).wants(), 0, "nothing is missing");
    }
    assert!(has(&v4, Ask::V4([10, 0, 0, 5])));
    assert!(has(&v6, Ask::V6(6)));
}

/// Cut at every byte: what was found stays found with more, and as long as ports are not found, the walk says where more is
/// wanted, which is behind the cut, until it is there.
#[test]
fn a_cut_frame_says_how_much_it_lacks() {
    let asked = Ask::Port(80).table();
    for (name, frame) in wrapped() {
        // Behind the ports are four bytes.
        let needed = frame.len() - 4;
        for cut in 0..=frame.len() {
            let walk = walked(&frame[..cut], &asked);
            assert_eq!(walk.is_complete(&asked), cut >= needed, "{name}: {cut}");
            if cut < needed {
                let wants = walk.wants() as usize;
                assert!(
                    wants > cut && wants <= needed,
                    "{name}: {cut} wants {wants}"
                );
            }
        }
    }
}

#[test]
fn addresses_stand_for_a_layer_that_is_cut_behind_them() {
    for (name, frame) in wrapped() {
        let is_v6 = has(&frame, Ask::V6(5));
        let ask = if is_v6 {
            Ask::V6(5)
        } else {
            Ask::V4([10, 0, 0, 5])
        };
        let mut was_found = false;
        for cut in 0..=frame.len() {
            let is_found = has(&frame[..cut], ask);
            assert!(is_found || !was_found, "{name}: lost at {cut}");
            was_found = is_found;
        }
        let behind = frame.len() - 8;
        assert!(has(&frame[..behind], ask), "{name}");
    }
}

#[test]
fn where_no_header_is_known_nothing_is_found_or_missing() {
    let asked = Ask::Port(80).table();
    for (name, frame) in wrapped() {
        let walk = walk(
            &mut Packet(&frame),
            0,
            Start::NOWHERE,
            &asked,
            &asked.prefixes,
        );
        assert!(!walk.is_complete(&asked) && walk.wants() == 0, "{name}");
    }
}

#[test]
fn what_is_not_what_it_was_said_to_be_is_told() {
    let asked = Ask::Port(80).table();
    for frame in [
        join(&[&ethernet(0x0800), &ipv6(UDP, 5)]),
        join(&[&ethernet(0x86dd), &ipv4(UDP, 5, 0), &[0; 40]]),
        join(&[&ethernet(0x0800), &[0x44], &[0; 40]]),
    ] {
        assert_eq!(walked(&frame, &asked).wants(), u32::MAX);
    }
}

#[test]
fn what_is_not_wanted_is_found_behind_what_is() {
    let (_, frame) = wrapped().swap_remove(9);
    let mut asked = Ask::V4([10, 0, 0, 9]).table();
    asked.ports[1][80] = NOT_BYTE;
    assert!(
        !walked(&frame, &asked).is_refused(),
        "it ends with the outer layer"
    );
    asked.any_not = 1;
    assert!(walked(&frame, &asked).is_refused());
}

#[test]
fn what_is_stepped_over_behind_an_ip_header_is_of_its_layer() {
    let udp = ports(1000, 80);
    let options = join(&[&[AH, 0, 1, 4, 0, 0, 0, 0]]);
    let authentication = join(&[&[UDP, 4, 0, 0], &[0; 20]]);
    let inner = join(&[&options, &authentication, &udp]);
    let frame = join(&[&ethernet(0x86dd), &ipv6(0, 5), &inner]);
    for protocol in [0, AH, UDP] {
        assert!(has(&frame, Ask::Protocol(protocol)), "{protocol}");
        assert!(has(&frame, Ask::Both(protocol, 80)), "{protocol}");
        assert!(!has(&frame, Ask::Both(protocol, 81)), "{protocol}");
    }
    assert!(!has(&frame, Ask::Protocol(43)));
    // Where the bytes end behind the options, they are of the layer still.
    let cut = &frame[..14 + 40 + options.len()];
    assert!(has(cut, Ask::Protocol(0)) && !has(cut, Ask::Protocol(UDP)));
}

#[test]
fn headers_without_end_come_to_one() {
    let asked = Ask::Port(80).table();
    let mut frame = ethernet(0x8100);
    for _ in 0..1000 {
        frame.extend(tag(0x8100));
    }
    assert!(!walked(&frame, &asked).is_complete(&asked));
    let zeros = vec![0; 4096];
    for start in [0x0800, 0x86dd, 0x8847, 0x88e7, 0x6558].map(Start::of_type) {
        let _ = walk(&mut Packet(&zeros), 0, start, &asked, &asked.prefixes);
    }
}

#[test]
fn prefixes_beyond_the_tables_are_asked_for_where_all_are_given() {
    let mut asked = Ask::V4([10, 0, 0, 5]).table();
    let wanted = asked.prefixes[0];
    let other = Ask::V4([10, 0, 0, 77]).table().prefixes[0];
    asked.prefixes = [other; PREFIXES];
    let mut all = vec![other; 3 * PREFIXES];
    all.push(wanted);
    asked.count = all.len() as u32;
    let (_, frame) = wrapped().swap_remove(0);
    let of = |prefixes: &[Prefix]| {
        walk(&mut Packet(&frame), 0, Start::ETHERNET, &asked, prefixes).is_complete(&asked)
    };
    assert!(of(&all));
    assert!(!of(&all[..3 * PREFIXES]));
}
