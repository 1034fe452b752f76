//! What TCP refuses.

use crate::explain::{
    Explanation,
    Verdict::{Depends, Harmless, Trouble},
};

pub(super) const ALL: &[Explanation] = &[
    Explanation {
        name: "TCP_ABORT_ON_DATA",
        phrase: "its data came after the program had closed",
        meaning: "The peer sent more data although the program here had closed the connection already, so nobody could \
            read them. The peer gets a reset.",
        verdict: Depends,
        check: "Common with clients that are cut off in the middle of a download or upload. If data are missing, the \
            program closes too early.",
        counters: &["nstat: TcpExtTCPAbortOnData"],
        kernels: ("6.12", "7.2"),
        source: "net/ipv4/tcp_input.c: tcp_rcv_state_process (v7.2)",
    },
    Explanation {
        name: "TCP_ACK_UNSENT_DATA",
        phrase: "it acknowledges data that were never sent",
        meaning: "The peer acknowledges more than this host sent: one of the two has lost its state, or something between \
            them speaks in their place. It is answered with a challenge ACK.",
        verdict: Depends,
        check: "Capture at both ends and compare. Middleboxes that keep connections through a failover do this.",
        counters: &["nstat: TcpExtTCPChallengeACK"],
        kernels: ("6.1", "7.2"),
        source: "net/ipv4/tcp_input.c: tcp_ack (v7.2)",
    },
    Explanation {
        name: "TCP_CLOSE",
        phrase: "the connection is closed",
        meaning: "It came to a socket that was closed in the meantime.",
        verdict: Harmless,
        check: "Nothing: stragglers of a connection that ended.",
        counters: &[],
        kernels: ("6.1", "7.2"),
        source: "net/ipv4/tcp_input.c: tcp_rcv_state_process; net/ipv4/tcp_ao.c (v7.2)",
    },
    Explanation {
        name: "TCP_CSUM",
        phrase: "wrong TCP checksum",
        meaning: "The segment was changed on its way, or its checksum was never filled in. TCP sends it again.",
        verdict: Trouble,
        check: "If it comes from a virtual machine or container on this host, turn off checksum offload at the sender \
            (`ethtool -K DEV tx off`) to see whether it is that. Otherwise look for a bad cable, NIC or middlebox: `ethtool -S \
            DEV`.",
        counters: &["nstat: TcpInCsumErrors", "nstat: TcpInErrs"],
        kernels: ("5.17", "7.2"),
        source: "net/ipv4/tcp_ipv4.c: tcp_v4_rcv, tcp_v4_do_rcv; net/ipv4/tcp_input.c: tcp_rcv_established (v7.2)",
    },
    Explanation {
        name: "TCP_FASTOPEN",
        phrase: "it does not fit a TCP fast open request",
        meaning: "The connection was opened with TCP Fast Open, and this segment does not complete it.",
        verdict: Depends,
        check: "`nstat -az | grep FastOpen`; `sysctl net.ipv4.tcp_fastopen` turns it off.",
        counters: &[],
        kernels: ("6.1", "7.2"),
        source: "net/ipv4/tcp_input.c: tcp_rcv_state_process (v7.2)",
    },
    Explanation {
        name: "TCP_FLAGS",
        phrase: "its TCP flags do not fit the connection's state",
        meaning: "The flags make no sense in the state that the connection is in: neither ACK nor RST nor SYN, an ACK to a \
            listening socket, SYN together with FIN. Port scanners send such.",
        verdict: Depends,
        check: "See who sends them. A peer or middlebox that has lost or restarted its state sends stray ACKs: they end \
            with the reset that it gets.",
        counters: &[],
        kernels: ("5.18", "7.2"),
        source: "net/ipv4/tcp_input.c: tcp_rcv_state_process, tcp_rcv_established, tcp_rcv_synsent_state_process (v7.2)",
    },
    Explanation {
        name: "TCP_INVALID_ACK_SEQUENCE",
        phrase: "it acknowledges what the handshake never sent",
        meaning: "The answer to a connection attempt acknowledges something other than the SYN that was sent: left over \
            from an earlier attempt, or of a middlebox. It gets a reset.",
        verdict: Depends,
        check: "See the handshake in Wireshark. Something between the hosts answers in the server's place, or old \
            connections survive there.",
        counters: &[],
        kernels: ("6.12", "7.2"),
        source: "net/ipv4/tcp_input.c: tcp_rcv_synsent_state_process (v7.2)",
    },
    Explanation {
        name: "TCP_INVALID_END_SEQUENCE",
        phrase: "it ends beyond the receiver's window",
        meaning: "It begins within the window and ends behind it, and there is unread data already: the sender sends more \
            than it was allowed to.",
        verdict: Depends,
        check: "The receiving program reads slowly (`ss -tm`), or the sender ignores the window.",
        counters: &["nstat: TcpExtBeyondWindow"],
        kernels: ("6.18", "7.2"),
        source: "net/ipv4/tcp_input.c: tcp_sequence, tcp_validate_incoming (v7.2)",
    },
    Explanation {
        name: "TCP_INVALID_SEQUENCE",
        phrase: "its sequence number lies outside the window",
        meaning: "It is neither what is expected nor within what the receiver has room for: of an earlier connection on \
            the same ports, changed by a middlebox, or forged. Up to 6.12 it is also given for old data.",
        verdict: Depends,
        check: "Compare the sequence numbers of both ends (capture at both). Firewalls that randomise sequence numbers, or \
            that forgot a connection, are the usual cause.",
        counters: &["nstat: TcpExtBeyondWindow", "nstat: TcpExtTCPACKSkippedSeq"],
        kernels: ("6.1", "7.2"),
        source: "net/ipv4/tcp_input.c: tcp_sequence, tcp_validate_incoming (v7.2)",
    },
    Explanation {
        name: "TCP_INVALID_SYN",
        phrase: "a SYN within a connection that exists",
        meaning: "The peer began a new connection on the same ports while this side still holds the old one, mostly after \
            a crash or restart of the peer. It is answered with a challenge ACK, which lets a real peer reset the old \
            connection.",
        verdict: Depends,
        check: "`ss -tn` shows the old connection. Nothing to do if it resolves within seconds; otherwise something \
            between drops the challenge ACK or the reset.",
        counters: &[
            "nstat: TcpExtTCPSYNChallenge",
            "nstat: TcpExtTCPChallengeACK",
            "nstat: TcpInErrs (of an established connection)",
        ],
        kernels: ("6.1", "7.2"),
        source: "net/ipv4/tcp_input.c: tcp_validate_incoming (v7.2)",
    },
    Explanation {
        name: "TCP_LISTEN_OVERFLOW",
        phrase: "the listening socket's accept queue is full",
        meaning: "The handshake is complete, but the program has not accepted the connections before it, and its queue of \
            them is full. The client tries again, and waits meanwhile.",
        verdict: Trouble,
        check: "`ss -ltn`: Recv-Q is what waits, Send-Q the queue's length. Let the program accept faster, or raise its \
            backlog (listen(2)) together with `sysctl net.core.somaxconn`.",
        counters: &["nstat: TcpExtListenOverflows", "nstat: TcpExtListenDrops"],
        kernels: ("6.18", "7.2"),
        source: "net/ipv4/tcp_minisocks.c: tcp_check_req (v7.2)",
    },
    Explanation {
        name: "TCP_MINTTL",
        phrase: "its TTL is below what the socket demands",
        meaning: "The program has set a minimum TTL or hop limit (IP_MINTTL, as BGP speakers do: \"TTL security\"), and \
            this segment came from further away.",
        verdict: Depends,
        check: "If the peer should be adjacent, it sends with too low a TTL or is not adjacent: compare `ttl-security` on \
            both routers.",
        counters: &["nstat: TcpExtTCPMinTTLDrop"],
        kernels: ("6.12", "7.2"),
        source: "net/ipv4/tcp_ipv4.c: tcp_v4_rcv; net/ipv6/tcp_ipv6.c: tcp_v6_rcv (v7.2)",
    },
    Explanation {
        name: "TCP_OFOMERGE",
        phrase: "its out-of-order data were there already",
        meaning: "Segments came out of order, and what this one holds is also in another that waits for the gap to be \
            filled. No data are lost.",
        verdict: Harmless,
        check: "Nothing by itself. Much of it means reordering or loss on the path: `ss -ti` for reordering.",
        counters: &["nstat: TcpExtTCPOFOMerge"],
        kernels: ("5.18", "7.2"),
        source: "net/ipv4/tcp_input.c: tcp_data_queue_ofo (v7.2)",
    },
    Explanation {
        name: "TCP_OFO_DROP",
        phrase: "its data came by another segment meanwhile",
        meaning: "It waited out of order, and when the gap was filled all of it had been received by others. No data are \
            lost.",
        verdict: Harmless,
        check: "Nothing.",
        counters: &[],
        kernels: ("6.1", "7.2"),
        source: "net/ipv4/tcp_input.c: tcp_ofo_queue (v7.2)",
    },
    Explanation {
        name: "TCP_OFO_QUEUE_PRUNE",
        phrase: "memory ran out for data that came out of order",
        meaning: "Segments waited for one that is missing, and filled the receive buffer. The kernel threw away what \
            waited; the peer must send it again.",
        verdict: Trouble,
        check: "There is loss or reordering on the path, and the buffer is small for it: `ss -tim`; enlarge \
            net.ipv4.tcp_rmem, find the loss.",
        counters: &["nstat: TcpExtOfoPruned", "nstat: TcpExtPruneCalled"],
        kernels: ("6.1", "7.2"),
        source: "net/ipv4/tcp_input.c: tcp_prune_ofo_queue, tcp_prune_queue (v7.2)",
    },
    Explanation {
        name: "TCP_OLD_ACK",
        phrase: "it acknowledges nothing new",
        meaning: "An acknowledgement that is older than what was acknowledged already: packets overtook each other on the \
            way.",
        verdict: Harmless,
        check: "Nothing.",
        counters: &[],
        kernels: ("6.1", "7.2"),
        source: "net/ipv4/tcp_input.c: tcp_rcv_state_process, tcp_ack (v7.2)",
    },
    Explanation {
        name: "TCP_OLD_DATA",
        phrase: "all of its data had been received before",
        meaning: "A retransmission of what was here already: the acknowledgement was lost or late, or the sender was \
            impatient.",
        verdict: Harmless,
        check: "A few are normal. Many mean loss or delay on the way back: `ss -ti` for rtt and retrans, `nstat -az \
            TcpExtDelayedACKLost`.",
        counters: &[
            "nstat: TcpExtDelayedACKLost",
            "nstat: TcpExtTCPDSACKOldSent",
        ],
        kernels: ("5.18", "7.2"),
        source: "net/ipv4/tcp_input.c: tcp_data_queue (v7.2)",
    },
    Explanation {
        name: "TCP_OLD_SEQUENCE",
        phrase: "all of it lies before the receiver's window",
        meaning: "Its sequence numbers were received and acknowledged before: a late duplicate, or a keepalive probe. It \
            is answered with an acknowledgement.",
        verdict: Harmless,
        check: "A few are normal, as keepalives are. Many mean that acknowledgements get lost on the way back.",
        counters: &["nstat: TcpExtTCPACKSkippedSeq"],
        kernels: ("6.12", "7.2"),
        source: "net/ipv4/tcp_input.c: tcp_sequence, tcp_validate_incoming (v7.2)",
    },
    Explanation {
        name: "TCP_OVERWINDOW",
        phrase: "its data lie beyond the receiver's window",
        meaning: "The segment carries sequence numbers that the receiver has not allowed yet. The sender ignores the \
            window, or the packet belongs to an earlier connection.",
        verdict: Depends,
        check: "See the connection in Wireshark (window scaling is only known with its handshake). A middlebox that \
            rewrites sequence numbers or strips window scaling does this.",
        counters: &["nstat: TcpExtBeyondWindow"],
        kernels: ("5.18", "7.2"),
        source: "net/ipv4/tcp_input.c: tcp_data_queue; net/ipv4/tcp_minisocks.c: tcp_check_req (v7.2)",
    },
    Explanation {
        name: "TCP_RESET",
        phrase: "its RST is not a valid one",
        meaning: "A reset whose sequence number is in the window but not exactly the next one (it is questioned with a \
            challenge ACK), or that came to a listening or connecting socket. With a connecting socket the attempt ends: the \
            peer refused.",
        verdict: Depends,
        check: "See who sends it. Wrong resets in a lasting connection come from a middlebox or an attacker; those to a \
            connecting socket mean that the port is closed there.",
        counters: &["nstat: TcpExtTCPChallengeACK"],
        kernels: ("6.1", "7.2"),
        source: "net/ipv4/tcp_input.c: tcp_validate_incoming, tcp_rcv_state_process, tcp_rcv_synsent_state_process (v7.2)",
    },
    Explanation {
        name: "TCP_RFC7323_PAWS",
        phrase: "its TCP timestamp is older than the last one",
        meaning: "The timestamp option says that it was sent before what came last: an old duplicate, or the packet of \
            another host behind the same address whose clock differs.",
        verdict: Depends,
        check: "`nstat -az TcpExtPAWSEstab`. If clients behind one NAT fail, their timestamps differ: the NAT must not mix \
            them, or turn timestamps off (`sysctl -w net.ipv4.tcp_timestamps=0`).",
        counters: &["nstat: TcpExtPAWSEstab", "nstat: TcpExtPAWSActive"],
        kernels: ("6.1", "7.2"),
        source: "net/ipv4/tcp_input.c: tcp_validate_incoming, tcp_rcv_synsent_state_process; net/ipv4/tcp_minisocks.c: \
            tcp_check_req (v7.2)",
    },
    Explanation {
        name: "TCP_RFC7323_PAWS_ACK",
        phrase: "an old acknowledgement, by its TCP timestamp",
        meaning: "A pure acknowledgement with an old sequence number and an old timestamp: packets overtook each other on \
            the way.",
        verdict: Harmless,
        check: "Nothing. Much of it means reordering on the path.",
        counters: &["nstat: TcpExtPAWSOldAck"],
        kernels: ("6.18", "7.2"),
        source: "net/ipv4/tcp_input.c: tcp_disordered_ack_check, tcp_validate_incoming (v7.2)",
    },
    Explanation {
        name: "TCP_RFC7323_TSECR",
        phrase: "it echoes a TCP timestamp that was never sent",
        meaning: "The acknowledgement that should complete a handshake echoes a timestamp that this host did not send: \
            forged, or of another connection.",
        verdict: Depends,
        check: "See who sends it. A middlebox that changes timestamps in one direction only does this.",
        counters: &["nstat: TcpExtTSEcrRejected"],
        kernels: ("6.18", "7.2"),
        source: "net/ipv4/tcp_minisocks.c: tcp_check_req (v7.2)",
    },
    Explanation {
        name: "TCP_RFC7323_TW_PAWS",
        phrase: "too old, by its TCP timestamp, for a closed connection",
        meaning: "It is for a connection in TIME_WAIT, and its timestamp is older than that connection's last: an old \
            duplicate, or a new connection from a host behind the same NAT address.",
        verdict: Harmless,
        check: "If clients cannot connect again at once, their NAT mixes hosts with different clocks; `ss -tan state \
            time-wait` shows the connection.",
        counters: &["nstat: TcpExtPAWSTimewait"],
        kernels: ("6.18", "7.2"),
        source: "net/ipv4/tcp_minisocks.c: tcp_timewait_state_process (v7.2)",
    },
    Explanation {
        name: "TCP_TOO_OLD_ACK",
        phrase: "its acknowledgement is too old to be true",
        meaning: "It acknowledges data so far back that no real peer would: a forged packet, or one of an earlier \
            connection. It is answered with a challenge ACK.",
        verdict: Depends,
        check: "See who sends it; a few may be left over from before a restart.",
        counters: &["nstat: TcpExtTCPChallengeACK"],
        kernels: ("6.1", "7.2"),
        source: "net/ipv4/tcp_input.c: tcp_ack (v7.2)",
    },
    Explanation {
        name: "TCP_ZEROWINDOW",
        phrase: "the receiver's window was closed",
        meaning: "The receive buffer was full, the peer had been told to stop (window 0), and it sent data all the same, \
            often a single byte to ask whether there is room again.",
        verdict: Depends,
        check: "The program reads too slowly: `ss -tm` shows Recv-Q and the buffer. Then look at the program, or enlarge \
            net.ipv4.tcp_rmem.",
        counters: &["nstat: TcpExtTCPZeroWindowDrop"],
        kernels: ("5.18", "7.2"),
        source: "net/ipv4/tcp_input.c: tcp_data_queue (v7.2)",
    },
];
