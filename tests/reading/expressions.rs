//! Expressions of pcap-filter(7) that make no sense for packets of a link type.

use crate::{
    make::{ETHERNET, File, IF_NAME, Order, RAW, UDP},
    stage::{droprec, on_disk, read_bytes},
};

/// A packet of each of these link types.
fn capture(link_types: &[u16]) -> Vec<u8> {
    let mut file = File::new(Order::Little);
    for (number, link_type) in (0..).zip(link_types) {
        let data = if *link_type == RAW { &UDP[14..] } else { UDP };
        file = file.interface(*link_type, 0, &[(IF_NAME, b"eth0")]).packet(
            number,
            0,
            data,
            data.len() as u32,
            &[],
        );
    }
    file.bytes
}

#[test]
fn an_expression_that_makes_no_sense_for_any_packet_is_an_error_in_libpcaps_words() {
    let directory = tempfile::tempdir().expect("a directory under /tmp");
    let page = directory.path().join("report.html");
    let page = page.to_str().expect("its name is UTF-8");
    let file = on_disk(&capture(&[ETHERNET, RAW]));
    let path = file.path().to_str().expect("its name is UTF-8");
    for (expression, complaint) in [
        ("inbound", "not supported on Ethernet"),
        ("wlan type mgt", "802.11"),
    ] {
        for arguments in [
            &[][..],
            &["--json"],
            &["--summary"],
            &["--json", "--summary"],
            &["--report", page],
        ] {
            let said = droprec(&[&["-r", path], arguments, &[expression]].concat(), b"");
            assert_eq!((said.code, said.out.as_str()), (Some(2), ""), "{said:?}");
            let (_, last) = said.err.split_once("wrong expression: ").expect("it is");
            assert!(last.contains(complaint), "{said:?}");
        }
    }
    let left = std::fs::read_dir(directory.path()).expect("it is there");
    assert_eq!(left.count(), 0, "a page was written");
}

#[test]
fn an_expression_that_makes_sense_for_some_packets_leaves_the_others_out() {
    let ours = ["ether", "host", "02:00:00:00:00:02"];
    for link_types in [[ETHERNET, RAW], [RAW, ETHERNET]] {
        let said = read_bytes(&capture(&link_types), &ours);
        assert_eq!(said.code, Some(0), "{said:?}");
        assert_eq!(said.out.lines().count(), 1, "{said:?}");
        let note = "droprec: packets of link type IP are left out: ";
        assert!(said.err.starts_with(note), "{said:?}");
        assert_eq!(said.err.lines().count(), 1, "{said:?}");
    }
    let said = read_bytes(&capture(&[RAW]), &ours);
    assert_eq!((said.code, said.out.as_str()), (Some(2), ""), "{said:?}");
}
