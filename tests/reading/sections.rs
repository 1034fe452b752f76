//! Sections and interfaces: byte orders, numbers that begin anew, names that are missing.

use crate::{
    agreement::{Seen, by_droprec, by_tshark, with_tcpdump, with_tshark},
    make::{COMMENT, ETHERNET, File, IF_NAME, IF_TSRESOL, Order, RAW, UDP},
    stage::{on_disk, read_bytes},
};

#[test]
fn both_byte_orders_are_read() {
    for order in Order::BOTH {
        let file = File::with_interface(order, "eth0")
            .udp(
                1_700_000_000_123_456_789,
                &[(COMMENT, b"one"), (COMMENT, b"two")],
            )
            .packet(0, 1_700_000_001_000_000_000, &UDP[..30], 46, &[])
            .bytes;
        let seen = with_tshark(&file, 2);
        assert_eq!(seen[0].comments, "one,two");
        with_tcpdump(&file);
    }
}

#[test]
fn each_section_has_interfaces_of_its_own_whatever_its_byte_order() {
    for (first, second) in [
        (Order::Little, Order::Big),
        (Order::Big, Order::Little),
        (Order::Big, Order::Big),
    ] {
        let file = File::with_interface(first, "first")
            .interface(ETHERNET, 0, &[(IF_NAME, b"other")])
            .udp(1_700_000_000_000_000_001, &[])
            .packet(1, 1_700_000_000_000_002, UDP, 46, &[])
            .section(second, 2, &[(COMMENT, b"of the section")])
            .interface(ETHERNET, 0, &[(IF_NAME, b"second"), (IF_TSRESOL, &[3])])
            .udp(1_700_000_000_003, &[])
            .bytes;
        let file = on_disk(&file);
        let had = by_droprec(file.path());
        let names: Vec<&str> = had.iter().map(|seen| seen.name.as_str()).collect();
        assert_eq!(names, ["first", "other", "second"]);
        // tshark 4.0 gives the interfaces of later sections the names of the first one's.
        let without_names = |seen: Vec<Seen>| -> Vec<_> {
            let seen = seen.into_iter();
            seen.map(|seen| (seen.time, seen.len, seen.comments))
                .collect()
        };
        let expected = without_names(by_tshark(file.path()));
        assert_eq!(without_names(had), expected);
        // libpcap wants all sections to be in the same byte order.
        if first == second {
            with_tcpdump(&std::fs::read(file.path()).expect("it is there"));
        }
    }
}

#[test]
fn a_packet_of_an_interface_that_only_an_earlier_section_had_is_damage() {
    let file = File::with_interface(Order::Little, "eth0").udp(1, &[]);
    let at = file.bytes.len() + 28;
    let said = read_bytes(&file.section(Order::Little, 0, &[]).udp(2, &[]).bytes, &[]);
    assert_eq!(said.out.lines().count(), 1);
    assert_eq!(
        said.one_complaint(),
        format!(
            "droprec: standard input can be read up to byte {at}: it is damaged there: it is of interface 0, where 0 are described"
        )
    );
}

#[test]
fn an_interface_that_comes_late_and_one_without_a_name_are_read() {
    let file = File::new(Order::Little)
        .interface(ETHERNET, 0, &[])
        .udp(1_700_000_000_000_001, &[])
        .interface(ETHERNET, 0, &[(IF_NAME, b"late")])
        .packet(1, 1_700_000_000_000_002, UDP, 46, &[])
        .bytes;
    let seen = with_tshark(&file, 2);
    assert_eq!((seen[0].name.as_str(), seen[1].name.as_str()), ("", "late"));
    with_tcpdump(&file);
}

#[test]
fn interfaces_of_different_link_types_are_read_each_as_what_it_is() {
    let file = File::with_interface(Order::Big, "eth0")
        .interface(RAW, 0, &[(IF_NAME, b"tun0"), (IF_TSRESOL, &[9])])
        .udp(1_700_000_000_000_000_001, &[])
        .packet(1, 1_700_000_000_000_000_002, &UDP[14..], 32, &[])
        .bytes;
    with_tshark(&file, 2);
    let out = read_bytes(&file, &[]).good();
    let udp = "UDP 192.0.2.1:1000 > 192.0.2.2:9";
    let expected = format!(
        "22:13:20.000000 {udp} (eth0), length 46\n22:13:20.000000 {udp} (tun0), length 32\n"
    );
    assert_eq!(out, expected);
}

#[test]
fn a_section_of_a_version_that_is_to_come_is_named() {
    let file = File::new(Order::Little).section(Order::Little, 9, &[]);
    let said = read_bytes(&file.bytes, &[]);
    assert!(
        said.one_complaint()
            .ends_with("up to byte 28: it is damaged there: unknown version 1.9"),
        "{said:?}"
    );
}

#[test]
fn a_file_of_interfaces_alone_has_nothing_to_show() {
    let file = File::with_interface(Order::Big, "eth0").bytes;
    assert_eq!(with_tshark(&file, 0), []);
    assert_eq!(read_bytes(&file, &[]).good(), "");
    assert!(
        read_bytes(&file, &["--summary"])
            .good()
            .starts_with("no books"),
    );
}
