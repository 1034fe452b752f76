//! The filters of a live run mean for a file what they mean there; what does not go together is refused.

use crate::{
    make::{COMMENT, ETHERNET, File, IF_NAME, IF_TSRESOL, Order, UDP},
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

/// A recording of drops of two reasons, one of which has no name, in a namespace with a name and in one without.
fn recording() -> Vec<u8> {
    let mut file = File::with_interface(Order::Little, "eth0");
    for (reason, netns) in [
        ("NO_SOCKET", "4026532000 netns_name=web"),
        ("131073", "4026532001"),
    ] {
        let pairs = format!(
            "droprec v=1 reason={reason} loc=\"udp_rcv+0x1f [ip]\" dev=eth0 ifindex=2 netns={netns} dir=in len=46 what=UDP"
        );
        file = file.udp(1, &[(COMMENT, b"dropped"), (COMMENT, pairs.as_bytes())]);
    }
    file.bytes
}

/// How many drops of the recording are shown, and what is said of those that are not there.
fn asked(arguments: &[&str]) -> (usize, String) {
    let said = read_bytes(&recording(), arguments);
    assert_eq!(said.code, Some(0), "{arguments:?}: {said:?}");
    (said.out.lines().count(), said.err)
}

#[test]
fn a_name_that_no_drop_of_the_file_has_is_told_with_those_that_there_are() {
    const REASONS: &str = "it has 131073, NO_SOCKET\n";
    const PLACES: &str = "it has udp_rcv+0x1f [ip]\n";
    const NAMESPACES: &str = "it has 4026532001, web\n";
    for (option, name, rest) in [
        ("--reason", "NOSUCK", REASONS),
        ("--reason", "TCP_*", REASONS),
        ("--location", "nosuchfn", PLACES),
        ("--location", "udp_rcv+0x20", PLACES),
        ("--location", "[nf_tables]", PLACES),
        ("--netns", "nons", NAMESPACES),
        ("--netns", "4026532002", NAMESPACES),
    ] {
        let (shown, said) = asked(&[option, name]);
        assert_eq!(shown, 0, "{option} {name}");
        let begins = format!("droprec: {option} {name}: no drop of the file ");
        assert!(
            said.starts_with(&begins) && said.ends_with(rest) && said.lines().count() == 1,
            "{said}"
        );
    }
    let (_, said) = asked(&["match=nosuchfn"]);
    assert!(said.starts_with("droprec: match=nosuchfn: "), "{said}");
}

#[test]
fn an_interface_that_the_file_names_without_its_namespace_is_chosen_by_what_drops_say_of_that_too()
{
    for (arguments, shown) in [
        (&["-i", "eth0@web"][..], 1),
        (&["-i", "eth0@4026532001"], 1),
        (&["-i", "eth0@web", "-i", "eth0@4026532001"], 2),
        (&["-i", "eth0@web", "--netns", "web"], 1),
        (&["--not-interface", "eth0@web"], 1),
        (&["-i", "eth0", "--not-interface", "eth0@4026532001"], 1),
    ] {
        assert_eq!(asked(arguments), (shown, String::new()), "{arguments:?}");
    }
    let (shown, said) = asked(&["-i", "eth0@wep"]);
    assert_eq!(shown, 0);
    assert!(said.ends_with(" has this name; it has eth0\n"), "{said}");
}

#[test]
fn nothing_is_said_of_a_name_that_the_file_has_even_where_another_filter_leaves_all_out() {
    for (arguments, shown) in [
        (&["--reason", "no_*,131073"][..], 2),
        (&["--location", "udp_rcv"], 2),
        (&["--netns", "web"], 1),
        (&["--netns", "4026532001"], 1),
        (&["--reason", "NO_SOCKET", "--netns", "4026532001"], 0),
        (&["--reason", "NO_SOCKET", "--port", "1"], 0),
        (&["--reason", "NOSUCK,NO_SOCKET", "-c", "1"], 1),
        (&["--not-reason", "NO_SOCKET"], 1),
    ] {
        assert_eq!(asked(arguments), (shown, String::new()), "{arguments:?}");
    }
}

#[test]
fn a_number_is_a_reason_of_a_file_only_where_it_stands_for_one_without_a_name() {
    assert_eq!(asked(&["--reason", "131073"]), (1, String::new()));
    assert_eq!(asked(&["--until", "reason=131073"]), (2, String::new()));
    assert_eq!(asked(&["--until", "reason=NO_SOCKET"]), (1, String::new()));
    for (arguments, begins, shown) in [
        (["--reason", "3"], "droprec: --reason 3: ", 0),
        (["--until", "reason=3"], "droprec: --until reason=3: ", 2),
    ] {
        let (lines, said) = asked(&arguments);
        assert_eq!(lines, shown, "{arguments:?}");
        assert!(
            said.starts_with(begins)
                && said.contains("take the name")
                && said.contains("NO_SOCKET"),
            "{said}"
        );
    }
    let (lines, said) = asked(&["--until", "reason=NOSUCK"]);
    assert_eq!(lines, 2);
    assert!(
        said.contains("no drop of the file has this reason"),
        "{said}"
    );
}

#[test]
fn a_namespace_that_is_named_by_a_file_goes_by_the_number_of_that_file_or_is_refused() {
    let directory = tempfile::tempdir().expect("a directory under /tmp");
    let missing = directory.path().join("missing");
    let missing = missing.to_str().expect("its name is UTF-8");
    for option in ["--netns", "--not-netns"] {
        let said = read_bytes(&recording(), &[option, missing]);
        assert_eq!((said.code, said.out.as_str()), (Some(2), ""), "{said:?}");
        assert!(
            said.err
                .starts_with(&format!("droprec: {option} {missing}: ")),
            "{said:?}"
        );
    }
    let own = std::fs::metadata("/proc/self/ns/net").expect("this process has one");
    let pairs = format!(
        "droprec v=1 loc=f+0x1 netns={} len=46 what=UDP",
        std::os::unix::fs::MetadataExt::ino(&own)
    );
    let file = File::with_interface(Order::Little, "eth0")
        .udp(1, &[(COMMENT, b"dropped"), (COMMENT, pairs.as_bytes())])
        .bytes;
    let out = read_bytes(&file, &["--netns", "/proc/self/ns/net"]).good();
    assert_eq!(out.lines().count(), 1, "{out}");
}

#[test]
fn a_namespace_whose_name_is_an_escape_code_is_chosen_by_that_name() {
    let pairs = br#"droprec v=1 loc=f+0x1 dev=eth0 netns=4026532000 netns_name="web\\x1b[31m" len=46 what=UDP"#;
    let file = File::with_interface(Order::Little, "eth0")
        .udp(1, &[(COMMENT, b"dropped"), (COMMENT, pairs)])
        .bytes;
    for (option, shown) in [("--netns", 1), ("--not-netns", 0)] {
        let out = read_bytes(&file, &[option, "web\x1b[31m"]).good();
        assert_eq!(out.lines().count(), shown, "{option}: {out}");
    }
}

#[test]
fn a_reading_ends_with_a_drop_at_an_interface_as_lines_name_it() {
    assert_eq!(asked(&["--until", "dev=eth0@web"]).0, 1);
    assert_eq!(asked(&["--until", "dev=eth0@4026532001"]).0, 2);
    assert_eq!(asked(&["--until", "netns=web"]).0, 1);
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
    let never = read_bytes(&capture(), &["--until", "reason=*"]);
    assert_eq!(never.out.lines().count(), 5, "{never:?}");
    assert!(never.err.ends_with("it names none\n"), "{never:?}");
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
        &["--stack"],
        &["--interval", "1"],
        &["--top", "1"],
        &["--sort", "rate"],
        &["--style", "table"],
        &["--flight-recorder", "1M"],
        &["--until", "dir=sideways"],
    ] {
        let said = droprec(&[&["-r", path], wrong].concat(), b"");
        assert_eq!(
            (said.code, said.out.as_str()),
            (Some(2), ""),
            "{wrong:?}: {said:?}"
        );
        assert!(!said.err.is_empty());
    }
    for wrong in [
        &["--summary"][..],
        &["-r"],
        &["--interval", "1", "--summary"],
        &["--interval", "1", "--report", "x.html"],
        &["--stack", "--summary"],
        &["-q", "--report", "x.html"],
    ] {
        assert_eq!(droprec(wrong, b"").code, Some(2), "{wrong:?}");
    }
}
