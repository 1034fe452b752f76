//! What a reason means, in half a sentence.

/// For the sentence "frame dropped, …". `None`: the reason's name says as much. `is_tagged`: the frame has a VLAN tag.
///
/// Sources: the comments of `include/net/dropreason-core.h` (v6.18), and the places that give the reason.
#[must_use]
pub fn of(reason: &str, is_tagged: bool) -> Option<&'static str> {
    Some(match reason {
        "NO_SOCKET" => "no socket is open for it",
        "SOCKET_CLOSE" => "its socket was closed",
        "SOCKET_FILTER" => "a filter on the socket refused it",
        "SOCKET_RCVBUFF" => "the socket's receive buffer is full",
        "PKT_TOO_SMALL" => "shorter than its headers say",
        "TCP_CSUM" => "wrong TCP checksum",
        "UDP_CSUM" => "wrong UDP checksum",
        "ICMP_CSUM" => "wrong ICMP checksum",
        "IP_CSUM" => "wrong IPv4 header checksum",
        "IP_INHDR" | "IP_INHDR_ERROR" => "its IP header is invalid, or its TTL has run out",
        "NETFILTER_DROP" => "a firewall rule dropped it",
        // A frame of a VLAN that no interface has is marked like one to another host (net/core/dev.c).
        "OTHERHOST" if is_tagged => "it is another host's, or its VLAN is none of this one's",
        "OTHERHOST" => "its destination address is another host's",
        "IP_RPFILTER" => "the way back to its source is another interface's (rp_filter)",
        "IP_NOPROTO" => "nothing handles its IP protocol",
        "IP_OUTNOROUTES" | "IP_INNOROUTES" => "there is no route to its destination",
        "IP_INVALID_SOURCE" | "IP_LOCAL_SOURCE" => "its source address is not a valid one here",
        "UNICAST_IN_L2_MULTICAST" => "sent to one host by IP and to many by Ethernet",
        "TCP_FLAGS" => "its TCP flags do not fit the connection's state",
        "TCP_ZEROWINDOW" => "the receiver's window was closed",
        "TCP_OLD_DATA" => "all of its data had been received before",
        "TCP_OVERWINDOW" => "its data lie beyond the receiver's window",
        "TCP_RESET" => "its RST is not a valid one",
        "TCP_CLOSE" => "the connection is closed",
        "NEIGH_FAILED" => "its next hop did not answer",
        "NEIGH_QUEUEFULL" => "too many packets wait for the next hop's address",
        "QDISC_DROP" => "the qdisc did not take it",
        "CPU_BACKLOG" => "the processor's backlog is full",
        "XDP" => "an XDP program dropped it",
        "TC_INGRESS" | "TC_EGRESS" => "a tc filter dropped it",
        "UNHANDLED_PROTO" => "no handler for its protocol",
        "SKB_UCOPY_FAULT" => "copying from or to the process's memory failed",
        "DEV_HDR" => "its driver's header is invalid",
        "DEV_READY" => "the interface is not up",
        "FULL_RING" => "the driver's ring is full",
        "NOMEM" => "there was no memory for it",
        "HDR_TRUNC" => "its headers are cut short",
        "TAP_FILTER" | "TAP_TXFILTER" => "a filter of the tap device refused it",
        "PKT_TOO_BIG" => "longer than the MTU allows",
        "IPV6DISABLED" => "IPv6 is disabled on the interface",
        "INVALID_PROTO" => "its protocol is not valid there",
        "NOT_SPECIFIED" => "the kernel does not say why",
        _ => return None,
    })
}
