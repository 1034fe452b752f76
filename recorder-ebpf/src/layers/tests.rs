extern crate std;

mod tunnels;
mod wrapped;

use std::{boxed::Box, vec};

use super::*;
use crate::filter::{EITHER, EITHER_PORT, IPV4, IPV6, PREFIXES, WANT_BYTE};

use self::wrapped::{AH, TCP, UDP, ethernet, ipv4, ipv6, join, ports, tag, wrapped};

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
fn the_kernel_half_goes_as_far_as_sixteen_headers_of_any_kind() {
    let udp = ports(1000, 80);
    let nested = [ipv6(60, 9), join(&[&[41, 10], &[0; 86]])].concat();
    let label = [0, 0, 0x10, 64];
    let pppoe = [0x11, 0, 0, 1, 0, 9, 0x00, 0x57];
    for (start, headers) in [
        (
            0x8100,
            join(&[
                &tag(0x8100).repeat(13),
                &tag(0x0800),
                &ipv4(UDP, 5, 0),
                &udp,
            ]),
        ),
        // Five tunnels, each with an IP header and options.
        (0x86dd, join(&[&nested.repeat(5), &ipv6(UDP, 5), &udp])),
        (
            0x86dd,
            join(&[&ipv6(41, 9).repeat(14), &ipv6(UDP, 5), &udp]),
        ),
        (
            0x8847,
            join(&[&label.repeat(13), &[0, 0, 0x11, 64], &ipv6(UDP, 5), &udp]),
        ),
        (
            0x8864,
            join(&[&pppoe, &ipv6(41, 9).repeat(11), &ipv6(UDP, 5), &udp]),
        ),
    ] {
        let asked = Ask::Port(80).table();
        let mut walk = Walk::from(0, Start::of_type(start));
        let mut steps = 1;
        while walk.step(&mut Packet(&headers), &asked, &asked.prefixes) {
            steps += 1;
        }
        assert!(walk.is_complete(&asked), "{start:#x}");
        assert!(steps <= MOST, "{start:#x}: {steps} steps");
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
