//! Drops of IPv4, IPv6 and ICMP.

use super::{Rule, UNTOLD, all, some};
use crate::counters::Source::{Link, Netstat, Snmp, Snmp6};

const IP_IN: &[&str] = &["ip_rcv*", "ip_list_rcv*", "ip_sublist_rcv*"];
const IP6_IN: &[&str] = &[
    "ip6_rcv*",
    "ipv6_rcv*",
    "ipv6_list_rcv*",
    "ip6_sublist_rcv*",
];
/// Why fragments are given up: a copy of one (`DUP_FRAG`) is dropped alone, and the others wait on.
const REASSEMBLY: &[&str] = &["FRAG_*", "NOMEM", "IP_INHDR", "PKT_TOO_*", UNTOLD];
const ICMP: &[&str] = &["icmp_rcv"];
const ICMP6: &[&str] = &["icmpv6_rcv"];

pub(super) const RULES: &[Rule] = &[
    // IPv4.
    // net/ipv4/ip_input.c, ip_rcv_core
    all(
        IP_IN,
        &["IP_CSUM"],
        &[(Netstat, "IpExtInCsumErrors"), (Snmp, "IpInHdrErrors")],
    ),
    // net/ipv4/ip_input.c, ip_rcv_core, ip_rcv_options
    all(IP_IN, &["IP_INHDR"], &[(Snmp, "IpInHdrErrors")]),
    // net/ipv4/ip_input.c, ip_rcv_core
    all(
        IP_IN,
        &["PKT_TOO_SMALL"],
        &[(Netstat, "IpExtInTruncatedPkts")],
    ),
    // net/ipv4/ip_input.c, ip_rcv_core; net/ipv6/ip6_input.c, ip6_rcv_core (v5.19)
    all(
        &[
            "ip_rcv*",
            "ip_list_rcv*",
            "ip_sublist_rcv*",
            "ip6_rcv*",
            "ipv6_rcv*",
            "ipv6_list_rcv*",
        ],
        &["OTHERHOST"],
        &[(Link, "rx_otherhost_dropped")],
    ),
    // net/ipv4/ip_input.c, ip_rcv_finish_core
    all(
        IP_IN,
        &["IP_RPFILTER"],
        &[(Netstat, "TcpExtIPReversePathFilter")],
    ),
    // net/ipv4/route.c, ip_error
    all(
        &["ip_error"],
        &["IP_INADDRERRORS"],
        &[(Snmp, "IpInAddrErrors")],
    ),
    // net/ipv4/route.c, ip_error
    all(
        &["ip_error"],
        &["IP_INNOROUTES"],
        &[(Netstat, "IpExtInNoRoutes")],
    ),
    // net/ipv4/ip_forward.c, ip_forward
    all(&["ip_forward"], &["IP_INHDR"], &[(Snmp, "IpInHdrErrors")]),
    // net/ipv4/ip_forward.c, ip_forward
    all(&["ip_forward"], &["PKT_TOO_BIG"], &[(Snmp, "IpFragFails")]),
    // net/ipv4/ip_input.c, ip_protocol_deliver_rcu
    all(
        &["ip_protocol_deliver_rcu", "ip_local_deliver*"],
        &["IP_NOPROTO"],
        &[(Snmp, "IpInUnknownProtos")],
    ),
    // net/ipv4/ip_output.c, __ip_queue_xmit
    all(
        &["__ip_queue_xmit", "ip_queue_xmit"],
        &["IP_OUTNOROUTES"],
        &[(Snmp, "IpOutNoRoutes")],
    ),
    // net/ipv4/ip_input.c, ip_rcv_core, ip_rcv_finish_core, ip_rcv_options
    some(
        &["ip_rcv*", "ip_list_rcv*", "ip_sublist_rcv*"],
        &[UNTOLD],
        &[
            (Snmp, "IpInHdrErrors"),
            (Netstat, "IpExtInCsumErrors"),
            (Netstat, "IpExtInTruncatedPkts"),
            (Snmp, "IpInDiscards"),
            (Netstat, "TcpExtIPReversePathFilter"),
        ],
    ),
    // Those of a blackhole or a prohibited route are not counted.
    // net/ipv4/route.c, ip_error
    some(
        &["ip_error"],
        &[UNTOLD],
        &[(Snmp, "IpInAddrErrors"), (Netstat, "IpExtInNoRoutes")],
    ),
    // net/ipv4/ip_forward.c, ip_forward
    some(
        &["ip_forward"],
        &[UNTOLD],
        &[(Snmp, "IpInHdrErrors"), (Snmp, "IpFragFails")],
    ),
    // net/ipv4/ip_input.c, ip_protocol_deliver_rcu
    some(
        &["ip_protocol_deliver_rcu", "ip_local_deliver*"],
        &[UNTOLD],
        &[(Snmp, "IpInUnknownProtos")],
    ),
    // net/ipv4/ip_output.c, __ip_queue_xmit
    some(
        &["__ip_queue_xmit", "ip_queue_xmit"],
        &[UNTOLD],
        &[(Snmp, "IpOutNoRoutes")],
    ),
    // net/ipv4/ip_output.c, ip_fragment, ip_do_fragment
    some(
        &["ip_fragment", "ip_do_fragment"],
        &[UNTOLD],
        &[(Snmp, "IpFragFails")],
    ),
    // One that is counted may be of several fragments.
    // net/ipv4/ip_fragment.c, ip_expire, ip_defrag
    some(
        &["inet_frag_*", "ip_expire", "ip_defrag", "ip_frag_*"],
        REASSEMBLY,
        &[(Snmp, "IpReasmFails")],
    ),
    // net/ipv4/ip_fragment.c, ip_expire
    some(
        &["inet_frag*", "ip_expire"],
        &["FRAG_REASM_TIMEOUT", UNTOLD],
        &[(Snmp, "IpReasmTimeout")],
    ),
    // net/ipv6/reassembly.c, ipv6_frag_rcv; include/net/ipv6_frag.h, ip6frag_expire_frag_queue
    some(
        &[
            "inet_frag_*",
            "ip6frag_*",
            "ipv6_frag_rcv",
            "ip6_frag_*",
            "nf_ct_frag6_expire",
        ],
        REASSEMBLY,
        &[(Snmp6, "Ip6ReasmFails")],
    ),
    // include/net/ipv6_frag.h, ip6frag_expire_frag_queue, within whoever calls it
    some(
        &[
            "inet_frag*",
            "ip6frag_expire*",
            "ip6_frag_expire",
            "nf_ct_frag6_expire",
        ],
        &["FRAG_REASM_TIMEOUT", UNTOLD],
        &[(Snmp6, "Ip6ReasmTimeout")],
    ),
    // net/ipv6/reassembly.c, ipv6_frag_rcv, ip6_frag_queue
    some(
        &["ipv6_frag_rcv", "ip6_frag_queue", "icmpv6_param_prob*"],
        REASSEMBLY,
        &[(Snmp6, "Ip6InHdrErrors")],
    ),
    // IPv6.
    // net/ipv6/ip6_input.c, ip6_rcv_core
    all(IP6_IN, &["IP_INHDR"], &[(Snmp6, "Ip6InHdrErrors")]),
    // net/ipv6/ip6_input.c, ip6_rcv_core
    all(IP6_IN, &["PKT_TOO_SMALL"], &[(Snmp6, "Ip6InTruncatedPkts")]),
    // Its version is not 6.
    // net/ipv6/ip6_input.c, ip6_rcv_core
    all(IP6_IN, &["UNHANDLED_PROTO"], &[(Snmp6, "Ip6InHdrErrors")]),
    // Hop-by-hop options count it, a jumbo payload's twice, other options where they are malformed.
    // net/ipv6/exthdrs.c, ip6_parse_tlv, ipv6_hop_jumbo; net/ipv6/ip6_input.c, ip6_rcv_core
    some(
        &["ip6_parse_tlv", "ip6_tlvopt_unknown", "ipv6_parse_hopopts"],
        &["IP_INHDR", "UNHANDLED_PROTO", UNTOLD],
        &[(Snmp6, "Ip6InHdrErrors")],
    ),
    // net/ipv6/ip6_input.c, ip6_rcv_core
    all(IP6_IN, &["IPV6DISABLED"], &[(Snmp6, "Ip6InDiscards")]),
    // net/ipv6/ip6_input.c, ip6_protocol_deliver_rcu
    all(
        &[
            "ip6_protocol_deliver_rcu",
            "ip6_input*",
            "icmpv6_param_prob*",
        ],
        &["IP_NOPROTO"],
        &[(Snmp6, "Ip6InUnknownProtos")],
    ),
    // net/ipv6/ip6_output.c, ip6_forward
    all(
        &["ip6_forward"],
        &["IP_INHDR"],
        &[(Snmp6, "Ip6InHdrErrors")],
    ),
    // net/ipv6/ip6_output.c, ip6_forward
    all(
        &["ip6_forward"],
        &["IP_INADDRERRORS"],
        &[(Snmp6, "Ip6InAddrErrors")],
    ),
    // net/ipv6/ip6_output.c, ip6_forward
    all(
        &["ip6_forward"],
        &["PKT_TOO_BIG"],
        &[(Snmp6, "Ip6InTooBigErrors"), (Snmp6, "Ip6FragFails")],
    ),
    // net/ipv6/route.c, ip6_pkt_drop
    all(
        &["ip6_pkt_drop", "ip6_pkt_discard*", "ip6_pkt_prohibit*"],
        &["IP_INADDRERRORS"],
        &[(Snmp6, "Ip6InAddrErrors")],
    ),
    // net/ipv6/route.c, ip6_pkt_drop
    all(
        &["ip6_pkt_drop", "ip6_pkt_discard*", "ip6_pkt_prohibit*"],
        &["IP_INNOROUTES"],
        &[(Snmp6, "Ip6InNoRoutes")],
    ),
    // net/ipv6/route.c, ip6_pkt_drop
    all(
        &["ip6_pkt_drop", "ip6_pkt_discard*", "ip6_pkt_prohibit*"],
        &["IP_OUTNOROUTES"],
        &[(Snmp6, "Ip6OutNoRoutes")],
    ),
    // Not ip6_mc_input: what it drops, it does not count.
    // net/ipv6/ip6_input.c, ip6_rcv_core, ip6_protocol_deliver_rcu; net/ipv6/ip6_output.c, ip6_forward; net/ipv6/route.c,
    // ip6_pkt_drop; net/ipv6/exthdrs.c, ipv6_rthdr_rcv
    some(
        &[
            "ip6_rcv*",
            "ipv6_rcv*",
            "ipv6_list_rcv*",
            "ip6_sublist_rcv*",
            "ip6_input*",
            "ip6_protocol_deliver_rcu",
            "ip6_parse_tlv",
            "ip6_tlvopt_unknown",
            "ipv6_destopt_rcv",
            "ipv6_rthdr_rcv",
            "ip6_forward*",
            "ip6_pkt_*",
            "ip6_fragment",
            "ip6_finish_output*",
            "ip6_output",
            "ip6_xmit",
            "icmpv6_param_prob*",
        ],
        &[UNTOLD],
        &[
            (Snmp6, "Ip6InHdrErrors"),
            (Snmp6, "Ip6InTruncatedPkts"),
            (Snmp6, "Ip6InDiscards"),
            (Snmp6, "Ip6InUnknownProtos"),
            (Snmp6, "Ip6InAddrErrors"),
            (Snmp6, "Ip6InNoRoutes"),
            (Snmp6, "Ip6OutNoRoutes"),
            (Snmp6, "Ip6InTooBigErrors"),
            (Snmp6, "Ip6FragFails"),
            (Snmp6, "Ip6OutDiscards"),
        ],
    ),
    // ICMP.
    // net/ipv4/icmp.c, icmp_rcv
    all(
        ICMP,
        &["ICMP_CSUM"],
        &[(Snmp, "IcmpInCsumErrors"), (Snmp, "IcmpInErrors")],
    ),
    // net/ipv4/icmp.c, icmp_rcv
    all(
        ICMP,
        &["UNHANDLED_PROTO", "INVALID_PROTO"],
        &[(Snmp, "IcmpInErrors")],
    ),
    // net/ipv4/icmp.c, icmp_rcv
    some(
        ICMP,
        &[UNTOLD],
        &[(Snmp, "IcmpInCsumErrors"), (Snmp, "IcmpInErrors")],
    ),
    // net/ipv6/icmp.c, icmpv6_rcv
    all(
        ICMP6,
        &["ICMP_CSUM"],
        &[(Snmp6, "Icmp6InCsumErrors"), (Snmp6, "Icmp6InErrors")],
    ),
    // net/ipv6/icmp.c, icmpv6_rcv
    some(ICMP6, &["PKT_TOO_SMALL"], &[(Snmp6, "Icmp6InErrors")]),
    // net/ipv6/icmp.c, icmpv6_rcv
    some(
        ICMP6,
        &[UNTOLD],
        &[(Snmp6, "Icmp6InCsumErrors"), (Snmp6, "Icmp6InErrors")],
    ),
];
