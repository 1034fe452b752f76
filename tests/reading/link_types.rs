//! Link types: each that libpcap knows has a name, and what is in the usual ones is told.

use std::process::Command;

use droprec_testbed::fields;

use crate::{
    make::{Order, UDP, classic},
    stage::{on_disk, read_bytes, run},
};

/// What is after the Ethernet header.
fn ip() -> &'static [u8] {
    &UDP[14..]
}

fn of_type(link_type: u32, packet: &[u8]) -> Vec<u8> {
    let record = (1_700_000_000, 0, packet, packet.len() as u32);
    classic(Order::Little, 0xA1B2_C3D4, link_type, &[], &[record])
}

/// What libpcap calls a link type: it says so before it reads a packet. `None`: it does not know it.
fn by_libpcap(link_type: u32) -> Option<String> {
    let file = on_disk(&of_type(link_type, &[0; 64]));
    let mut command = Command::new("tcpdump");
    command.arg("-r").arg(file.path()).args(["-w", "/dev/null"]);
    let said = run(&mut command, b"");
    let (_, named) = said
        .err
        .split_once(", link-type ")
        .unwrap_or_else(|| panic!("{link_type}: {said:?}"));
    let (name, _) = named.split_once(", snapshot").unwrap_or((named, ""));
    name.contains('(').then(|| name.to_owned())
}

#[test]
fn every_link_type_that_libpcap_knows_has_a_name_and_no_other_has_one() {
    let mut known = 0;
    for link_type in 0..400 {
        let out = read_bytes(&of_type(link_type, &[0xFF; 64]), &["--json"]).good();
        let is_named = !out.contains(&format!("\"link type {link_type}\""));
        match by_libpcap(link_type) {
            Some(name) => {
                known += 1;
                assert!(is_named, "{link_type} is {name}: {out}");
            }
            // A newer libpcap than this machine's may know it.
            None => assert!(!is_named || link_type < 302, "{link_type}: {out}"),
        }
    }
    assert!(known > 150, "libpcap knows only {known}");
}

#[test]
fn what_is_in_a_packet_is_told_in_every_usual_framing_as_tshark_tells_it() {
    let mac = b"\x02\0\0\0\0\x01";
    let llc = b"\xaa\xaa\x03\0\0\0\x08\0";
    let data = b"\x08\x01\0\0\x02\0\0\0\0\x02\x02\0\0\0\0\x01\x02\0\0\0\0\x03\0\0";
    for (link_type, header) in [
        (0, vec![2, 0, 0, 0]),
        (0, vec![0, 0, 0, 2]),
        (1, UDP[..14].to_vec()),
        (6, [&b"\x10\x40"[..], mac, mac, llc].concat()),
        (9, b"\xff\x03\0\x21".to_vec()),
        (10, [&b"\x50"[..], mac, mac, llc].concat()),
        (50, b"\xff\x03\0\x21".to_vec()),
        (51, b"\x11\0\0\x01\0\x22\0\x21".to_vec()),
        (100, llc.to_vec()),
        (101, vec![]),
        (104, b"\x0f\0\x08\0".to_vec()),
        (105, [&data[..], llc].concat()),
        (107, b"\x18\x41\x03\xcc".to_vec()),
        (108, b"\0\0\0\x02".to_vec()),
        (113, [&b"\0\0\0\x01\0\x06"[..], mac, b"\0\0\x08\0"].concat()),
        (127, [&b"\0\0\x08\0\0\0\0\0"[..], data, llc].concat()),
        (204, b"\x01\xff\x03\0\x21".to_vec()),
        (228, vec![]),
        (
            276,
            [&b"\x08\0\0\0\0\0\0\x02\0\x01\0\x06"[..], mac, b"\0\0"].concat(),
        ),
    ] {
        let file = of_type(link_type, &[&header, ip()].concat());
        let port = fields("udp", &["udp.dstport"], on_disk(&file).path());
        assert_eq!(port, ["9"], "tshark sees no UDP in {link_type}");
        let out = read_bytes(&file, &[]).good();
        let told = "UDP 192.0.2.1:1000 > 192.0.2.2:9";
        assert!(out.contains(told), "{link_type}: {out}");
    }
}
