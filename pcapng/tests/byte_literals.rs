//! Streams that this crate does not write, made by hand from the draft.

use droprec_pcapng::read::{
    Block, Comments, Damage, Fault, Interface, Packet, Reader, Section, Statistics,
};

/// A big-endian section without options.
const BIG_SECTION: &[u8] = b"\
    \x0A\x0D\x0D\x0A\0\0\0\x1C\x1A\x2B\x3C\x4D\0\x01\0\0\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\0\0\0\x1C";

/// A little-endian one of version 1.2, with a section length and `shb_os`.
const LITTLE_SECTION: &[u8] = b"\
    \x0A\x0D\x0D\x0A\x28\0\0\0\x4D\x3C\x2B\x1A\x01\0\x02\0\x40\0\0\0\0\0\0\0\
    \x03\0\x02\0OS\0\0\0\0\0\0\x28\0\0\0";

/// Big-endian, Ethernet, snaplen 0, `if_name` "e", time resolution left out: microseconds.
const BIG_MICROSECONDS: &[u8] = b"\
    \0\0\0\x01\0\0\0\x20\0\x01\0\0\0\0\0\0\
    \0\x02\0\x01e\0\0\0\0\0\0\0\0\0\0\x20";

/// Little-endian, raw IP (101), snaplen 65535, `if_tsresol` 2^-10, `if_tsoffset` 1000 s, an unknown option 99.
const LITTLE_BINARY: &[u8] = b"\
    \x01\0\0\0\x34\0\0\0\x65\0\0\0\xFF\xFF\0\0\
    \x09\0\x01\0\x8A\0\0\0\x0E\0\x08\0\xE8\x03\0\0\0\0\0\0\x63\0\x04\0what\0\0\0\0\x34\0\0\0";

/// Big-endian, time `0x1_0000_0002`, 5 of 9 bytes, and every option that is read.
const BIG_PACKET: &[u8] = b"\
    \0\0\0\x06\0\0\0\x5C\0\0\0\0\0\0\0\x01\0\0\0\x02\0\0\0\x05\0\0\0\x09\
    bytes\0\0\0\
    \0\x01\0\x02no\0\0\
    \0\x02\0\x04\0\0\0\x01\
    \0\x04\0\x08\0\0\0\0\0\0\0\x07\
    \0\x05\0\x08\0\0\0\0\0\0\0\x08\
    \0\x06\0\x04\0\0\0\x03\
    \0\0\0\0\
    \0\0\0\x5C";

/// Little-endian, time 512 ticks, a frame of 4 bytes, no options at all.
const LITTLE_PACKET: &[u8] = b"\
    \x06\0\0\0\x24\0\0\0\0\0\0\0\0\0\0\0\0\x02\0\0\x04\0\0\0\x04\0\0\0abcd\x24\0\0\0";

/// Big-endian, time 3 us, `isb_starttime` 1 us, `isb_ifdrop` 9.
const BIG_STATISTICS: &[u8] = b"\
    \0\0\0\x05\0\0\0\x34\0\0\0\0\0\0\0\0\0\0\0\x03\
    \0\x02\0\x08\0\0\0\0\0\0\0\x01\0\x05\0\x08\0\0\0\0\0\0\0\x09\0\0\0\0\0\0\0\x34";

/// A big-endian name resolution block with nothing in it.
const BIG_NAMES: &[u8] = b"\0\0\0\x04\0\0\0\x10\0\0\0\0\0\0\0\x10";

/// Big-endian, of interface 0, nothing lost, the time and bytes of [`BIG_PACKET`], and `pack_flags`.
const BIG_OBSOLETE_PACKET: &[u8] = b"\
    \0\0\0\x02\0\0\0\x34\0\0\0\0\0\0\0\x01\0\0\0\x02\0\0\0\x05\0\0\0\x09\
    bytes\0\0\0\0\x02\0\x04\0\0\0\x01\0\0\0\0\0\0\0\x34";

