//! Wireshark's tools and tcpdump see what was written. They must be installed.

use std::{io::Write, path::Path, process::Command};

use droprec_pcapng::{MAX_CAPLEN, link_type, write};
use tempfile::NamedTempFile;

use super::recording::{ADDRESSES, IP, recording};

/// What `tool` prints.
fn run(tool: &str, args: &[&str], file: &Path) -> String {
    let output = Command::new(tool)
        .env("TZ", "UTC")
        .args(args)
        .arg(file)
        .output();
    let output = output
        .unwrap_or_else(|error| panic!("this test needs {tool}, which does not run: {error}"));
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{tool}: {errors}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn on_disk(bytes: &[u8]) -> NamedTempFile {
    let mut file = NamedTempFile::new().expect("there is room for a file");
    file.write_all(bytes)
        .expect("there is room for the recording");
    file
}

/// A line for each packet, its fields separated by tabs.
fn tshark(fields: &[&str]) -> Vec<String> {
    let file = on_disk(&recording().0);
    let mut args = vec!["-n", "-T", "fields", "-E", "aggregator=|"];
    args.extend(fields.iter().flat_map(|field| ["-e", field]));
    args.push("-r");
    run("tshark", &args, file.path())
        .lines()
        .map(str::to_owned)
        .collect()
}

fn tcpdump() -> String {
    run(
        "tcpdump",
        &["-nn", "-e", "-tttt", "--nano", "-r"],
        on_disk(&recording().0).path(),
    )
}

#[test]
fn tshark_shows_every_option_of_a_packet() {
    let shown = tshark(&[
        "frame.packet_flags",
        "frame.drop_count",
        "frame.packet_id",
        "frame.interface_queue",
        "frame.comment",
    ]);
    let full = "0x00000011\t17\t18446612686401984120\t3\t\
        NO_SOCKET in udp_rcv+0x1a|reason=NO_SOCKET comm=\"λ\"";
    assert_eq!(shown, [full, "\t\t\t\t", "0x00000002\t\t\t\t"]);
}

#[test]
fn tshark_shows_times_lengths_and_interfaces_also_of_one_that_comes_late() {
    let shown = tshark(&[
        "frame.time_epoch",
        "frame.cap_len",
        "frame.len",
        "frame.interface_name",
    ]);
    let late = format!("1795176002.123456789\t47\t{MAX_CAPLEN}\tveth@blue");
    assert_eq!(
        shown,
        [
            "1795176000.123456789\t51\t1518\teth0",
            "1795176000.123456790\t47\t47\tnone",
            &late
        ]
    );
}

#[test]
fn tshark_sees_one_frame_in_the_pieces() {
    let shown = tshark(&["eth.dst", "vlan.id", "ip.src", "udp.dstport", "data"]);
    assert_eq!(
        shown[0],
        "02:00:00:00:00:02\t5\t192.0.2.1\t2000\t68656c6c6f"
    );
    assert_eq!(shown[1], "02:00:00:00:00:02\t\t192.0.2.1\t2000\t68656c6c6f");
}

#[test]
fn capinfos_shows_the_section_the_interfaces_and_that_there_are_statistics() {
    let shown = run("capinfos", &["-M"], on_disk(&recording().0).path());
    for line in [
        "Capture hardware:    a machine",
        "Capture oper-sys:    Linux 6.18",
        "Capture application: droprec 0.1.0",
        "Capture comment:     droprec -w drops.pcapng",
        "Number of interfaces in file: 3",
        "Name = eth0",
        "Description = ifindex 2, virtio_net",
        "Capture length = 262144",
        "Time precision = nanoseconds (9)",
        "FCS length = 0",
        "Comment = ifindex=2 type=1",
        "Number of stat entries = 1",
    ] {
        assert!(shown.contains(line), "{line:?} is not in\n{shown}");
    }
}

#[test]
fn tcpdump_shows_the_packets_with_their_times_and_tags() {
    let shown = tcpdump();
    let lines: Vec<_> = shown.lines().collect();
    assert_eq!(lines.len(), 3, "{shown}");
    let start = "2026-11-20 12:00:00.123456789 02:00:00:00:00:01 > 02:00:00:00:00:02, ethertype 802.1Q (0x8100), length 1518: vlan 5";
    assert!(lines[0].starts_with(start), "{shown}");
    assert!(
        lines[0].contains("192.0.2.1.1000 > 192.0.2.2.2000"),
        "{shown}"
    );
    assert!(
        lines[1].starts_with("2026-11-20 12:00:00.123456790 "),
        "{shown}"
    );
    assert!(
        lines[2].contains(&format!("length {MAX_CAPLEN}: ")),
        "{shown}"
    );
}

#[test]
fn tcpdump_shows_the_longest_frame() {
    let (mut bytes, _) = recording();
    let frame = vec![0; MAX_CAPLEN as usize];
    write::packet(
        &mut bytes,
        &write::Packet {
            frame: &[&frame],
            ..write::Packet::default()
        },
    )
    .expect("it fits");
    let file = on_disk(&bytes);
    let shown = run("tcpdump", &["-nn", "-e", "-r"], file.path());
    // The frame's content is no protocol that tcpdump knows: it prints the bytes, in lines that start with a tab.
    let packets = shown.lines().filter(|line| !line.starts_with('\t')).count();
    assert_eq!(packets, 4);
    assert!(!shown.contains("Invalid"));
    let lengths = run(
        "tshark",
        &["-n", "-T", "fields", "-e", "frame.cap_len", "-r"],
        file.path(),
    );
    assert!(lengths.ends_with("262144\n"));
}

/// What SLL2 says in place of the link header of [`IP`]: IPv4 from interface 2, of Ethernet, to this machine.
const COOKED: &[u8] = b"\x08\0\0\0\0\0\0\x02\0\x01\0\x06\x02\0\0\0\0\x01\0\0";

/// A file in which the same datagram comes once for each of these link types, from an interface of its own.
fn of_link_types(kinds: &[u16]) -> NamedTempFile {
    let mut file = Vec::new();
    write::section_header(&mut file, &write::Section::default()).expect("it fits");
    for (number, link_type) in (0..).zip(kinds.iter().copied()) {
        let interface = write::Interface {
            link_type,
            ..write::Interface::default()
        };
        write::interface(&mut file, &interface).expect("it fits");
        let packet = &IP[2..];
        let frame: &[&[u8]] = match link_type {
            link_type::ETHERNET => &[ADDRESSES, IP],
            link_type::LINUX_SLL2 => &[COOKED, packet],
            _ => &[packet],
        };
        let packet = write::Packet {
            interface: number,
            frame,
            ..write::Packet::default()
        };
        write::packet(&mut file, &packet).expect("it fits");
    }
    on_disk(&file)
}

#[test]
fn tshark_dissects_each_link_type_of_a_file_as_what_it_is() {
    let file = of_link_types(&[link_type::ETHERNET, link_type::RAW, link_type::LINUX_SLL2]);
    let fields = ["-e", "frame.protocols", "-e", "udp.dstport"];
    let arguments = [&["-n", "-T", "fields"], &fields[..], &["-r"]].concat();
    assert_eq!(
        run("tshark", &arguments, file.path()),
        "eth:ethertype:ip:udp:data\t2000\nraw:ip:udp:data\t2000\nsll:ethertype:ip:udp:data\t2000\n"
    );
}

#[test]
fn tcpdump_reads_a_file_of_any_one_link_type() {
    // Of a second interface of bare IP, libpcap says that its type is another than the first one's.
    for kinds in [
        &[link_type::ETHERNET; 2][..],
        &[link_type::RAW],
        &[link_type::LINUX_SLL2; 2],
    ] {
        let file = of_link_types(kinds);
        let shown = run("tcpdump", &["-nn", "-r"], file.path());
        let datagrams = shown.matches("192.0.2.1.1000 > 192.0.2.2.2000: UDP, length 5");
        assert_eq!(datagrams.count(), kinds.len(), "{kinds:?}: {shown}");
    }
}
