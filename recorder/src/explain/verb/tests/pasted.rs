//! Lines of other programs, as they are pasted.

use super::*;

#[test]
fn a_line_of_another_program_is_searched_for_what_it_tells() {
    let dropwatch = "1 drops at __netif_receive_skb_core+3d2 (0xffffffff81586d82)";
    let words: Vec<&str> = dropwatch.split(' ').collect();
    for arguments in [&[dropwatch][..], &words[..]] {
        assert_eq!(names(arguments), ["__netif_receive_skb_core"]);
    }
    assert_eq!(
        names(&["NO_SOCKET", dropwatch, "STP"]),
        ["NO_SOCKET", "__netif_receive_skb_core", "STP"]
    );
    assert_eq!(
        names(&["no reason given at ip_rcv+0x12"]),
        ["ip_rcv_core (in ip_rcv)"]
    );
    let trace = "kfree_skb: skbaddr=000000002b61 rx_sk=0000 protocol=2048 location=__udp4_lib_rcv+0x4a2 reason: ";
    assert_eq!(names(&[&format!("{trace}NO_SOCKET")]), ["NO_SOCKET"]);
    assert_eq!(
        names(&[&format!("{trace}NOT_SPECIFIED")]),
        ["__udp4_lib_rcv"]
    );
    let json = r#"{"reason":"NO_SOCKET","loc":"__udp4_lib_rcv+0x235","what":"UDP"}"#;
    assert_eq!(names(&[json]), ["NO_SOCKET"]);
}

#[test]
fn in_a_line_a_place_that_knows_better_than_the_reason_is_explained() {
    let perf = "kfree_skb: skbaddr=0x1 protocol=2048 location=ping_rcv+0xb3 reason:";
    for line in [
        "NO_SOCKET at ping_rcv+0xb3",
        "ICMP echo reply dropped, no socket is open for it: NO_SOCKET at ping_rcv+0xb3 (eth0 in)",
        "droprec v=1 reason=NO_SOCKET loc=ping_rcv+0xb3 dev=eth0",
        "drop at: ping_rcv+0xb3/0xd0 (0xffffffffa2c8d1b1) drop reason: NO_SOCKET",
        "    34  NO_SOCKET  ping_rcv+0xb3    eth0",
        "@[SKB_DROP_REASON_NO_SOCKET, ping_rcv+179]: 5",
        &format!("{perf} NO_SOCKET"),
        &format!("{perf} 3"),
    ] {
        assert_eq!(names(&[line]), ["ping_rcv"], "{line}");
    }
    assert_eq!(
        names(&["NO_SOCKET at icmp_rcv+0x1"]),
        ["ping_rcv (in icmp_rcv)"]
    );
    // Of several lines each has its own.
    let lines = "1 NO_SOCKET ping_rcv+0xb3 eth0\n2 NO_SOCKET tcp_v4_rcv+0x91 eth0\n";
    assert_eq!(names(&[lines]), ["ping_rcv", "NO_SOCKET"]);
    let lines = "5 NO_SOCKET tcp_v4_rcv+0x91 eth0\n3 NOT_SPECIFIED ping_rcv+0xb3 eth0";
    assert_eq!(names(&[lines]), ["NO_SOCKET", "ping_rcv"]);
    let table = "drops  reason  location  interface\n9  -  tcp_v4_rcv+0x62  eth0\n3  NO_SOCKET  ping_rcv+0xb3  eth0";
    assert_eq!(names(&[table]), ["tcp_v4_rcv", "ping_rcv"]);
    // Asked by its name, a reason is explained.
    assert_eq!(names(&["NO_SOCKET", "ping_rcv"]), ["NO_SOCKET", "ping_rcv"]);
}

#[test]
fn a_line_of_droprecs_own_tells_of_the_frame_too() {
    let sentence = "STP BPDU dropped, no handler for its protocol: UNHANDLED_PROTO at __netif_receive_skb_core+0x6d2 (eth0 in)";
    assert_eq!(names(&[sentence]), ["STP", "UNHANDLED_PROTO"]);
    let timed = format!("18:44:02.118210 {sentence}");
    assert_eq!(names(&[&timed]), ["STP", "UNHANDLED_PROTO"]);
    let comment = "droprec v=1 loc=__netif_receive_skb_core+0x6d2 dev=eth0 proto=0x0004 what=\"LLDP, system a\"";
    assert_eq!(
        names(&[comment]),
        ["0x0004", "LLDP", "__netif_receive_skb_core"]
    );
    // Its frame has a handler.
    let other = "STP BPDU dropped, no socket is open for it: NO_SOCKET at f+0x1 (eth0 in)";
    assert_eq!(names(&[other]), ["NO_SOCKET"]);
}

