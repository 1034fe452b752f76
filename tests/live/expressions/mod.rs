//! Expressions of pcap-filter(7): droprec selects exactly what tcpdump selects from a recording of all of the same drops.

mod drops;

use std::{collections::BTreeSet, io::Write as _, path::Path};

use droprec_testbed::{Capture, Droprec, Recorded, Recording, selected, share};
use tempfile::NamedTempFile;

use self::drops::Drops;
use crate::DROPREC;

/// How many recordings there are at once. On a small machine all of them would not begin in time.
const AT_ONCE: usize = 6;

/// What a kernel can judge by itself.
const EXPRESSIONS: &[&str] = &[
    // Protocols.
    "ip",
    "ip6",
    "arp",
    "tcp",
    "udp and not port 53",
    "icmp or icmp6",
    "sctp or igmp",
    "ip proto 47",
    "ip6 proto 44",
    "ether proto 0x88b5",
    "stp",
    "llc",
    "iso",
    "not ip and not ip6 and not arp",
    // Addresses.
    "host 10.0.0.1",
    "src host 10.9.8.7 and tcp",
    "dst net 10.9.0.0/16 or ip6 net fe80::/10",
    "net 192.0.2.0 mask 255.255.255.0",
    "ip6 dst host 2001:db8::2",
    "ether dst 02:00:00:00:00:02 and ip",
    "ether broadcast",
    "ether multicast and not ether broadcast",
    "broadcast or ip multicast or ip6 multicast",
    "arp host 10.0.0.1 and arp[6:2] = 1",
    // Ports.
    "tcp port 443 and host 10.0.0.1",
    "udp dst port 53",
    "src portrange 50-1053",
    "tcp dst port 80 or tcp src port 80",
    "port http or port domain",
    // Lengths.
    "less 60",
    "greater 1000",
    "len > 60 and len < 100",
    "len = 342 or udp[4:2] = 308",
    // Bytes and arithmetic.
    "tcp[tcpflags] & (tcp-syn|tcp-ack) == tcp-syn",
    "tcp[((tcp[12:1] & 0xf0) >> 2):4] = 0x47455420",
    "ip[6:2] & 0x1fff != 0 or ip[6] & 0x20 != 0",
    "ip[0] & 0xf > 5",
    "icmp[icmptype] == icmp-echo",
    "ip[8] * 2 - ip[9] = 111 or ip[9] % 5 = 2",
    "ip[2:2] / ip[9] > 20 and ip[12] << ip[0] = 0 and 1 << ip[9] != 0",
    "udp[200] = 0x11 or udp[600:4] = 0x22222222",
    "ip and ether[ether[23]] = 6",
    "ip6[6] = 0 and ip6[40] = 6",
    // What lies between.
    "vlan",
    "vlan 7",
    "vlan 8 and vlan 7 and udp port 53",
    "vlan and tcp",
    "mpls 1000 and ip",
    "mpls and mpls and host 10.0.0.1",
    "pppoes and udp",
    "geneve 1",
    "vlan 7 or tcp port 80",
];

/// And what it cannot, with why: libpcap goes through the headers in a loop, or looks farther than the kernel half has anything.
const BEYOND: &[(&str, &str)] = &[
    ("ip6 protochain 6", "loops"),
    ("ip protochain 17 and port 53", "loops"),
    ("arp or ip[65535] = 0", "16384 bytes"),
];

/// A packet as it stands in a file: its bytes, and how many it had.
type Kept = (Vec<u8>, u32);

/// Sorted, as several processors may be at it.
fn kept(capture: &Capture) -> Vec<Kept> {
    let packets = capture.packets.iter();
    let mut kept: Vec<Kept> = packets
        .map(|packet| (packet.data.clone(), packet.original_len))
        .collect();
    kept.sort();
    kept
}

fn selected_by_tcpdump(expression: &str, file: &Path) -> Vec<Kept> {
    let mut selected = selected(expression, file);
    selected.sort();
    selected
}

