//! TCP.

use crate::explain::{
    Explanation,
    Verdict::{Depends, Harmless, Trouble},
};

pub(super) const ALL: &[Explanation] = &[
    Explanation {
        name: "cookie_v4_check",
        phrase: "the accept queue is full at the end of its TCP handshake",
        meaning: "It is the last ACK of a handshake that a SYN cookie began, and no connection could be made of it: \
            mostly, the listening program has not accepted the connections before it, and its queue of them is \
            full. The client takes itself for connected. The reason is NO_SOCKET all the same. An ACK whose \
            cookie is wrong (TcpExtSyncookiesFailed) gets a reset, and does not end here.",
        verdict: Trouble,
        check: "`ss -ltn`: Recv-Q is what waits, Send-Q the queue's length. Let the program accept faster, or raise \
            its backlog (listen(2)) together with `sysctl net.core.somaxconn`.",
        counters: &["nstat: TcpExtListenOverflows", "nstat: TcpExtListenDrops"],
        kernels: ("6.12", "7.2"),
        source: "net/ipv4/syncookies.c: cookie_v4_check, tcp_get_cookie_sock; net/ipv4/tcp_ipv4.c: \
            tcp_v4_syn_recv_sock (v6.12)",
    },
    Explanation {
        name: "cookie_v6_check",
        phrase: "the accept queue is full at the end of its TCP handshake",
        meaning: "It is the last ACK of a handshake that a SYN cookie began, and no connection could be made of it: \
            mostly, the listening program has not accepted the connections before it, and its queue of them is \
            full. The client takes itself for connected. The reason is NO_SOCKET all the same. An ACK whose \
            cookie is wrong (TcpExtSyncookiesFailed) gets a reset, and does not end here.",
        verdict: Trouble,
        check: "`ss -ltn`: Recv-Q is what waits, Send-Q the queue's length. Let the program accept faster, or raise \
            its backlog (listen(2)) together with `sysctl net.core.somaxconn`.",
        counters: &["nstat: TcpExtListenOverflows", "nstat: TcpExtListenDrops"],
        kernels: ("6.12", "7.2"),
        source: "net/ipv6/syncookies.c: cookie_v6_check; net/ipv4/syncookies.c: tcp_get_cookie_sock; \
            net/ipv6/tcp_ipv6.c: tcp_v6_syn_recv_sock (v6.12)",
    },
    Explanation {
        name: "sk_stream_kill_queues",
        phrase: "its TCP socket was closed before it was read",
        meaning: "What waited in the socket's queue when the socket went, mostly data or a FIN that the program did not \
            read any more.",
        verdict: Harmless,
        check: "Nothing, unless the program should have read it. It is also where the queue of messages about what was \
            sent (time stamps, errors) is emptied.",
        counters: &[],
        kernels: ("5.10", "7.2"),
        source: "net/core/stream.c: sk_stream_kill_queues (v5.10)",
    },
    Explanation {
        name: "tcp_data_queue",
        phrase: "its TCP data are old, too early, or there is no room",
        meaning: "All of its data had come before, lie beyond the window, or the receive buffer has no room for them. \
            Before 5.18 TCP frees such segments without a trace.",
        verdict: Depends,
        check: "`ss -tim`; `nstat -az TcpExtTCPZeroWindowDrop TcpExtTCPRcvQDrop TcpExtDelayedACKLost`.",
        counters: &[
            "nstat: TcpExtTCPZeroWindowDrop",
            "nstat: TcpExtTCPRcvQDrop",
            "nstat: TcpExtDelayedACKLost",
        ],
        kernels: ("5.10", "7.2"),
        source: "net/ipv4/tcp_input.c: tcp_data_queue (v6.1)",
    },
    Explanation {
        name: "tcp_drop_reason",
        phrase: "its TCP connection refuses it",
        meaning: "TCP has no use for the segment: its data are old, beyond the window or no longer kept for lack of memory, or it does not fit the connection.",
        verdict: Depends,
        check: "`ss -tim`; `nstat -az | grep TcpExt`.",
        counters: &[],
        kernels: ("6.1", "7.2"),
        source: "net/ipv4/tcp_input.c: tcp_drop_reason (v6.1)",
    },
    Explanation {
        name: "tcp_rcv_established",
        phrase: "its TCP connection refuses it",
        meaning: "Its checksum, header length or flags are wrong, or it acknowledges what was never sent. Before 5.18 TCP \
            frees such segments without a trace.",
        verdict: Depends,
        check: "`nstat -az TcpInErrs TcpInCsumErrors TcpExtTCPChallengeACK`.",
        counters: &["nstat: TcpInErrs", "nstat: TcpInCsumErrors"],
        kernels: ("5.10", "7.2"),
        source: "net/ipv4/tcp_input.c: tcp_rcv_established (v6.1)",
    },
    Explanation {
        name: "tcp_rcv_state_process",
        phrase: "it does not fit the state of its TCP connection",
        meaning: "The connection is being opened or closed, and the segment is not one that it waits for. Before 5.18 TCP \
            frees such segments without a trace.",
        verdict: Depends,
        check: "See the flags and numbers in the frame; `ss -tan` for the state.",
        counters: &[],
        kernels: ("5.10", "7.2"),
        source: "net/ipv4/tcp_input.c: tcp_rcv_state_process (v6.1)",
    },
    Explanation {
        name: "tcp_v4_do_rcv",
        phrase: "its TCP socket answers it with a reset, or it is damaged",
        meaning: "It does not fit the state of its connection or listening socket (the sender gets a reset), or its \
            checksum is wrong. On older kernels (6.1) the last ACK of a handshake with a SYN cookie ends here as \
            well, when the accept queue is full (TcpExtListenOverflows).",
        verdict: Depends,
        check: "`nstat -az TcpOutRsts TcpInErrs TcpInCsumErrors`; see the flags in the frame.",
        counters: &[
            "nstat: TcpOutRsts",
            "nstat: TcpInErrs",
            "nstat: TcpInCsumErrors",
            "nstat: TcpExtListenOverflows (with a SYN cookie)",
        ],
        kernels: ("5.10", "7.2"),
        source: "net/ipv4/tcp_ipv4.c: tcp_v4_do_rcv (v5.10, v6.1)",
    },
    Explanation {
        name: "tcp_v4_rcv",
        phrase: "no TCP socket takes it, or it is malformed",
        meaning: "No connection and no listening socket of this host is meant, and the sender gets a reset; or its \
            checksum is wrong, its socket's backlog is full, its frame is a broadcast or multicast, or a filter, a signature or \
            IPsec is against it.",
        verdict: Depends,
        check: "`ss -tlnp`; `nstat -az TcpInErrs TcpInCsumErrors TcpExtTCPBacklogDrop TcpExtTCPMinTTLDrop`.",
        counters: &[
            "nstat: TcpOutRsts",
            "nstat: TcpInErrs",
            "nstat: TcpInCsumErrors",
            "nstat: TcpExtTCPBacklogDrop",
        ],
        kernels: ("5.10", "7.2"),
        source: "net/ipv4/tcp_ipv4.c: tcp_v4_rcv (v5.10)",
    },
    Explanation {
        name: "tcp_v6_do_rcv",
        phrase: "its TCP socket answers it with a reset, or it is damaged",
        meaning: "It does not fit the state of its connection or listening socket (the sender gets a reset), or its \
            checksum is wrong. On older kernels (6.1) the last ACK of a handshake with a SYN cookie ends here as \
            well, when the accept queue is full (TcpExtListenOverflows).",
        verdict: Depends,
        check: "`nstat -az TcpOutRsts TcpInErrs TcpInCsumErrors`; see the flags in the frame.",
        counters: &[
            "nstat: TcpOutRsts",
            "nstat: TcpInErrs",
            "nstat: TcpInCsumErrors",
            "nstat: TcpExtListenOverflows (with a SYN cookie)",
        ],
        kernels: ("5.10", "7.2"),
        source: "net/ipv6/tcp_ipv6.c: tcp_v6_do_rcv (v5.10, v6.1)",
    },
    Explanation {
        name: "tcp_v6_rcv",
        phrase: "no TCP socket takes it, or it is malformed",
        meaning: "No connection and no listening socket of this host is meant, and the sender gets a reset; or its \
            checksum is wrong, its socket's backlog is full, its frame is a broadcast or multicast, or a filter, a signature or \
            IPsec is against it.",
        verdict: Depends,
        check: "`ss -tlnp`; `nstat -az TcpInErrs TcpInCsumErrors TcpExtTCPBacklogDrop TcpExtTCPMinTTLDrop`.",
        counters: &[
            "nstat: TcpOutRsts",
            "nstat: TcpInErrs",
            "nstat: TcpInCsumErrors",
            "nstat: TcpExtTCPBacklogDrop",
        ],
        kernels: ("5.10", "7.2"),
        source: "net/ipv6/tcp_ipv6.c: tcp_v6_rcv (v5.10)",
    },
    Explanation {
        name: "tcp_validate_incoming",
        phrase: "its TCP numbers or timestamps are not valid",
        meaning: "Its sequence number lies outside the window, its timestamp is too old, or it is a SYN or RST that is not \
            taken at its word. Before 5.18 TCP frees such segments without a trace.",
        verdict: Depends,
        check: "`nstat -az TcpExtPAWSEstab TcpExtTCPChallengeACK TcpExtTCPSYNChallenge`.",
        counters: &[
            "nstat: TcpExtPAWSEstab",
            "nstat: TcpExtTCPChallengeACK",
            "nstat: TcpExtTCPSYNChallenge",
        ],
        kernels: ("5.10", "7.2"),
        source: "net/ipv4/tcp_input.c: tcp_validate_incoming (v6.1)",
    },
];