#[test]
fn a_number_behind_a_word_that_is_not_known_is_no_reason() {
    for line in [
        &["IcmpOutRateLimitHost", "3", "0.0"][..],
        &["TcpExtTCPTimeWaitOverflow", "3", "0.0"],
        &["TcpExtTCPTimeWaitOverflow:", "3"],
        &["TcpExtTCPTimeWaitOverflow 3 0.0"],
    ] {
        let asked = ask(line);
        assert_eq!(asked.cards, [], "{line:?}");
        assert_eq!(asked.unknown.len(), 1, "{line:?}");
    }
    assert_eq!(names(&["UdpNoPorts", "3", "0.0"]), ["UdpNoPorts"]);
    assert_eq!(
        names(&["OVS_DROP_METER", "3"]),
        ["OVS_DROP_METER", "NO_SOCKET"]
    );
    assert_eq!(ask(&["77", "3"]).cards[0].name, "NO_SOCKET");
}

#[test]
fn a_row_of_a_table_is_searched_for_what_it_tells() {
    for row in [
        "    34  NO_SOCKET  tcp_v4_rcv+0x91    eth0@web     no socket is open for it",
        "6 NO_SOCKET",
        "SKB_DROP_REASON_NO_SOCKET (3)",
        "SKB_DROP_REASON_NO_SOCKET(3)",
        "reason:NO_SOCKET",
        "NO_SOCKET.",
        "@[NO_SOCKET]: 5",
        "frame.comment contains \"reason=NO_SOCKET\"",
        "0xffff9a7c kfree_skb_reason(SKB_DROP_REASON_NO_SOCKET) curl:812",
    ] {
        assert_eq!(names(&[row]), ["NO_SOCKET"], "{row}");
    }
    for row in [
        "     4  -       tcp_v4_rcv+0x62  eth0@web  no TCP socket takes it, or it is malformed",
        "drop at: tcp_v4_rcv+0x91/0xd00 (0xffffffffa2c8d1b1)",
        "@drops[tcp_v4_rcv+145]: 12",
        "b'tcp_v4_rcv+0x91'",
        " => tcp_v4_rcv",
    ] {
        assert_eq!(names(&[row]), ["tcp_v4_rcv"], "{row}");
    }
}

#[test]
fn a_line_of_bpftraces_map_has_the_place_and_the_reason_by_its_number() {
    for (line, expected) in [
        ("@[3]: 17", &["NO_SOCKET"][..]),
        ("@reasons[3]: 17", &["NO_SOCKET"]),
        ("@[ip_error]: 2", &["ip_error"]),
        ("@[ip_error+148]: 2", &["ip_error"]),
        ("@[ip_error, 3]: 2", &["ip_error", "NO_SOCKET"]),
        ("@[3, ip_error+148]: 2", &["ip_error", "NO_SOCKET"]),
        ("__udp4_lib_rcv 3", &["__udp4_lib_rcv", "NO_SOCKET"]),
        ("__udp4_lib_rcv+565 3", &["__udp4_lib_rcv", "NO_SOCKET"]),
        ("@[ping_rcv, 3]: 2", &["ping_rcv"]),
        // This kernel has no such reason.
        ("@[ip_error, 88]: 2", &["ip_error"]),
        ("@[NO_SOCKET, 5]: 2", &["NO_SOCKET"]),
    ] {
        assert_eq!(names(&[line]), expected, "{line}");
        if line.starts_with('@') {
            let words: Vec<&str> = line.split(' ').collect();
            assert_eq!(names(&words), expected, "{words:?}");
        }
    }
    assert_eq!(
        names(&["@[3]: 17", "@[ip_error]: 2"]),
        ["NO_SOCKET", "ip_error"]
    );
    for lines in [
        &["@[ip_error, 3]: 2\n@[ping_rcv, 3]: 5\n"][..],
        &["@[ip_error,", "3]:", "2", "@[ping_rcv,", "3]:", "5"],
    ] {
        assert_eq!(names(lines), ["ip_error", "NO_SOCKET", "ping_rcv"]);
    }
    assert_eq!(
        names(&["@[3]:", "17", "UdpNoPorts"]),
        ["NO_SOCKET", "UdpNoPorts"]
    );
    assert!(refusal("@[88]: 2").contains("none of that number"));
    refusal("@[eth0, 3]: 2");
    refusal("@[3, 4]: 2");
    refusal("@[]: 2");
}

