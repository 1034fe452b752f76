//! Where what a program of this host sends, or reads, is dropped.

use crate::explain::{
    Explanation,
    Verdict::{Depends, Harmless, Trouble},
};

pub(super) const ALL: &[Explanation] = &[
    Explanation {
        name: "__dev_direct_xmit",
        phrase: "its device was down, had no carrier or could not take it",
        meaning: "A program that sends past the queueing discipline (AF_XDP in copy mode, AF_PACKET with \
            PACKET_QDISC_BYPASS) wanted to send by a device that is down, has no carrier, or could not be given the packet.",
        verdict: Depends,
        check: "`ip link show DEV` for UP and LOWER_UP, `ip -s link show DEV`.",
        counters: &["ip -s link: tx dropped"],
        kernels: ("5.10", "7.2"),
        source: "net/core/dev.c: __dev_direct_xmit (v5.10)",
    },
    Explanation {
        name: "__first_packet_length",
        phrase: "wrong UDP checksum, seen when a program looked",
        meaning: "The checksum of a datagram that waits in a socket may be verified only when the program asks what is \
            there (poll, select), and it was wrong.",
        verdict: Trouble,
        check: "If it comes from a virtual machine or container on this host, turn off checksum offload at the sender \
            (`ethtool -K DEV tx off`) to see whether it is that. Otherwise look for a bad cable, NIC or middlebox.",
        counters: &["nstat: UdpInCsumErrors", "nstat: UdpInErrors"],
        kernels: ("5.10", "7.2"),
        source: "net/ipv4/udp.c: __first_packet_length (v5.10)",
    },
    Explanation {
        name: "ip_mc_output",
        phrase: "a multicast that may not leave this host (TTL 0)",
        meaning: "A program sent a multicast with a TTL of 0, which only the programs of this host get.",
        verdict: Harmless,
        check: "Nothing. If others should get it: the program sets IP_MULTICAST_TTL.",
        counters: &[],
        kernels: ("5.10", "7.2"),
        source: "net/ipv4/ip_output.c: ip_mc_output (v5.10)",
    },
    Explanation {
        name: "netlink_sock_destruct",
        phrase: "a netlink message that was not read before the end",
        meaning: "It waited in a netlink socket when the socket went. It never was on a network.",
        verdict: Harmless,
        check: "Nothing.",
        counters: &[],
        kernels: ("5.10", "7.2"),
        source: "net/netlink/af_netlink.c: netlink_sock_destruct (v5.10)",
    },
    Explanation {
        name: "packet_snd",
        phrase: "a program's own packet that could not be sent",
        meaning: "A program that builds packets by itself (AF_PACKET: a DHCP client, a traffic generator) sent one that is \
            longer than the MTU, or malformed; it gets an error.",
        verdict: Depends,
        check: "`strace -e trace=sendto,sendmsg -p PID` shows the error (EMSGSIZE, EINVAL).",
        counters: &[],
        kernels: ("5.10", "7.2"),
        source: "net/packet/af_packet.c: packet_snd (v5.10)",
    },
    Explanation {
        name: "skb_kill_datagram",
        phrase: "a datagram that its reader could not take",
        meaning: "A program read, and the datagram's checksum turned out to be wrong, or the program's memory could not be \
            written.",
        verdict: Trouble,
        check: "`nstat -az | grep -i csum`; `strace -e trace=recvfrom,recvmsg -p PID` for EFAULT.",
        counters: &[],
        kernels: ("5.10", "7.2"),
        source: "net/core/datagram.c: skb_kill_datagram (v5.10)",
    },
    Explanation {
        name: "tun_get_user",
        phrase: "what the tun or tap device's program wrote is malformed",
        meaning: "The program that holds the device (a VPN, QEMU) wrote a packet that is neither IPv4 nor IPv6, or whose \
            header for the device makes no sense; or the device is down.",
        verdict: Trouble,
        check: "`ip link show DEV`; find the program: `ss -nap`, `lsof /dev/net/tun`.",
        counters: &["ip -s link: rx dropped", "ip -s -s link: rx errors, frame"],
        kernels: ("5.10", "7.2"),
        source: "drivers/net/tun.c: tun_get_user (v5.10)",
    },
    Explanation {
        name: "udp_recvmsg",
        phrase: "wrong UDP checksum, seen when it was read",
        meaning: "The checksum of a datagram may be verified only while the program reads it, and it was wrong; or the \
            program's memory could not be written.",
        verdict: Trouble,
        check: "`nstat -az UdpInCsumErrors`. If it comes from a virtual machine or container on this host, turn off \
            checksum offload at the sender (`ethtool -K DEV tx off`) to see whether it is that.",
        counters: &["nstat: UdpInCsumErrors", "nstat: UdpInErrors"],
        kernels: ("5.10", "7.2"),
        source: "net/ipv4/udp.c: udp_recvmsg (v5.10)",
    },
    Explanation {
        name: "udp_send_skb",
        phrase: "a program's UDP segments that cannot be sent so",
        meaning: "A program handed over many datagrams at once (UDP_SEGMENT) that are too long for the MTU or too many, or \
            for which the route's device or IPsec does not serve; it gets an error.",
        verdict: Trouble,
        check: "`strace -e trace=sendmsg -p PID` shows the error; `ethtool -k DEV` for tx-udp-segmentation and checksums.",
        counters: &[],
        kernels: ("5.10", "7.2"),
        source: "net/ipv4/udp.c: udp_send_skb (v5.10)",
    },
    Explanation {
        name: "udpv6_recvmsg",
        phrase: "wrong UDP checksum, seen when it was read",
        meaning: "The checksum of a datagram may be verified only while the program reads it, and it was wrong; or the \
            program's memory could not be written.",
        verdict: Trouble,
        check: "`nstat -az Udp6InCsumErrors`. If it comes from a virtual machine or container on this host, turn off \
            checksum offload at the sender (`ethtool -K DEV tx off`) to see whether it is that.",
        counters: &["nstat: Udp6InCsumErrors", "nstat: Udp6InErrors"],
        kernels: ("5.10", "7.2"),
        source: "net/ipv6/udp.c: udpv6_recvmsg (v5.10)",
    },
];
