//! A stream that says what cannot be.

use std::io::{self, Read};

use droprec_pcapng::{
    Flags,
    read::{Damage, Fault, ReadError, Reader},
    write,
};

use super::recording::{FULL, recording};

/// Reads to the first error.
fn first_error(bytes: impl Read) -> ReadError {
    let mut reader = Reader::strict(bytes);
    loop {
        match reader.next_block() {
            Ok(Some(_)) => {}
            Ok(None) => panic!("there is no error"),
            Err(error) => return error,
        }
    }
}

/// The damage found after `new` was written over the `at`th byte of the recording's block number `block`.
#[track_caller]
fn damage(block: usize, at: usize, new: &[u8]) -> Damage {
    let (mut file, ends) = recording();
    let start = if block == 0 { 0 } else { ends[block - 1] };
    file[start + at..][..new.len()].copy_from_slice(new);
    let error = first_error(&file[..]);
    assert_eq!(error.offset, start as u64, "{error}");
    match error.fault {
        Fault::Damage(damage) => damage,
        fault => panic!("{fault}"),
    }
}

/// Where in the full packet's block `bytes` stand.
fn find(bytes: &[u8]) -> usize {
    let mut block = Vec::new();
    write::packet(&mut block, &FULL).expect("it fits");
    block
        .windows(bytes.len())
        .position(|window| window == bytes)
        .expect("the packet has it")
}

#[test]
fn a_file_of_another_kind_is_named_as_such() {
    for other in [
        &b"hi"[..],
        b"#!/bin/sh\nexit 0\n",
        b"\x28\xB5\x2F\xFD and so on",
    ] {
        let error = first_error(other);
        assert_eq!(
            error.to_string(),
            "at byte 0: neither a pcapng nor a pcap file"
        );
    }
}

#[test]
fn a_section_of_an_unknown_byte_order_or_version_is_refused() {
    assert_eq!(damage(0, 8, &[1, 2, 3, 4]), Damage::Magic(0x0102_0304));
    assert_eq!(
        damage(0, 12, &2u16.to_ne_bytes()),
        Damage::Version { major: 2, minor: 0 }
    );
}

#[test]
fn a_length_that_no_block_can_have_is_refused() {
    for length in [0, 8, 13, 0x0800_0004, u32::MAX] {
        assert_eq!(damage(3, 4, &length.to_ne_bytes()), Damage::Length(length));
    }
}

#[test]
fn a_block_whose_two_lengths_differ_is_refused() {
    assert!(matches!(
        damage(3, 4, &32u32.to_ne_bytes()),
        Damage::Lengths { head: 32, .. }
    ));
}

#[test]
fn a_packet_or_count_of_an_interface_not_described_is_refused() {
    assert_eq!(
        damage(3, 8, &2u32.to_ne_bytes()),
        Damage::Interface {
            interface: 2,
            known: 2
        }
    );
    assert_eq!(
        damage(7, 8, &3u32.to_ne_bytes()),
        Damage::Interface {
            interface: 3,
            known: 3
        }
    );
}

#[test]
fn a_packet_shorter_than_its_captured_bytes_is_refused() {
    assert_eq!(
        damage(3, 24, &1u32.to_ne_bytes()),
        Damage::OriginalLen {
            caplen: 51,
            original_len: 1
        }
    );
}

#[test]
fn a_packet_that_reaches_over_the_end_of_its_block_is_refused() {
    let lengths = [1_000_000u32, 1_000_000].map(u32::to_ne_bytes).concat();
    assert!(matches!(
        damage(3, 20, &lengths),
        Damage::Fields {
            needed: 1_000_000,
            ..
        }
    ));
    let lengths = [u32::MAX; 2].map(u32::to_ne_bytes).concat();
    assert!(matches!(damage(3, 20, &lengths), Damage::Fields { .. }));
}

#[test]
fn a_comment_that_is_not_utf8_is_refused() {
    assert!(matches!(
        damage(3, find(b"NO_SOCKET"), &[0xFF]),
        Damage::Utf8 { code: 1, .. }
    ));
}

#[test]
fn a_number_option_of_another_length_is_refused() {
    let flags = FULL.flags.map_or(0, Flags::word).to_ne_bytes();
    let length_of_flags = find(&flags) - 2;
    let found = damage(3, length_of_flags, &3u16.to_ne_bytes());
    assert_eq!(
        found,
        Damage::OptionLength {
            code: 2,
            needed: 4,
            had: 3
        }
    );
}

#[test]
fn a_source_that_fails_is_told_with_the_block_that_could_not_be_read() {
    struct Failing;
    impl Read for Failing {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::Error::other("the disk is gone"))
        }
    }
    let (file, ends) = recording();
    let error = first_error((&file[..ends[2] + 5]).chain(Failing));
    assert_eq!(
        error.to_string(),
        format!("at byte {}: the disk is gone", ends[2])
    );
}
