//! Drops of UDP and TCP.

use super::{Rule, UNTOLD, all, instead, some};
use crate::counters::Source::{Netstat, Snmp, Snmp6};

const UDP: &[&str] = &["udp_*", "__udp_*", "__udp4_*"];
/// Where it is received, of what the kernel gives no reason for: it drops elsewhere too, as when a socket is closed.
const UDP_IN: &[&str] = &[
    "udp_rcv",
    "udp_queue_rcv*",
    "udp_unicast_rcv_skb",
    "__udp_queue_rcv*",
    "__udp4_*",
];
const UDP6_IN: &[&str] = &[
    "udpv6_rcv",
    "udpv6_queue_rcv*",
    "udp6_unicast_rcv_skb",
    "__udpv6_queue_rcv*",
    "__udp6_*",
];
/// Where a checksum is looked at only when a process reads.
const UDP_READ: &[&str] = &[
    "udp_recvmsg",
    "udp_read_*",
    "first_packet_length",
    "__first_packet_length",
];
const UDP6: &[&str] = &["udpv6_*", "__udpv6_*", "__udp6_*", "udp6_*"];
const TCP: &[&str] = &["tcp_*", "__tcp_*"];

pub(super) const RULES: &[Rule] = &[
    // UDP.
    // net/ipv4/udp.c, __udp4_lib_rcv, udp_queue_rcv_one_skb
    all(
        UDP,
        &["UDP_CSUM"],
        &[(Snmp, "UdpInCsumErrors"), (Snmp, "UdpInErrors")],
    ),
    // net/ipv4/udp.c, __udp_queue_rcv_skb
    all(
        &[
            "udp_queue_rcv*",
            "__udp_queue_rcv_skb",
            "udp_unicast_rcv_skb",
            "__udp4_*",
        ],
        &["SOCKET_RCVBUFF"],
        &[(Snmp, "UdpRcvbufErrors"), (Snmp, "UdpInErrors")],
    ),
    // net/ipv4/udp.c, __udp_queue_rcv_skb (v5.11)
    all(
        &[
            "udp_queue_rcv*",
            "__udp_queue_rcv_skb",
            "udp_unicast_rcv_skb",
            "__udp4_*",
        ],
        &["PROTO_MEM"],
        &[(Snmp, "UdpMemErrors"), (Snmp, "UdpInErrors")],
    ),
    // net/ipv4/udp.c, __udp4_lib_rcv
    all(UDP, &["NO_SOCKET"], &[(Snmp, "UdpNoPorts")]),
    // net/ipv4/udp.c, __udp4_lib_rcv, udp_queue_rcv_one_skb
    all(
        UDP,
        &["SOCKET_FILTER", "XFRM_POLICY", "PKT_TOO_SMALL"],
        &[(Snmp, "UdpInErrors")],
    ),
    // net/ipv4/udp.c, __udp_queue_rcv_skb
    all(&["__udp_queue_rcv_skb"], &[], &[(Snmp, "UdpInErrors")]),
    // net/ipv4/udp.c, udp_recvmsg, __first_packet_length
    some(
        UDP_READ,
        &["UDP_CSUM", UNTOLD],
        &[(Snmp, "UdpInCsumErrors"), (Snmp, "UdpInErrors")],
    ),
    // net/ipv4/udp.c, __udp4_lib_rcv, udp_queue_rcv_one_skb
    some(
        UDP_IN,
        &[UNTOLD],
        &[
            (Snmp, "UdpInErrors"),
            (Snmp, "UdpNoPorts"),
            (Snmp, "UdpRcvbufErrors"),
            (Snmp, "UdpInCsumErrors"),
            (Snmp, "UdpMemErrors"),
            (Snmp, "UdpIgnoredMulti"),
        ],
    ),
    // Of both families, and not counted by every version.
    // net/ipv4/udp.c, __udp_enqueue_schedule_skb (v6.18)
    some(
        &["__udp_enqueue_schedule_skb"],
        &["PROTO_MEM"],
        &[
            (Snmp, "UdpMemErrors"),
            (Snmp, "UdpInErrors"),
            (Snmp6, "Udp6MemErrors"),
            (Snmp6, "Udp6InErrors"),
        ],
    ),
    // net/ipv6/udp.c, __udp6_lib_rcv, udpv6_queue_rcv_one_skb
    all(
        UDP6,
        &["UDP_CSUM"],
        &[(Snmp6, "Udp6InCsumErrors"), (Snmp6, "Udp6InErrors")],
    ),
    // net/ipv6/udp.c, __udpv6_queue_rcv_skb
    all(
        UDP6,
        &["SOCKET_RCVBUFF"],
        &[(Snmp6, "Udp6RcvbufErrors"), (Snmp6, "Udp6InErrors")],
    ),
    // net/ipv6/udp.c, __udpv6_queue_rcv_skb (v5.11)
    all(
        UDP6,
        &["PROTO_MEM"],
        &[(Snmp6, "Udp6MemErrors"), (Snmp6, "Udp6InErrors")],
    ),
    // net/ipv6/udp.c, __udp6_lib_rcv
    all(UDP6, &["NO_SOCKET"], &[(Snmp6, "Udp6NoPorts")]),
    // Where no socket is, one without a checksum, or with a wrong one, keeps that reason and is counted as damaged.
    // net/ipv6/udp.c, __udp6_lib_rcv
    instead(UDP6, &["NO_SOCKET"], &[(Snmp6, "Udp6InCsumErrors")]),
    // net/ipv6/udp.c, __udp6_lib_rcv
    some(UDP6, &["NO_SOCKET"], &[(Snmp6, "Udp6InErrors")]),
    // net/ipv6/udp.c, __udp6_lib_rcv, udpv6_queue_rcv_one_skb
    all(
        UDP6,
        &["SOCKET_FILTER", "XFRM_POLICY", "PKT_TOO_SMALL"],
        &[(Snmp6, "Udp6InErrors")],
    ),
    // net/ipv6/udp.c, __udp6_lib_rcv, udpv6_queue_rcv_one_skb
    some(
        UDP6_IN,
        &[UNTOLD],
        &[
            (Snmp6, "Udp6InErrors"),
            (Snmp6, "Udp6NoPorts"),
            (Snmp6, "Udp6RcvbufErrors"),
            (Snmp6, "Udp6InCsumErrors"),
            (Snmp6, "Udp6MemErrors"),
            (Snmp6, "Udp6IgnoredMulti"),
        ],
    ),
    // UDP-Lite: by the same functions, and no row tells which of the two it was.
    // net/ipv4/udp.c, __udp4_lib_rcv
    instead(UDP, &["NO_SOCKET"], &[(Snmp, "UdpLiteNoPorts")]),
    // net/ipv4/udp.c, __udp4_lib_rcv, udp_queue_rcv_one_skb
    instead(
        UDP,
        &["UDP_CSUM"],
        &[(Snmp, "UdpLiteInCsumErrors"), (Snmp, "UdpLiteInErrors")],
    ),
    // net/ipv4/udp.c, __udp_queue_rcv_skb
    instead(
        UDP,
        &["SOCKET_RCVBUFF"],
        &[(Snmp, "UdpLiteRcvbufErrors"), (Snmp, "UdpLiteInErrors")],
    ),
    // net/ipv4/udp.c, __udp_queue_rcv_skb (v5.11)
    instead(
        UDP,
        &["PROTO_MEM"],
        &[(Snmp, "UdpLiteMemErrors"), (Snmp, "UdpLiteInErrors")],
    ),
    // net/ipv4/udp.c, __udp4_lib_rcv, udp_queue_rcv_one_skb
    instead(
        UDP,
        &["SOCKET_FILTER", "XFRM_POLICY", "PKT_TOO_SMALL"],
        &[(Snmp, "UdpLiteInErrors")],
    ),
    // net/ipv4/udp.c, udp_recvmsg, __first_packet_length
    instead(
        UDP_READ,
        &["UDP_CSUM", UNTOLD],
        &[(Snmp, "UdpLiteInCsumErrors"), (Snmp, "UdpLiteInErrors")],
    ),
    // net/ipv4/udp.c, __udp4_lib_rcv, udp_queue_rcv_one_skb
    instead(
        UDP_IN,
        &[UNTOLD],
        &[
            (Snmp, "UdpLiteInErrors"),
            (Snmp, "UdpLiteNoPorts"),
            (Snmp, "UdpLiteRcvbufErrors"),
            (Snmp, "UdpLiteInCsumErrors"),
            (Snmp, "UdpLiteMemErrors"),
        ],
    ),
    // net/ipv6/udp.c, __udp6_lib_rcv
    instead(UDP6, &["NO_SOCKET"], &[(Snmp6, "UdpLite6NoPorts")]),
    // net/ipv6/udp.c, __udp6_lib_rcv, udpv6_queue_rcv_one_skb
    instead(
        UDP6,
        &["UDP_CSUM"],
        &[(Snmp6, "UdpLite6InCsumErrors"), (Snmp6, "UdpLite6InErrors")],
    ),
    // net/ipv6/udp.c, __udpv6_queue_rcv_skb
    instead(
        UDP6,
        &["SOCKET_RCVBUFF"],
        &[(Snmp6, "UdpLite6RcvbufErrors"), (Snmp6, "UdpLite6InErrors")],
    ),
    // net/ipv6/udp.c, __udp6_lib_rcv, udpv6_queue_rcv_one_skb
    instead(
        UDP6,
        &["PROTO_MEM", "SOCKET_FILTER", "XFRM_POLICY", "PKT_TOO_SMALL"],
        &[(Snmp6, "UdpLite6InErrors")],
    ),
    // net/ipv6/udp.c, __udp6_lib_rcv, udpv6_queue_rcv_one_skb
    instead(
        UDP6_IN,
        &[UNTOLD],
        &[
            (Snmp6, "UdpLite6InErrors"),
            (Snmp6, "UdpLite6NoPorts"),
            (Snmp6, "UdpLite6RcvbufErrors"),
            (Snmp6, "UdpLite6InCsumErrors"),
        ],
    ),
    // TCP: one set of counters for both families.
    // net/ipv4/tcp_ipv4.c, tcp_v4_rcv; net/ipv4/tcp_input.c, tcp_rcv_established
    all(
        TCP,
        &["TCP_CSUM"],
        &[(Snmp, "TcpInCsumErrors"), (Snmp, "TcpInErrs")],
    ),
    // net/ipv4/tcp_ipv4.c, tcp_v4_rcv
    all(
        &["tcp_v4_rcv", "tcp_v6_rcv"],
        &["PKT_TOO_SMALL"],
        &[(Snmp, "TcpInErrs")],
    ),
    // net/ipv4/tcp_ipv4.c, tcp_add_backlog
    all(
        TCP,
        &["SOCKET_BACKLOG"],
        &[(Netstat, "TcpExtTCPBacklogDrop")],
    ),
    // net/ipv4/tcp_input.c, tcp_data_queue
    all(
        TCP,
        &["TCP_ZEROWINDOW"],
        &[(Netstat, "TcpExtTCPZeroWindowDrop")],
    ),
    // net/ipv4/tcp_ipv4.c, tcp_v4_rcv
    all(TCP, &["TCP_MINTTL"], &[(Netstat, "TcpExtTCPMinTTLDrop")]),
    // net/ipv4/tcp.c, tcp_inbound_md5_hash
    all(
        TCP,
        &["TCP_MD5NOTFOUND"],
        &[(Netstat, "TcpExtTCPMD5NotFound")],
    ),
    // net/ipv4/tcp.c, tcp_inbound_md5_hash
    all(
        TCP,
        &["TCP_MD5UNEXPECTED"],
        &[(Netstat, "TcpExtTCPMD5Unexpected")],
    ),
    // net/ipv4/tcp.c, tcp_inbound_md5_hash
    all(
        TCP,
        &["TCP_MD5FAILURE"],
        &[(Netstat, "TcpExtTCPMD5Failure")],
    ),
    // include/net/tcp.h, tcp_inbound_hash (v6.7); net/ipv4/tcp_ao.c, tcp_ao_verify_hash, tcp_inbound_ao_hash
    all(
        TCP,
        &["TCP_AONOTFOUND"],
        &[(Netstat, "TcpExtTCPAORequired")],
    ),
    all(
        TCP,
        &["TCP_AOUNEXPECTED", "TCP_AOKEYNOTFOUND"],
        &[(Netstat, "TcpExtTCPAOKeyNotFound")],
    ),
    all(TCP, &["TCP_AOFAILURE"], &[(Netstat, "TcpExtTCPAOBad")]),
    // net/core/filter.c, sk_filter_trim_cap
    some(&[], &["PFMEMALLOC"], &[(Netstat, "TcpExtPFMemallocDrop")]),
    // Of a connection that is established; of others it counts a challenge alone.
    // net/ipv4/tcp_input.c, tcp_validate_incoming
    some(TCP, &["TCP_INVALID_SYN"], &[(Snmp, "TcpInErrs")]),
    // net/ipv4/tcp_input.c, tcp_sequence, tcp_data_queue
    some(
        TCP,
        &[
            "TCP_INVALID_SEQUENCE",
            "TCP_INVALID_END_SEQUENCE",
            "TCP_OVERWINDOW",
        ],
        &[(Netstat, "TcpExtBeyondWindow")],
    ),
    // net/ipv4/tcp_input.c, tcp_validate_incoming, tcp_rcv_synsent_state_process; net/ipv4/tcp_minisocks.c, tcp_check_req,
    // tcp_timewait_state_process
    some(
        TCP,
        &["TCP_RFC7323_*"],
        &[
            (Netstat, "TcpExtPAWSEstab"),
            (Netstat, "TcpExtPAWSOldAck"),
            (Netstat, "TcpExtPAWSActive"),
            (Netstat, "TcpExtPAWSTimewait"),
            (Netstat, "TcpExtTSEcrRejected"),
        ],
    ),
    // net/ipv4/tcp_input.c, tcp_data_queue, tcp_prune_ofo_queue
    some(
        TCP,
        &["PROTO_MEM", "TCP_OFO_QUEUE_PRUNE"],
        &[
            (Netstat, "TcpExtTCPRcvQDrop"),
            (Netstat, "TcpExtTCPOFODrop"),
            (Netstat, "TcpExtOfoPruned"),
            (Netstat, "TcpExtRcvPruned"),
        ],
    ),
    // The last acknowledgement of a handshake, for which the queue of connections to be accepted has no room.
    // net/ipv4/tcp_ipv4.c, tcp_v4_syn_recv_sock
    some(
        &["tcp_v4_rcv", "tcp_v6_rcv", "tcp_v4_syn_recv_sock"],
        &["TCP_LISTEN_OVERFLOW", UNTOLD],
        &[
            (Netstat, "TcpExtListenOverflows"),
            (Netstat, "TcpExtListenDrops"),
        ],
    ),
    // The same, where the handshake's beginning is known by a SYN cookie alone.
    // net/ipv4/syncookies.c, cookie_v4_check; net/ipv6/syncookies.c, cookie_v6_check
    some(
        &["cookie_v4_check", "cookie_v6_check"],
        &[],
        &[
            (Netstat, "TcpExtListenOverflows"),
            (Netstat, "TcpExtListenDrops"),
        ],
    ),
    // net/ipv4/tcp_ipv4.c, tcp_v4_rcv; net/ipv4/tcp_input.c, tcp_data_queue
    some(
        TCP,
        &[UNTOLD],
        &[
            (Snmp, "TcpInErrs"),
            (Snmp, "TcpInCsumErrors"),
            (Netstat, "TcpExtTCPBacklogDrop"),
            (Netstat, "TcpExtTCPZeroWindowDrop"),
            (Netstat, "TcpExtTCPMinTTLDrop"),
            (Netstat, "TcpExtTCPRcvQDrop"),
            (Netstat, "TcpExtTCPOFODrop"),
            (Netstat, "TcpExtOfoPruned"),
            (Netstat, "TcpExtRcvPruned"),
            (Netstat, "TcpExtPAWSEstab"),
        ],
    ),
];
