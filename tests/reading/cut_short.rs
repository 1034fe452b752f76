//! Packets of which a file has too few bytes for what is asked of their headers.

use crate::{
    make::{COMMENT, ETHERNET, File, IF_NAME, Order, RAW, UDP},
    stage::read_bytes,
};

/// The UDP packet, whole and cut behind so many bytes of it.
fn capture(cut: usize) -> Vec<u8> {
    let pairs = b"droprec v=1 reason=NO_SOCKET loc=f+0x1 dev=eth0 len=46 what=UDP";
    File::with_interface(Order::Little, "eth0")
        .udp(1, &[])
        .packet(0, 2, &UDP[..cut], 46, &[(COMMENT, pairs)])
        .bytes
}

/// How many packets are shown, and what is said.
fn asked(capture: &[u8], arguments: &[&str]) -> (usize, String) {
    let said = read_bytes(capture, arguments);
    assert_eq!(said.code, Some(0), "{said:?}");
    (said.out.lines().count(), said.err)
}

const ONE: &str = "droprec: 1 packet is cut before what the filters look at: it is taken as having no such header\n";

#[test]
fn a_packet_that_is_cut_before_the_header_that_is_asked_for_is_told() {
    for (cut, arguments) in [
        (14, &["--port", "9"][..]),
        (14, &["--not-port", "9"]),
        (36, &["--port", "9"]),
        (12, &["--ethertype", "ip"]),
        (14, &["--not-port", "9", "--reason", "NO_SOCKET"]),
    ] {
        let expected = (1, ONE.to_owned());
        assert_eq!(
            asked(&capture(cut), arguments),
            expected,
            "{cut} {arguments:?}"
        );
    }
    let (_, said) = asked(&capture(14), &["--port", "9", "--summary"]);
    assert_eq!(said, ONE);
    let file = File::with_interface(Order::Little, "eth0");
    let two = file
        .packet(0, 1, &UDP[..14], 46, &[])
        .packet(0, 2, &UDP[..20], 46, &[]);
    let (_, said) = asked(&two.bytes, &["--port", "9"]);
    assert!(said.starts_with("droprec: 2 packets are cut "), "{said}");
}

#[test]
fn a_packet_without_a_byte_is_cut_before_every_header() {
    let file = File::new(Order::Little).interface(RAW, 0, &[(IF_NAME, b"tun0")]);
    let file = file.packet(0, 1, &[], 32, &[]).bytes;
    for option in ["--port", "--not-port"] {
        let (_, said) = asked(&file, &[option, "9"]);
        assert_eq!(said, ONE, "{option}");
    }
}

#[test]
fn nothing_is_said_of_a_packet_that_is_judged_by_what_there_is_of_it() {
    for (cut, arguments, shown) in [
        (14, &["--ethertype", "ip"][..], 2),
        (34, &["--addr", "192.0.2.1"], 2),
        (34, &["--not-addr", "192.0.2.1"], 0),
        (38, &["--port", "9"], 2),
        (14, &["--port", "9", "--not-reason", "NO_SOCKET"], 1),
        (
            14,
            &["--port", "9", "-i", "eth0", "--not-interface", "eth0"],
            0,
        ),
        (14, &[], 2),
    ] {
        assert_eq!(
            asked(&capture(cut), arguments),
            (shown, String::new()),
            "{cut} {arguments:?}"
        );
    }
    // Each is as short as it was.
    let short = File::new(Order::Little)
        .interface(ETHERNET, 0, &[(IF_NAME, b"eth0")])
        .packet(0, 1, &UDP[..14], 14, &[])
        .packet(0, 2, &UDP[..12], 12, &[]);
    assert_eq!(asked(&short.bytes, &["--port", "9"]), (0, String::new()));
}
