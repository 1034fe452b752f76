//! Where the kernel gives a reason for something else than what the reason says, so that the place tells more.

/// A reason, the function that drops with it, and the place that tells what it means there.
pub(crate) const BETTER: &[(&str, &str, &str)] = &[
    // The listener has no room (net/ipv4/syncookies.c, net/ipv6/syncookies.c, v6.12).
    ("NO_SOCKET", "cookie_v4_check", "cookie_v4_check"),
    ("NO_SOCKET", "cookie_v6_check", "cookie_v6_check"),
    // It looks for ping sockets alone, when raw ones have their copies; where it leaves the drop to its callers, these have
    // the reason from nothing else (net/ipv4/ping.c, net/ipv4/icmp.c, net/ipv6/icmp.c, v6.1, v6.18).
    ("NO_SOCKET", "ping_rcv", "ping_rcv"),
    ("NO_SOCKET", "icmp_rcv", "ping_rcv"),
    ("NO_SOCKET", "icmpv6_rcv", "ping_rcv"),
    // The reasons are those of a route that lacks, and this one is there (net/ipv6/route.c, v6.18).
    ("IP_INNOROUTES", "ip6_pkt_prohibit", "ip6_pkt_prohibit"),
    ("IP_OUTNOROUTES", "ip6_pkt_prohibit", "ip6_pkt_prohibit"),
];
