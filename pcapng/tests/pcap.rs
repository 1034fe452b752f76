//! Classic capture files, made by hand from the draft.

use droprec_pcapng::{
    MAX_CAPLEN,
    read::{Block, Damage, Fault, Interface, Packet, Reader},
};

/// The header after the magic number: version 2.4, snaplen 96, an FCS of 4 bytes, bare IP.
const BIG_HEADER: &[u8] = b"\0\x02\0\x04\0\0\0\0\0\0\0\0\0\0\0\x60\x40\0\0\x65";
const LITTLE_HEADER: &[u8] = b"\x02\0\x04\0\0\0\0\0\0\0\0\0\x60\0\0\0\x65\0\0\x40";

/// At 2 s and 3 parts of a second, 5 of 9 bytes.
const BIG_RECORD: &[u8] = b"\0\0\0\x02\0\0\0\x03\0\0\0\x05\0\0\0\x09";
const LITTLE_RECORD: &[u8] = b"\x02\0\0\0\x03\0\0\0\x05\0\0\0\x09\0\0\0";

/// Interface index 2, protocol 0x0800, packet type 0: what a patched libpcap adds.
const PATCHED: &[u8] = b"\0\0\0\x02\x08\0\0\0";

/// Magic number, the rest of the header, the record's header, nanoseconds in one of its parts.
fn files() -> Vec<(Vec<u8>, u64)> {
    let file = |parts: &[&[u8]]| parts.concat();
    vec![
        (
            file(&[b"\xA1\xB2\xC3\xD4", BIG_HEADER, BIG_RECORD, b"bytes"]),
            1000,
        ),
        (
            file(&[b"\xD4\xC3\xB2\xA1", LITTLE_HEADER, LITTLE_RECORD, b"bytes"]),
            1000,
        ),
        (
            file(&[b"\xA1\xB2\x3C\x4D", BIG_HEADER, BIG_RECORD, b"bytes"]),
            1,
        ),
        (
            file(&[b"\x4D\x3C\xB2\xA1", LITTLE_HEADER, LITTLE_RECORD, b"bytes"]),
            1,
        ),
        (
            file(&[
                b"\xA1\xB2\xCD\x34",
                BIG_HEADER,
                BIG_RECORD,
                PATCHED,
                b"bytes",
            ]),
            1000,
        ),
        (
            file(&[
                b"\x34\xCD\xB2\xA1",
                LITTLE_HEADER,
                LITTLE_RECORD,
                PATCHED,
                b"bytes",
            ]),
            1000,
        ),
    ]
}

#[test]
fn each_variant_in_each_byte_order_is_one_interface_and_its_packets() {
    for (file, unit) in files() {
        let mut reader = Reader::new(&file[..]);
        let interface = Interface {
            link_type: 101,
            snaplen: 96,
            ..Interface::default()
        };
        assert_eq!(
            reader.next_block().expect("the header is good"),
            Some(Block::Interface(interface))
        );
        let packet = Packet {
            timestamp: Some(2_000_000_000 + 3 * unit),
            original_len: 9,
            data: b"bytes",
            ..Packet::default()
        };
        assert_eq!(
            reader.next_block().expect("the packet is good"),
            Some(Block::Packet(packet))
        );
        assert_eq!(reader.next_block().expect("the end is good"), None);
        assert_eq!(reader.offset(), file.len() as u64);
    }
}

#[test]
fn wherever_a_file_is_cut_the_cut_is_told_with_the_offset_of_what_is_not_whole() {
    for (file, _) in files() {
        for cut in 4..file.len() {
            let mut reader = Reader::new(&file[..cut]);
            let mut whole = 0;
            let error = loop {
                match reader.next_block() {
                    Ok(Some(_)) => whole += 1,
                    Ok(None) => break None,
                    Err(error) => break Some(error),
                }
            };
            assert_eq!(whole, usize::from(cut >= 24), "{cut}");
            let Some(error) = error else {
                assert_eq!(cut, 24);
                continue;
            };
            assert_eq!(error.offset, if cut < 24 { 0 } else { 24 });
            assert!(matches!(error.fault, Fault::Cut { .. }), "{error}");
        }
    }
}

#[test]
fn a_packet_longer_than_any_is_damage_and_takes_no_memory() {
    for (mut file, _) in files() {
        file[24 + 8..24 + 12].fill(0xFF);
        let mut reader = Reader::new(&file[..]);
        assert!(reader.next_block().expect("the header is good").is_some());
        let error = reader.next_block().expect_err("no packet is that long");
        assert_eq!(error.offset, 24);
        assert!(matches!(
            error.fault,
            Fault::Damage(Damage::Caplen {
                caplen: u32::MAX,
                most: MAX_CAPLEN
            })
        ));
    }
}

#[test]
fn a_file_of_another_version_is_refused() {
    for (mut file, _) in files() {
        file[4..6].fill(5);
        let error = Reader::new(&file[..])
            .next_block()
            .expect_err("the version is unknown");
        assert_eq!(error.to_string(), "at byte 0: unknown version 1285.4");
    }
}

#[test]
fn a_packet_is_as_long_as_the_snaplen_lets_it_be_or_as_any_other() {
    for (snaplen, len, is_good) in [
        (0, 262_144, true),
        (0, 262_145, false),
        (96, 262_144, true),
        (300_000, 300_000, true),
        (300_000, 300_001, false),
        (u32::MAX, 300_000, true),
    ] {
        let mut file = [b"\xA1\xB2\xC3\xD4", BIG_HEADER].concat();
        file[16..20].copy_from_slice(&snaplen.to_be_bytes());
        file.extend([2, 3, len, len].map(u32::to_be_bytes).concat());
        file.resize(file.len() + len as usize, 0);
        let mut reader = Reader::new(&file[..]);
        assert!(reader.next_block().expect("the header is good").is_some());
        let packet = reader.next_block();
        assert_eq!(packet.is_ok(), is_good, "{snaplen} {len}: {packet:?}");
    }
}

#[test]
fn before_version_2_4_the_shorter_length_is_that_of_the_bytes() {
    for (minor, lengths, is_good) in [
        (2, [9, 5], true),
        (3, [5, 9], true),
        (3, [9, 5], true),
        (4, [5, 9], true),
        (4, [9, 5], false),
    ] {
        let mut file = [b"\xA1\xB2\xC3\xD4", BIG_HEADER].concat();
        file[7] = minor;
        file.extend(
            [2, 3, lengths[0], lengths[1]]
                .map(u32::to_be_bytes)
                .concat(),
        );
        file.extend(b"bytes");
        let mut reader = Reader::new(&file[..]);
        assert!(reader.next_block().expect("the header is good").is_some());
        match reader.next_block() {
            Ok(Some(Block::Packet(packet))) => {
                assert!(is_good);
                assert_eq!((packet.data, packet.original_len), (&b"bytes"[..], 9));
            }
            other => assert!(!is_good, "{minor} {lengths:?}: {other:?}"),
        }
    }
}