/// Records the same drops with each of these expressions, and all of them without one. The one without is the first.
fn record(drops: &Drops, arguments: &[&str], expressions: &[&str]) -> Vec<Recorded> {
    let labels = drops.labels();
    let start = |expression: Option<&&str>| {
        let mut all = vec!["-v", "-B", "1024"];
        all.extend(labels.iter().flat_map(|label| ["-i", label]));
        all.extend(arguments);
        all.extend(expression);
        Recording::start(DROPREC, &all)
    };
    let recordings: Vec<Recording> = std::thread::scope(|scope| {
        let each = [None].into_iter().chain(expressions.iter().map(Some));
        let started: Vec<_> = each.map(|one| scope.spawn(move || start(one))).collect();
        let joined = started.into_iter().map(std::thread::ScopedJoinHandle::join);
        joined
            .map(|one| one.unwrap_or_else(|panicked| std::panic::resume_unwind(panicked)))
            .collect()
    });
    let count = drops.cause();
    recordings[0].wait_for(count, |_| true);
    let recorded: Vec<Recorded> = recordings.into_iter().map(Recording::finish).collect();
    let all = &recorded[0];
    assert_eq!(all.capture.packets.len(), count, "{}", all.ended.stderr);
    recorded
}

/// Demands that a recording has what tcpdump selects of all, and has counted the rest.
fn must_have_selected(expression: &str, recorded: &Recorded, expected: &[Kept]) {
    let stderr = &recorded.ended.stderr;
    let had = kept(&recorded.capture);
    assert_eq!(had, expected, "{expression}: {stderr}");
    let accounting = recorded.ended.accounting();
    assert_eq!(
        accounting.written,
        had.len() as u64,
        "{expression}: {stderr}"
    );
    assert_eq!(
        accounting.lost,
        recorded.ended.lost_in_the_midst(),
        "{expression}: {stderr}"
    );
}

fn is_judged_in_the_kernel(recorded: &Recorded) -> bool {
    recorded
        .ended
        .stderr
        .contains("expression: evaluated in the kernel\n")
}

#[test]
fn each_expression_selects_what_tcpdump_selects_and_the_kernel_judges() {
    let drops = Drops::new();
    let all = share(EXPRESSIONS.to_vec());
    for expressions in all.chunks(AT_ONCE) {
        let recorded = record(&drops, &[], expressions);
        let (all, each) = recorded.split_first().expect("there is one without");
        for (expression, recorded) in expressions.iter().zip(each) {
            let expected = selected_by_tcpdump(expression, &all.file);
            let count = expected.len();
            assert!(
                (1..all.capture.packets.len()).contains(&count),
                "{expression} shows nothing: {count}"
            );
            must_have_selected(expression, recorded, &expected);
            assert!(
                is_judged_in_the_kernel(recorded),
                "{expression}: {}",
                recorded.ended.stderr
            );
        }
    }
}

#[test]
fn what_the_kernel_cannot_judge_is_judged_in_user_space_alike() {
    let expressions: Vec<&str> = BEYOND.iter().map(|(expression, _)| *expression).collect();
    let recorded = record(&Drops::new(), &[], &expressions);
    let (all, each) = recorded.split_first().expect("there is one without");
    for ((expression, why), recorded) in BEYOND.iter().zip(each) {
        let expected = selected_by_tcpdump(expression, &all.file);
        assert!(!expected.is_empty(), "{expression} shows nothing");
        must_have_selected(expression, recorded, &expected);
        let said = recorded.ended.stderr.lines();
        let mut said =
            said.filter_map(|line| line.split_once("expression: evaluated in user space: "));
        let is_told = said.any(|(_, told)| told.contains(why));
        assert!(is_told, "{expression}: {}", recorded.ended.stderr);
    }
}

#[test]
fn an_expression_is_asked_of_no_more_bytes_than_the_file_has() {
    let expressions = [
        "udp port 53",
        "ether[49] = 0 or arp",
        "ether[50] = 0 or icmp",
        "tcp[((tcp[12:1] & 0xf0) >> 2):4] = 0x47455420",
        "vlan and udp",
        "greater 1000",
        "not ip6 net 2001:db8::/32",
        "udp[200] = 0x11 or ether[14] = 0",
    ];
    let recorded = record(&Drops::new(), &["-s", "50"], &expressions);
    let (all, each) = recorded.split_first().expect("there is one without");
    for (expression, recorded) in expressions.iter().zip(each) {
        let expected = selected_by_tcpdump(expression, &all.file);
        must_have_selected(expression, recorded, &expected);
        assert!(is_judged_in_the_kernel(recorded), "{expression}");
    }
}

