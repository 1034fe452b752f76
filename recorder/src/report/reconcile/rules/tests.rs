//! What single rules say, in the words of the summary.

use crate::{
    counters::Source,
    report::reconcile::{
        reconcile,
        tests::{rise, rows, said},
    },
};

#[test]
fn a_udp_socket_that_is_closed_raises_no_counter() {
    let rows = rows(&[(Some("NOT_SPECIFIED"), "udp_destruct_common+0xb9", 6)]);
    let findings = reconcile(&rows, &[rise(Source::Snmp, "UdpRcvbufErrors", 4)]);
    assert_eq!(findings[0].rest, 4);
}

#[test]
fn what_an_ipv6_header_is_refused_for_is_found_where_compilers_put_it() {
    let rows = rows(&[
        (Some("IP_NOPROTO"), "ip6_input_finish+0x5c", 3),
        (Some("NOT_SPECIFIED"), "ipv6_frag_rcv+0x829", 3),
        (Some("NOT_SPECIFIED"), "ip6_mc_input+0x15e", 8),
        (Some("UNHANDLED_PROTO"), "ip6_rcv_core+0x36f", 2),
        (Some("IP_INHDR"), "ip6_parse_tlv+0x511", 1),
    ]);
    let rises = [
        rise(Source::Snmp6, "Ip6InHdrErrors", 4),
        rise(Source::Snmp6, "Ip6InNoRoutes", 2),
        rise(Source::Snmp6, "Ip6InUnknownProtos", 3),
    ];
    assert_eq!(
        said(&rows, &rises),
        [
            "Ip6InHdrErrors rose by 4: 2 UNHANDLED_PROTO at ip6_rcv_core+0x36f; perhaps 2 of 3 NOT_SPECIFIED at \
             ipv6_frag_rcv+0x829",
            "Ip6InNoRoutes rose by 2: 2 not explained",
            "Ip6InUnknownProtos rose by 3: 3 IP_NOPROTO at ip6_input_finish+0x5c",
        ]
    );
}

#[test]
fn no_socket_of_udp_over_ipv6_may_be_a_checksum_that_is_missing() {
    let rows = rows(&[
        (Some("NO_SOCKET"), "__udp6_lib_rcv+0xe1", 5),
        (Some("UDP_CSUM"), "__udp6_lib_rcv+0xe1", 3),
    ]);
    let rises = [
        rise(Source::Snmp6, "Udp6InCsumErrors", 6),
        rise(Source::Snmp6, "Udp6NoPorts", 2),
    ];
    assert_eq!(
        said(&rows, &rises),
        [
            "Udp6InCsumErrors rose by 6: 3 UDP_CSUM at __udp6_lib_rcv+0xe1; perhaps 3 of 5 NO_SOCKET at \
             __udp6_lib_rcv+0xe1",
            "Udp6NoPorts rose by 2: perhaps 2 of 5 NO_SOCKET at __udp6_lib_rcv+0xe1",
        ]
    );
}

#[test]
fn an_icmp_error_for_a_socket_that_is_no_more_is_no_drop() {
    let lines = said(&rows(&[]), &[rise(Source::Snmp, "IcmpInErrors", 6)]);
    assert_eq!(
        lines,
        [
            "IcmpInErrors rose by 6: 6 not explained: the kernel counts here too the ICMP errors that come for sockets that \
             are no more, and frees them as consumed"
        ]
    );
}

#[test]
fn options_that_are_malformed_explain_what_a_blackhole_does_not() {
    let rows = rows(&[
        (Some("NOT_SPECIFIED"), "ip_error+0x94", 6),
        (Some("IP_INHDR"), "ip_rcv_finish_core+0x25b", 2),
    ]);
    assert_eq!(
        said(&rows, &[rise(Source::Snmp, "IpInHdrErrors", 2)]),
        ["IpInHdrErrors rose by 2: 2 IP_INHDR at ip_rcv_finish_core+0x25b"]
    );
}

#[test]
fn what_the_firewall_dropped_on_its_way_in_no_sender_is_told_of() {
    let dropped = [
        (Some("NETFILTER_DROP"), "nf_hook_slow+0x1", 23),
        (Some("NETFILTER_DROP"), "nft_do_chain+0x46f", 16),
    ];
    let mut rows = rows(&dropped);
    let out = rows.by_count()[1].place.clone();
    let index = rows.of(out);
    rows.note_sent(index);
    assert_eq!(
        said(&rows, &[rise(Source::Snmp, "IpOutDiscards", 4)]),
        ["IpOutDiscards rose by 4: perhaps 4 of 16 NETFILTER_DROP at nft_do_chain+0x46f"]
    );
}

#[test]
fn only_what_waited_for_the_other_fragments_is_given_up_by_time() {
    let rows = rows(&[
        (Some("NOT_SPECIFIED"), "ipv6_frag_rcv+0x7a4", 2),
        (Some("FRAG_REASM_TIMEOUT"), "ip6_frag_expire+0x182", 1),
    ]);
    assert_eq!(
        said(&rows, &[rise(Source::Snmp6, "Ip6ReasmTimeout", 2)]),
        [
            "Ip6ReasmTimeout rose by 2: perhaps 1 FRAG_REASM_TIMEOUT at ip6_frag_expire+0x182; 1 not explained"
        ]
    );
}

#[test]
fn drops_of_udp_and_of_udp_lite_are_told_apart_by_neither() {
    let rows = rows(&[(Some("NO_SOCKET"), "__udp4_lib_rcv+0x4bc", 7)]);
    let rises = [
        rise(Source::Snmp, "UdpNoPorts", 2),
        rise(Source::Snmp, "UdpLiteNoPorts", 5),
    ];
    assert_eq!(
        said(&rows, &rises),
        [
            "UdpLiteNoPorts rose by 5: perhaps 5 of 7 NO_SOCKET at __udp4_lib_rcv+0x4bc",
            "UdpNoPorts rose by 2: perhaps 2 of 7 NO_SOCKET at __udp4_lib_rcv+0x4bc",
        ]
    );
    // Where no counter of UDP-Lite rose, all of it is UDP's.
    assert_eq!(
        said(&rows, &[rise(Source::Snmp, "UdpNoPorts", 7)]),
        ["UdpNoPorts rose by 7: 7 NO_SOCKET at __udp4_lib_rcv+0x4bc"]
    );
}

#[test]
fn a_connection_that_was_not_begun_is_the_queues_only_where_the_queue_was_full() {
    let lines = said(&rows(&[]), &[rise(Source::Netstat, "TcpExtListenDrops", 5)]);
    assert_eq!(lines.len(), 1);
    assert!(
        lines[0].contains("as often as TcpExtListenOverflows and TcpExtTCPReqQFullDrop rose; else"),
        "{lines:?}"
    );
    let lines = said(&rows(&[]), &[rise(Source::Snmp, "IpOutNoRoutes", 5)]);
    assert!(
        lines[0].contains("the callers that it finds no way back to (TcpExtListenDrops)"),
        "{lines:?}"
    );
    let lines = said(
        &rows(&[]),
        &[rise(Source::Netstat, "TcpExtTCPReqQFullDrop", 5)],
    );
    assert!(
        lines[0].contains("the queue of connections was full (backlog"),
        "{lines:?}"
    );
}
