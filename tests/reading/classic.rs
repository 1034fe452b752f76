//! Classic capture files: each magic number, in each byte order.

use droprec_testbed::tcpdump;

use crate::{
    agreement::{with_tcpdump, with_tshark},
    make::{Order, Record, UDP, classic},
    stage::{on_disk, read_bytes},
};

const RECORDS: &[Record<'_>] = &[
    (1_700_000_000, 123_456, UDP, 46),
    (1_700_000_001, 0, UDP.split_at(30).0, 46),
];

/// Interface index, protocol and kind of packet, as Alexey Kuznetzov's libpcap has them; and what others added to them.
const KUZNETZOV: &[u8] = b"\x02\0\0\0\x08\0\0\0";

#[test]
fn microseconds_and_nanoseconds_in_both_byte_orders_are_read() {
    for magic in [0xA1B2_C3D4, 0xA1B2_3C4D] {
        for order in Order::BOTH {
            let file = classic(order, magic, 1, &[], RECORDS);
            with_tshark(&file, 2);
            with_tcpdump(&file);
        }
    }
}

#[test]
fn a_patched_libpcaps_files_are_read() {
    for order in Order::BOTH {
        let file = classic(order, 0xA1B2_CD34, 1, KUZNETZOV, RECORDS);
        with_tcpdump(&file);
        let out = read_bytes(&file, &[]).good();
        assert!(
            out.contains(" UDP 192.0.2.1:1000 > 192.0.2.2:9, length 46\n"),
            "{out}"
        );
    }
}

#[test]
fn what_the_header_says_of_a_check_sequence_is_no_part_of_the_link_type() {
    for order in Order::BOTH {
        let file = classic(order, 0xA1B2_C3D4, 1 | 1 << 26 | 2 << 28, &[], RECORDS);
        with_tcpdump(&file);
        let out = read_bytes(&file, &[]).good();
        assert!(out.contains(" UDP 192.0.2.1:1000"), "{out}");
    }
}

#[test]
fn a_link_type_above_the_registry_is_not_taken_for_one_in_it() {
    let file = classic(Order::Little, 0xA1B2_C3D4, 0x0224_0001, &[], RECORDS);
    let out = read_bytes(&file, &[]).good();
    assert!(out.contains(" link type 35913729, length 46\n"), "{out}");
}

#[test]
fn in_old_versions_either_length_may_come_first() {
    for (minor, order) in [(2, Order::Little), (3, Order::Big)] {
        let mut file = classic(order, 0xA1B2_C3D4, 1, &[], &RECORDS[1..]);
        file[6..8].copy_from_slice(&order.u16(minor));
        let said = read_bytes(&file, &["--json"]).good();
        let file_is_swapped = {
            let mut file = file.clone();
            let (caplen, len) = (file[32..36].to_vec(), file[36..40].to_vec());
            file[32..36].copy_from_slice(&len);
            file[36..40].copy_from_slice(&caplen);
            file
        };
        let swapped = read_bytes(&file_is_swapped, &["--json"]).good();
        assert_eq!(said, swapped);
        assert!(said.contains("\"len\":46,\"caplen\":30"), "{said}");
        let seen = tcpdump(&[], on_disk(&file_is_swapped).path());
        assert!(seen.contains("length 46"), "{seen}");
    }
}