/// A big-endian simple packet block.
const BIG_SIMPLE_PACKET: &[u8] = b"\0\0\0\x03\0\0\0\x14\0\0\0\x04abcd\0\0\0\x14";

fn assert_reads(stream: &[&[u8]], expected: &[Block]) {
    let bytes = stream.concat();
    let mut reader = Reader::new(&bytes[..]);
    for block in expected {
        let mut read = reader.next_block().expect("it is good");
        if let Some(Block::Packet(packet)) = &mut read {
            packet.comments = Comments::default();
        }
        assert_eq!(read.as_ref(), Some(block));
    }
    assert_eq!(reader.next_block().expect("the end is good"), None);
    assert_eq!(reader.offset(), bytes.len() as u64);
}

fn big_interface() -> Block<'static> {
    Block::Interface(Interface {
        number: 0,
        link_type: 1,
        name: Some("e".into()),
        ..Interface::default()
    })
}

fn little_blocks() -> [Block<'static>; 3] {
    [
        Block::Section(Section {
            os: Some("OS".into()),
            ..Section::default()
        }),
        Block::Interface(Interface {
            number: 0,
            link_type: 101,
            snaplen: 65_535,
            ..Interface::default()
        }),
        Block::Packet(Packet {
            timestamp: Some(1_000_500_000_000),
            original_len: 4,
            data: b"abcd",
            ..Packet::default()
        }),
    ]
}

fn big_packet() -> Block<'static> {
    Block::Packet(Packet {
        interface: 0,
        timestamp: Some(0x1_0000_0002 * 1000),
        original_len: 9,
        data: b"bytes",
        flags: Some(droprec_pcapng::Flags::from_word(1)),
        dropcount: Some(7),
        packetid: Some(8),
        queue: Some(3),
        comments: Comments::default(),
    })
}

#[test]
fn a_big_endian_section_in_microseconds_is_read() {
    let statistics = Statistics {
        timestamp: Some(3000),
        start: Some(1000),
        dropped: Some(9),
        ..Statistics::default()
    };
    assert_reads(
        &[BIG_SECTION, BIG_MICROSECONDS, BIG_PACKET, BIG_STATISTICS],
        &[
            Block::Section(Section::default()),
            big_interface(),
            big_packet(),
            Block::Statistics(statistics, Comments::default()),
        ],
    );
}

#[test]
fn a_little_endian_section_with_binary_times_and_an_offset_is_read() {
    assert_reads(
        &[LITTLE_SECTION, LITTLE_BINARY, LITTLE_PACKET],
        &little_blocks(),
    );
}

#[test]
fn each_section_has_its_own_byte_order_and_its_own_interfaces() {
    let [section, interface, packet] = little_blocks();
    assert_reads(
        &[
            BIG_SECTION,
            BIG_MICROSECONDS,
            LITTLE_SECTION,
            LITTLE_BINARY,
            LITTLE_PACKET,
            BIG_SECTION,
            BIG_MICROSECONDS,
            BIG_PACKET,
        ],
        &[
            Block::Section(Section::default()),
            big_interface(),
            section,
            interface,
            packet,
            Block::Section(Section::default()),
            big_interface(),
            big_packet(),
        ],
    );
}

#[test]
fn a_block_of_another_type_is_passed_over_and_named() {
    assert_reads(
        &[BIG_SECTION, BIG_NAMES, BIG_MICROSECONDS],
        &[
            Block::Section(Section::default()),
            Block::Other(4),
            big_interface(),
        ],
    );
}

