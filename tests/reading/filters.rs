//! The filters of a live run mean for a file what they mean there; what does not go together is refused.

use crate::{
    make::{ETHERNET, File, IF_NAME, IF_TSRESOL, Order, UDP},
    stage::{droprec, on_disk, read_bytes},
};

const SECOND: u64 = 1_000_000_000;
const START: u64 = 1_700_000_000 * SECOND;

/// Five packets a second apart, in turn at `eth0`, and `eth0` and `tun0` of another namespace.
fn capture() -> Vec<u8> {
    let describe = |file: File, name: &str, description: &str| {
        file.interface(
            ETHERNET,
            0,
            &[
                (IF_NAME, name.as_bytes()),
                (3, description.as_bytes()),
                (IF_TSRESOL, &[9]),
            ],
        )
    };
    let mut file = File::new(Order::Little);
    file = describe(file, "eth0", "netns 4026531840, ifindex 2");
    file = describe(file, "eth0@blue", "netns 4026532000, ifindex 2");
    file = describe(file, "tun0@blue", "netns 4026532000, ifindex 3");
    for number in 0..5 {
        file = file.packet(number as u32 % 3, START + number * SECOND, UDP, 46, &[]);
    }
    file.bytes
}

/// The interfaces of the packets that are shown.
fn shown(arguments: &[&str]) -> Vec<String> {
    let out = read_bytes(&capture(), arguments).good();
    let interface = |line: &str| {
        line.split(['(', ')'])
            .nth(1)
            .expect("it is named")
            .to_owned()
    };
    out.lines().map(interface).collect()
}

#[test]
fn an_interface_is_chosen_by_its_name_or_by_that_and_its_namespaces_number() {
    assert_eq!(
        shown(&[]),
        ["eth0", "eth0@blue", "tun0@blue", "eth0", "eth0@blue"]
    );
    assert_eq!(shown(&["-i", "eth0"]), ["eth0", "eth0"]);
    assert_eq!(shown(&["-i", "eth0@blue"]), ["eth0@blue", "eth0@blue"]);
    assert_eq!(
        shown(&["-i", "tun0@blue", "-i", "eth0"]),
        ["eth0", "tun0@blue", "eth0"]
    );
    assert_eq!(
        shown(&["-i", "eth0@4026532000"]),
        ["eth0@blue", "eth0@blue"]
    );
    assert_eq!(shown(&["-i", "eth0@4026531840"]), ["eth0", "eth0"]);
}

#[test]
fn an_interface_that_the_file_does_not_have_is_told_with_those_that_it_has() {
    let said = read_bytes(&capture(), &["-i", "eth1"]);
    assert_eq!((said.code, said.out.as_str()), (Some(0), ""));
    assert_eq!(
        said.err,
        "droprec: -i eth1: no interface of the file has this name; it has eth0, eth0@blue, tun0@blue\n"
    );
}

#[test]
fn a_reading_ends_with_the_packet_that_is_waited_for_by_what_is_known_of_others_packets_too() {
    assert_eq!(shown(&["--until", "dev=*@blue"]), ["eth0", "eth0@blue"]);
    let both = [
        "--until",
        "dev=tun0@blue len=46 what=UDP*",
        "--until",
        "dev=x",
    ];
    assert_eq!(shown(&both), ["eth0", "eth0@blue", "tun0@blue"]);
    let chosen = ["-i", "tun0@blue", "-i", "eth0", "--until", "dev=*@blue"];
    assert_eq!(shown(&chosen), ["eth0", "tun0@blue"]);
    assert_eq!(shown(&["--until", "reason=*"]).len(), 5);
    assert_eq!(shown(&["--until", "dev=eth0 len=47"]).len(), 5);
}

#[test]
fn a_count_is_of_what_is_shown() {
    assert_eq!(shown(&["-c", "2"]), ["eth0", "eth0@blue"]);
    assert_eq!(shown(&["-c", "2", "-i", "eth0"]), ["eth0", "eth0"]);
    assert_eq!(shown(&["-c", "99"]).len(), 5);
}

#[test]
fn a_duration_is_counted_from_the_files_first_packet() {
    assert_eq!(shown(&["--duration", "2"]).len(), 3);
    assert_eq!(shown(&["--duration", "500ms"]).len(), 1);
    assert_eq!(shown(&["--duration", "1h"]).len(), 5);
    assert_eq!(
        shown(&["--duration", "3", "-i", "eth0@blue"]),
        ["eth0@blue"]
    );
}

#[test]
fn what_does_not_go_with_reading_is_refused_with_status_2() {
    let file = on_disk(&capture());
    let path = file.path().to_str().expect("it is UTF-8");
    for wrong in [
        &["-w", "-"][..],
        &["-w", "x.pcapng"],
        &["-s", "100"],
        &["-U"],
        &["-B", "64"],
        &["--all"],
        &["-q"],
        &["--linktype", "native"],
        &["-c", "0"],
        &["--duration", "soon"],
        &["doctor"],
        &["demo"],
        &["-r", path],
    ] {
        let said = droprec(&[&["-r", path], wrong].concat(), b"");
        assert_eq!(
            (said.code, said.out.as_str()),
            (Some(2), ""),
            "{wrong:?}: {said:?}"
        );
        assert!(!said.err.is_empty());
    }
    for wrong in [&["--summary"][..], &["-r"]] {
        assert_eq!(droprec(wrong, b"").code, Some(2), "{wrong:?}");
    }
}
