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