#[test]
fn a_martian_of_the_kernels_log_has_the_reasons_that_it_may_be_dropped_for() {
    let looked_up = &["IP_RPFILTER", "IP_LOCAL_SOURCE", "IP_INVALID_SOURCE"][..];
    for (logged, expected) in [
        (
            "martian source 10.0.0.1 from 192.0.2.1, on dev eth0",
            looked_up,
        ),
        (
            "martian source 10.0.0.1 from 127.0.0.1, on dev eth0",
            &["IP_LOCALNET"],
        ),
        (
            "martian source 10.0.0.1 from 224.0.0.1, on dev eth0",
            &["IP_INVALID_SOURCE"],
        ),
        (
            "martian destination 127.0.0.1 from 192.0.2.1, dev eth0",
            &["IP_LOCALNET"],
        ),
        (
            "martian destination 0.0.0.1 from 192.0.2.1, dev eth0",
            &["IP_INVALID_DEST"],
        ),
    ] {
        for before in [
            "",
            "IPv4: ",
            "[   12.345678] IPv4: ",
            "Nov 29 06:48:01 web kernel: [   12.345678] IPv4: ",
        ] {
            let line = format!("{before}{logged}");
            assert_eq!(names(&[&line]), expected, "{line}");
            let words: Vec<&str> = line.split_whitespace().collect();
            assert_eq!(names(&words), expected, "{line}");
        }
    }
    let log = "IPv4: martian source 10.0.0.1 from 127.0.0.1, on dev eth0\nIPv4: martian destination 0.0.0.1 from 192.0.2.1, dev eth0";
    assert_eq!(names(&[log]), ["IP_LOCALNET", "IP_INVALID_DEST"]);
    assert_eq!(names(&["martian source"]).len(), 4);
    assert!(refusal("martian").contains("IP_RPFILTER"));
}

#[test]
fn the_counters_of_old_ifconfigs_and_of_netstat_are_known_with_quotes_and_without() {
    for (line, expected) in [
        (
            "RX packets:123 errors:0 dropped:206975 overruns:0 frame:0",
            &["rx_dropped", "rx_missed_errors"][..],
        ),
        (
            "RX errors 0  dropped 5  overruns 0  frame 0",
            &["rx_dropped", "rx_missed_errors"],
        ),
        (
            "12 packets pruned from receive queue because of socket buffer overrun",
            &["TcpExtPruneCalled"],
        ),
    ] {
        assert_eq!(names(&[line]), expected, "{line}");
        let words: Vec<&str> = line.split_whitespace().collect();
        assert_eq!(names(&words), expected, "{line}");
    }
}

#[test]
fn a_word_that_names_nothing_leads_to_what_it_is_about() {
    for (word, expected) in [
        ("rp_filter", "IP_RPFILTER"),
        ("conntrack", "NETFILTER_DROP"),
        ("nftables", "nft_do_chain"),
        ("iptables", "NETFILTER_DROP"),
        ("vlan", "vlan_do_receive"),
        ("softnet", "CPU_BACKLOG"),
        ("backlog", "SOCKET_BACKLOG"),
    ] {
        let said = refusal(word);
        assert!(said.contains("near it are"), "{said}");
        assert!(said.contains(expected), "{said}");
    }
}

#[test]
fn a_line_that_tells_of_hardware_has_its_trap() {
    for line in [
        "UDP 192.0.2.1:1 > 192.0.2.2:2 dropped by hardware, its route is a blackhole: trap blackhole_route (group l3_drops) (eth0 in)",
        "droprec v=1 reason=blackhole_route hw=drop trap_group=l3_drops dev=eth0 what=UDP",
        r#"{"reason":"blackhole_route","hw":"drop","trap_group":"l3_drops"}"#,
        "     2  blackhole_route  hardware (l3_drops)  eth0",
        "devlink_trap_report: bus_name=pci driver_name=mlxsw trap_name=blackhole_route trap_group_name=l3_drops",
        "  name blackhole_route type drop generic true action trap group l3_drops",
        "BLACKHOLE_ROUTE",
        "reason=blackhole_route",
    ] {
        assert_eq!(names(&[line]), ["blackhole_route"], "{line}");
    }
    for name in ["hardware", "hardware (l2_drops)", "loc=hardware"] {
        assert_eq!(names(&[name]), ["hardware"], "{name}");
    }
}