/// The `at`th block of a stream that is good up to it.
fn with_block<T>(stream: &[&[u8]], at: usize, look: impl Fn(Result<Block<'_>, Fault>) -> T) -> T {
    let bytes = stream.concat();
    let mut reader = Reader::new(&bytes[..]);
    for _ in 0..at {
        assert!(reader.next_block().expect("it is good").is_some());
    }
    let block = reader.next_block().map_err(|error| error.fault);
    look(block.map(|block| block.expect("there is one more")))
}

#[test]
fn a_packets_comments_are_given_in_their_order_and_what_is_not_utf8_in_them_is_replaced() {
    let mut packet = BIG_PACKET.to_vec();
    let stream = |packet: &[u8]| {
        with_block(&[BIG_SECTION, BIG_MICROSECONDS, packet], 2, |block| {
            let Ok(Block::Packet(packet)) = block else {
                panic!("{block:?} is no packet");
            };
            packet.comments.iter().map(String::from).collect::<Vec<_>>()
        })
    };
    assert_eq!(stream(&packet), ["no"]);
    let at = packet.windows(2).position(|two| two == b"no");
    packet[at.expect("it is there")] = 0xFF;
    assert_eq!(stream(&packet), ["\u{FFFD}o"]);
}

#[test]
fn a_simple_packet_has_no_time_and_is_the_first_interfaces() {
    assert_reads(
        &[BIG_SECTION, BIG_MICROSECONDS, BIG_SIMPLE_PACKET],
        &[
            Block::Section(Section::default()),
            big_interface(),
            Block::Packet(Packet {
                original_len: 4,
                data: b"abcd",
                ..Packet::default()
            }),
        ],
    );
}

#[test]
fn a_simple_packet_is_cut_to_the_snaplen_of_its_interface() {
    let mut interface = BIG_MICROSECONDS.to_vec();
    interface[15] = 3;
    let mut packet = BIG_SIMPLE_PACKET.to_vec();
    packet[11] = 200;
    with_block(&[BIG_SECTION, &interface, &packet], 2, |block| {
        let Ok(Block::Packet(packet)) = block else {
            panic!("{block:?} is no packet");
        };
        assert_eq!((packet.original_len, packet.data), (200, &b"abc"[..]));
    });
}

#[test]
fn a_simple_packet_of_no_interface_is_damage() {
    with_block(&[BIG_SECTION, BIG_SIMPLE_PACKET], 1, |block| {
        assert!(matches!(
            block,
            Err(Fault::Damage(Damage::Interface {
                interface: 0,
                known: 0
            }))
        ));
    });
}

#[test]
fn an_obsolete_packet_tells_what_was_lost_before_it_unless_that_is_unknown() {
    for (lost, dropcount) in [([0, 7], Some(7)), ([0xFF, 0xFF], None)] {
        let mut packet = BIG_OBSOLETE_PACKET.to_vec();
        packet[10..12].copy_from_slice(&lost);
        assert_reads(
            &[BIG_SECTION, BIG_MICROSECONDS, &packet],
            &[
                Block::Section(Section::default()),
                big_interface(),
                Block::Packet(Packet {
                    timestamp: Some(0x1_0000_0002 * 1000),
                    original_len: 9,
                    data: b"bytes",
                    flags: Some(droprec_pcapng::Flags::from_word(1)),
                    dropcount,
                    ..Packet::default()
                }),
            ],
        );
    }
}

#[test]
fn a_packet_said_to_be_shorter_than_its_bytes_is_read_as_it_is() {
    let mut packet = BIG_PACKET.to_vec();
    packet[27] = 2;
    with_block(&[BIG_SECTION, BIG_MICROSECONDS, &packet], 2, |block| {
        let Ok(Block::Packet(packet)) = block else {
            panic!("{block:?} is no packet");
        };
        assert_eq!((packet.original_len, packet.data), (2, &b"bytes"[..]));
    });
}

#[test]
fn a_time_that_cannot_be_told_is_none() {
    let mut packet = BIG_PACKET.to_vec();
    packet[12] = 0xFF;
    with_block(&[BIG_SECTION, BIG_MICROSECONDS, &packet], 2, |block| {
        let Ok(Block::Packet(packet)) = block else {
            panic!("{block:?} is no packet");
        };
        assert_eq!((packet.timestamp, packet.data), (None, &b"bytes"[..]));
    });
}
