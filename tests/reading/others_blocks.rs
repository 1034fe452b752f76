//! Blocks that droprec does not write.

use crate::{
    agreement::{with_tcpdump, with_tshark},
    make::{COMMENT, ETHERNET, File, IF_NAME, Order, UDP},
    stage::{read_bytes, through},
};

#[test]
fn simple_and_obsolete_packet_blocks_are_read() {
    for order in Order::BOTH {
        let file = File::new(order)
            .interface(ETHERNET, 40, &[(IF_NAME, b"eth0")])
            .simple(&UDP[..40], 46)
            .simple(&UDP[..20], 20)
            .obsolete(0, 1_700_000_000_123_456, &UDP[..40], &[(COMMENT, b"old")])
            .bytes;
        let seen = with_tshark(&file, 3);
        assert_eq!((seen[0].time, seen[0].caplen, seen[0].len), (None, 40, 46));
        assert_eq!(seen[2].comments, "old");
        let out = read_bytes(&file, &[]).good();
        assert!(out.starts_with("- UDP 192.0.2.1:1000"), "{out}");
    }
}

#[test]
fn blocks_of_other_kinds_are_passed_over_wherever_they_stand() {
    let resolution = b"\x01\0\x0c\0\xc0\0\x02\x01printer\0\0\0\0\0";
    let journal = b"__REALTIME_TIMESTAMP=1700000000000000\nMESSAGE=hello\nPRIORITY=6\n\n";
    for order in Order::BOTH {
        let named = |mut file: File| {
            file.bytes.clear();
            file.block(4, resolution).bytes
        };
        let file = File::with_interface(order, "eth0");
        let resolutions = named(file.clone());
        // A key log of TLS, and a block that has only a type.
        let secrets = [&order.u32(0x544c_534b)[..], &order.u32(4), b"#abc"].concat();
        let mut file = file.udp(1_700_000_000_000_000_001, &[]);
        if order == Order::Little {
            file.bytes.extend(resolutions);
        }
        let file = file
            .block(10, &secrets)
            .block(0x7777_7777, &[])
            .block(0x8000_7777, b"local use")
            .udp(1_700_000_000_000_000_002, &[])
            .statistics(0, &[(4, &order.u64(7)), (COMMENT, b"counted")])
            .udp(1_700_000_000_000_000_003, &[])
            .bytes;
        with_tshark(&file, 3);
        with_tcpdump(&file);
        let summary = read_bytes(&file, &["--summary"]).good();
        assert!(
            summary.ends_with("statistics of the interfaces: received 7\n"),
            "{summary}"
        );
    }
    // tshark takes these for packets of their own; tcpdump and droprec do not.
    let file = File::with_interface(Order::Little, "eth0")
        .block(9, journal)
        .block(0xBAD, b"\0\0\x7e\xd9custom")
        .block(0x4000_0BAD, b"\0\0\x7e\xd9custom")
        .udp(1_700_000_000_000_000_001, &[])
        .bytes;
    with_tcpdump(&file);
}

#[test]
fn how_many_were_lost_before_a_packet_is_told_with_it() {
    for order in Order::BOTH {
        let file = File::with_interface(order, "eth0")
            .udp(1, &[(4, &order.u64(0))])
            .udp(2, &[(4, &order.u64(7))])
            .bytes;
        let lines = read_bytes(&file, &[]).good();
        assert_eq!(lines.lines().count(), 3, "{lines}");
        assert!(
            lines.ends_with("\n\t7 more lost before it at this interface\n"),
            "{lines}"
        );
        let objects = read_bytes(&file, &["--json"]).good();
        assert_eq!(objects.matches(r#""drop_count":7"#).count(), 1, "{objects}");
        assert_eq!(objects.matches("drop_count").count(), 1, "{objects}");
        let fields = ["-r", "-", "-T", "fields", "-e", "frame.drop_count"];
        assert_eq!(through("tshark", &fields, &file), b"0\n7\n");
    }
}

#[test]
fn a_zero_byte_ends_a_name_and_a_comment_as_for_tshark() {
    let file = File::with_interface(Order::Little, "eth0\0junk")
        .udp(1, &[(COMMENT, b"hello\0\0\0junk")])
        .bytes;
    let seen = with_tshark(&file, 1);
    assert_eq!(seen[0].comments, "hello");
    let line = read_bytes(&file, &["-i", "eth0"]).good();
    assert!(
        line.contains("(eth0)") && line.ends_with("\n\thello\n"),
        "{line}"
    );
}

#[test]
fn options_that_nobody_knows_are_passed_over() {
    let file = File::with_interface(Order::Little, "eth0")
        .udp(
            1_700_000_000_000_000_001,
            &[
                (0x7777, b"unknown"),
                (COMMENT, b"known"),
                (2988, b"\0\0\x7e\xd9custom"),
            ],
        )
        .bytes;
    assert_eq!(with_tshark(&file, 1)[0].comments, "known");
}

#[test]
fn a_packet_without_any_interface_is_damage() {
    for file in [
        File::new(Order::Big).udp(1, &[]),
        File::new(Order::Big).simple(UDP, 46),
        File::new(Order::Big).obsolete(0, 1, UDP, &[]),
    ] {
        let said = read_bytes(&file.bytes, &[]);
        assert_eq!(said.out, "");
        assert!(
            said.one_complaint()
                .contains("up to byte 28: it is damaged there: it is of interface 0"),
            "{said:?}"
        );
    }
}

#[test]
fn the_direction_and_the_queue_of_a_packet_are_told() {
    let file = File::with_interface(Order::Little, "eth0")
        .udp(
            1_700_000_000_000_000_001,
            &[(2, &[1, 0, 0, 0]), (6, &[7, 0, 0, 0])],
        )
        .udp(1_700_000_000_000_000_002, &[(2, &[2, 0, 0, 0])])
        .udp(1_700_000_000_000_000_003, &[(2, &[0, 0, 0, 0])])
        .bytes;
    let out = read_bytes(&file, &[]).good();
    for (line, told) in out.lines().zip(["(eth0 in)", "(eth0 out)", "(eth0)"]) {
        assert!(line.contains(told), "no {told} in {line}");
    }
    let json = read_bytes(&file, &["--json"]).good();
    assert!(
        json.lines()
            .next()
            .is_some_and(|line| line.contains("\"dir\":\"in\",\"len\":46,\"queue\":7")),
        "{json}"
    );
}

#[test]
fn statistics_of_nothing_that_is_known_cost_no_packet() {
    for (interface, count) in [(7, &[0; 8][..]), (0, &[0; 4])] {
        let file = File::with_interface(Order::Big, "eth0")
            .udp(1_700_000_000_000_000_001, &[])
            .statistics(interface, &[(4, count)])
            .udp(1_700_000_000_000_000_002, &[])
            .bytes;
        with_tshark(&file, 2);
        with_tcpdump(&file);
    }
}
