//! What the socket, or the lack of one, is the reason for.

use crate::explain::{
    Explanation,
    Verdict::{Depends, Harmless, Trouble},
};

pub(super) const ALL: &[Explanation] = &[
    Explanation {
        name: "NO_SOCKET",
        phrase: "no socket is open for it",
        meaning: "It came for an address and port of this host where no program listens. UDP then answers with ICMP \
            \"port unreachable\", TCP with a reset. Port scans and broadcasts bring a few; many mean that a \
            program is down, or listens on another address or port. At cookie_v4_check and cookie_v6_check it is \
            otherwise: there a program does listen, and its accept queue is full when a handshake's last ACK \
            comes. At ping_rcv it is a ping's answer, which a raw socket may have got.",
        verdict: Depends,
        check: "`ss -lntup` lists what listens: look for the port, and for an address that the packet was sent to. \
            If nothing should listen there, find the sender and stop it. At cookie_v4_check and cookie_v6_check: \
            `ss -ltn` (Recv-Q against Send-Q).",
        counters: &[
            "nstat: UdpNoPorts",
            "nstat: Udp6NoPorts",
            "nstat: TcpOutRsts",
            "nstat: TcpExtListenOverflows (at cookie_v4_check, cookie_v6_check)",
            "nstat: TcpExtListenDrops (at cookie_v4_check, cookie_v6_check)",
        ],
        kernels: ("5.17", "7.2"),
        source: "net/ipv4/udp.c: udp_rcv; net/ipv4/tcp_ipv4.c: tcp_v4_rcv; net/ipv4/ping.c: ping_rcv; net/ipv6 \
            likewise (v7.2); net/ipv4/syncookies.c: cookie_v4_check; net/ipv6/syncookies.c: cookie_v6_check \
            (v6.12)",
    },
    Explanation {
        name: "PACKET_SOCK_ERROR",
        phrase: "a packet socket could not take it",
        meaning: "A capturing socket (AF_PACKET: tcpdump, a DHCP client, an IDS) had no room or no memory for its copy. \
            The network stack has its own: the traffic itself is not disturbed, only what the capturing program sees. \
            Copies of packets that others still hold are freed without the tracepoint, so that more may be lost than \
            is recorded.",
        verdict: Depends,
        check: "The program tells all its losses (tcpdump: \"packets dropped by kernel\"). Give it a larger buffer (`tcpdump \
            -B 65536`), a tighter filter or a shorter snapshot length.",
        counters: &[],
        kernels: ("6.12", "7.2"),
        source: "net/packet/af_packet.c: packet_rcv, tpacket_rcv; net/core/skbuff.c: sk_skb_reason_drop (v7.2)",
    },
    Explanation {
        name: "PROTO_MEM",
        phrase: "the protocol's memory limit is reached",
        meaning: "All sockets of the protocol together, or those of the memory cgroup, hold as much as they may. With TCP \
            it is also given where the one socket's own buffer has no room for the segment.",
        verdict: Trouble,
        check: "`cat /proc/net/sockstat` against `sysctl net.ipv4.tcp_mem net.ipv4.udp_mem` (pages), and memory.current \
            against memory.max of the program's cgroup. `ss -tm` or `ss -um` finds the sockets that hold much.",
        counters: &[
            "nstat: UdpMemErrors",
            "nstat: TcpExtTCPRcvQDrop",
            "nstat: TcpExtTCPOFODrop",
            "nstat: TcpExtRcvPruned (where the one socket's buffer is full)",
            "nstat: TcpExtPruneCalled (where the one socket's buffer is full)",
        ],
        kernels: ("5.18", "7.2"),
        source: "net/ipv4/udp.c: __udp_queue_rcv_skb; net/ipv4/tcp_input.c: tcp_data_queue, tcp_data_queue_ofo \
            (v7.2), tcp_prune_queue (v6.12)",
    },
    Explanation {
        name: "SOCKET_BACKLOG",
        phrase: "the socket's backlog is full",
        meaning: "The program held the socket's lock (it was in the middle of a system call on it) while more came than \
            may wait meanwhile. TCP sends it again later, which costs time.",
        verdict: Trouble,
        check: "`nstat -az TcpExtTCPBacklogDrop`, and `ss -tm` for the buffers: the limit grows with the receive and send \
            buffer, so enlarge net.ipv4.tcp_rmem. A socket that many threads share is a common cause.",
        counters: &["nstat: TcpExtTCPBacklogDrop"],
        kernels: ("5.18", "7.2"),
        source: "net/ipv4/tcp_ipv4.c: tcp_add_backlog; net/core/sock.c: __sk_receive_skb (v7.2)",
    },
    Explanation {
        name: "SOCKET_CLOSE",
        phrase: "its socket was closed",
        meaning: "The packet waited in a socket's queue, or was on its way to it, when the socket was closed. Nobody would \
            have read it.",
        verdict: Harmless,
        check: "Nothing, unless data should have arrived: then find out with `strace -f -e trace=close,exit_group -p PID` \
            why the program closes the socket before it has read all.",
        counters: &[],
        kernels: ("6.12", "7.2"),
        source: "net/unix/af_unix.c: unix_sock_destructor, unix_release_sock; net/mptcp/protocol.c (v7.2)",
    },
    Explanation {
        name: "SOCKET_FILTER",
        phrase: "a filter on the socket refused it",
        meaning: "A BPF filter on the socket itself, or one of its cgroup, did not let it in. A program that captures \
            (tcpdump, DHCP clients) filters like this all the time, and drops what it does not want. Older kernels give the \
            same reason for what a security module refused, or what no memory was left for.",
        verdict: Depends,
        check: "`ss -0 -b` and `ss -b` show the filters of sockets; `bpftool cgroup tree` shows those of cgroups. Only a \
            filter that drops what its program wants is trouble.",
        counters: &[
            "nstat: UdpInErrors",
            "nstat: Udp6InErrors",
            "/proc/net/udp: drops",
            "/proc/net/udp6: drops",
        ],
        kernels: ("5.17", "7.2"),
        source: "net/core/filter.c: sk_filter_trim_cap (v7.2); net/ipv4/udp.c: udp_queue_rcv_one_skb; net/ipv6/udp.c: \
            udpv6_queue_rcv_one_skb (v6.12)",
    },
    Explanation {
        name: "SOCKET_RCVBUFF",
        phrase: "the socket's receive buffer is full",
        meaning: "The program does not read as fast as packets come, and what waits has filled the socket's receive \
            buffer. The packet is lost for the program.",
        verdict: Trouble,
        check: "`ss -nump` shows the buffer (rb), what waits in it (Recv-Q) and how many were dropped (d). Let the program \
            read faster, or give it more: SO_RCVBUF, or `sysctl -w net.core.rmem_max=…` and net.core.rmem_default.",
        counters: &[
            "nstat: UdpRcvbufErrors",
            "nstat: UdpInErrors",
            "nstat: Udp6RcvbufErrors",
            "nstat: Udp6InErrors",
            "/proc/net/udp: drops",
            "/proc/net/udp6: drops",
        ],
        kernels: ("5.18", "7.2"),
        source: "net/ipv4/udp.c: __udp_queue_rcv_skb; net/core/sock.c: sock_queue_rcv_skb_reason (v7.2)",
    },
    Explanation {
        name: "UNIX_DISCONNECT",
        phrase: "its AF_UNIX socket was connected to another peer",
        meaning: "A datagram waited unread in an AF_UNIX socket when that socket was connected elsewhere, or lost its \
            peer. It never was on a network.",
        verdict: Depends,
        check: "Nothing on the network side. If the data matter, the receiving program must read all before it connects \
            again.",
        counters: &[],
        kernels: ("6.18", "7.2"),
        source: "net/unix/af_unix.c: unix_dgram_disconnected (v7.2)",
    },
    Explanation {
        name: "UNIX_SKIP_OOB",
        phrase: "the AF_UNIX reader passed over urgent data",
        meaning: "The sender marked a byte as out-of-band (MSG_OOB), and the reader went on without asking for it. It \
            never was on a network.",
        verdict: Harmless,
        check: "Nothing, unless the program is meant to use MSG_OOB.",
        counters: &[],
        kernels: ("6.12", "7.2"),
        source: "net/unix/af_unix.c: manage_oob (v7.2)",
    },
];