#[test]
fn of_other_link_types_an_expression_selects_what_tcpdump_selects() {
    let expressions = [
        "udp port 53",
        "host 10.0.0.1 and not tcp",
        "len > 60",
        "ip6",
        "outbound",
    ];
    for link_type in ["sll2", "native"] {
        // Ethernet and bare IP do not tell which way a packet went.
        let expressions = if link_type == "sll2" {
            &expressions[..]
        } else {
            &expressions[..4]
        };
        let recorded = record(&Drops::new(), &["--linktype", link_type], expressions);
        let (all, each) = recorded.split_first().expect("there is one without");
        for (expression, recorded) in expressions.iter().zip(each) {
            let mut expected = Vec::new();
            for file in by_link_type(&all.capture) {
                expected.extend(selected(expression, file.path()));
            }
            expected.sort();
            assert!(!expected.is_empty(), "{expression} shows nothing");
            must_have_selected(expression, recorded, &expected);
        }
    }
}

/// The packets of each link type as a file that tcpdump reads: it takes one link type a file.
fn by_link_type(capture: &Capture) -> Vec<NamedTempFile> {
    let types: BTreeSet<u16> = capture
        .packets
        .iter()
        .map(|packet| packet.link_type)
        .collect();
    let file = |link_type: u16| {
        let mut bytes = Vec::new();
        let numbers = [
            0xa1b2_3c4d,
            0x0004_0002,
            0,
            0,
            262_144,
            u32::from(link_type),
        ];
        bytes.extend(numbers.iter().flat_map(|number| number.to_le_bytes()));
        for packet in capture.packets_where(|packet| packet.link_type == link_type) {
            let numbers = [0, 0, packet.data.len() as u32, packet.original_len];
            bytes.extend(numbers.iter().flat_map(|number| number.to_le_bytes()));
            bytes.extend(&packet.data);
        }
        let mut file = NamedTempFile::new().expect("there is room for a file");
        file.write_all(&bytes).expect("there is room for it");
        file
    };
    types.into_iter().map(file).collect()
}

#[test]
fn of_a_file_an_expression_selects_what_tcpdump_selects() {
    let recorded = record(&Drops::new(), &[], &[]);
    let file = recorded[0]
        .file
        .to_str()
        .expect("a path of letters and digits");
    let beyond = BEYOND.iter().map(|(expression, _)| expression);
    for expression in EXPRESSIONS.iter().chain(beyond) {
        let expected = selected(expression, &recorded[0].file).len();
        let words: Vec<&str> = expression.split(' ').collect();
        let ended = Droprec::run(DROPREC, &[&["-r", file][..], &words].concat()).succeeded();
        assert_eq!(
            ended.text().lines().count(),
            expected,
            "{expression}: {}",
            ended.text()
        );
    }
    let ended = Droprec::run(
        DROPREC,
        &["-r", file, "--summary", "--json", "-c", "1", "arp"],
    );
    let text = ended.succeeded().text().to_owned();
    assert!(text.contains("\"drops\":1"), "{text}");
}

#[test]
fn a_wrong_expression_is_refused_before_anything_is_written() {
    let directory = tempfile::tempdir().expect("a directory under /tmp");
    let file = directory.path().join("kept.pcapng");
    std::fs::write(&file, "older").expect("there is room for it");
    let path = file.to_str().expect("a path of letters and digits");
    let text = directory.path().join("expression");
    std::fs::write(&text, "tcp # all of it\nprot 80").expect("there is room for it");
    let text = text.to_str().expect("a path of letters and digits");
    for (arguments, line, mark) in [
        (
            &["-w", path, "tcp prot 80"][..],
            "    tcp prot 80\n",
            "        ^^^^\n",
        ),
        (&["-w", path, "-F", text], "    prot 80\n", "    ^^^^\n"),
        (&["tcp", "port"], "    tcp port\n", "            ^\n"),
        (
            &["-r", path, "port", "nosuch"],
            "    port nosuch\n",
            "         ^^^^^^\n",
        ),
        (&["-w", path, "inbound"], "    inbound\n", "    ^^^^^^^\n"),
    ] {
        let ended = Droprec::run(DROPREC, arguments);
        assert_eq!(
            ended.status.code(),
            Some(2),
            "{arguments:?}: {}",
            ended.stderr
        );
        let marked = format!("{line}{mark}");
        assert!(
            ended.stderr.ends_with(&marked),
            "{arguments:?}: {}",
            ended.stderr
        );
    }
    assert_eq!(
        std::fs::read_to_string(&file).expect("it is there"),
        "older"
    );
}
