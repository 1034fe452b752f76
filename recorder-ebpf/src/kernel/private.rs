//! Which skbs are no packets: other processes' private data, and what only tells a process of its packets.

use droprec_ebpf::{
    config::ABSENT,
    frame::PACKET_OUTGOING,
    record::{
        HAS_NETWORK_HEADER, HAS_ROUTE, HAS_SOCKET, HAS_TRANSPORT_HEADER, LINK_HEADER, NO_HEADER,
        Record,
    },
};

use super::{
    config::config,
    skb::{AF_UNSPEC, Socket},
};

/// Address families of sockets whose packets go over a network (`include/linux/socket.h`).
const AF_INET: u16 = 2;
const AF_INET6: u16 = 10;
const AF_PACKET: u16 = 17;
const AF_XDP: u16 = 44;

/// The smallest `skb->protocol` that is an EtherType (`ETH_P_802_3_MIN`, `include/uapi/linux/if_ether.h`).
const FIRST_ETHERTYPE: u16 = 0x0600;

/// `ETH_P_IPV6` (`include/uapi/linux/if_ether.h`).
const ETH_P_IPV6: u16 = 0x86dd;

/// Devices that show such payloads to a capture (`include/uapi/linux/if_arp.h`).
const ARPHRD_NETLINK: u16 = 824;
const ARPHRD_VSOCKMON: u16 = 826;

/// Whether an skb is not to be recorded, unless all are.
#[inline(always)]
pub(crate) fn is_suppressed(record: &Record, socket: &Socket) -> bool {
    config(|c| &c.all) == 0 && (is_private(record) || is_report(record, socket))
}

/// Whether an skb is no packet of a network: a message between processes, or to and from the kernel.
#[inline(always)]
fn is_private(record: &Record) -> bool {
    match record.device_type {
        ARPHRD_NETLINK | ARPHRD_VSOCKMON => return true,
        _ => {}
    }
    // What is at a device, or came in by one, is a packet; a route alone may lead to one that was never made.
    if record.device_type != NO_HEADER || record.iif != 0 {
        return false;
    }
    // What tells a process of an error, or of what it has sent, is no packet.
    if record.len == 0 {
        return true;
    }
    if record.flags & HAS_SOCKET == 0 {
        // The kernel's own messages have no socket. Neither have they a protocol, which every packet has. So are the parts
        // of a packet that is sent in several, but that IPv6's have theirs at once (`__ip6_make_skb`, net/ipv6/ip6_output.c,
        // v6.18): where their headers are to be is whatever was in that memory before.
        return record.protocol == 0 || (record.protocol == ETH_P_IPV6 && is_unfinished(record));
    }
    match record.family {
        // The socket of a tun or tap device: what a process has just written to it, if it could be read.
        AF_UNSPEC => {
            let copy_fault = config(|c| &c.copy_fault);
            copy_fault == ABSENT || record.reason == copy_fault
        }
        // Before IP has made a packet of it, the place of its headers is kept free, or what the process wrote is only
        // partly there; the rest is whatever was in that memory before. A raw socket's transport header is moved from its
        // first place when all was copied (`raw_send_hdrinc`, net/ipv4/raw.c, v6.18).
        AF_INET => {
            // On older kernels what a raw socket sends has a route and no protocol (`raw_send_hdrinc`, v5.10).
            let is_unmade = record.protocol == 0 && record.flags & HAS_ROUTE == 0;
            record.flags & HAS_NETWORK_HEADER != 0
                && (is_unmade || record.flags & HAS_TRANSPORT_HEADER == 0)
        }
        // Here the protocol is set at once, and the route only to what is finished.
        AF_INET6 => is_unfinished(record),
        // A capture of netlink messages, or of the like, which have no link header.
        AF_PACKET | AF_XDP => record.protocol < FIRST_ETHERTYPE && record.flags & LINK_HEADER == 0,
        _ => true,
    }
}

/// Whether a packet of IPv6 has a place for its header and no route yet: nothing is there.
#[inline(always)]
fn is_unfinished(record: &Record) -> bool {
    record.flags & (HAS_ROUTE | HAS_NETWORK_HEADER) == HAS_NETWORK_HEADER
}

/// Whether an skb tells a process what became of a packet that it has sent: a copy of that, or an ICMP error, in the error
/// queue of its socket (`skb_set_err_queue`, net/core/skbuff.c, v6.18). What a packet socket has captured is marked alike, but
/// has no device any more.
#[inline(always)]
fn is_report(record: &Record, socket: &Socket) -> bool {
    if record.pkt_type != PACKET_OUTGOING || socket.address == 0 || socket.is_receiver {
        return false;
    }
    match record.family {
        AF_INET | AF_INET6 => true,
        AF_PACKET => record.device_type != NO_HEADER,
        _ => false,
    }
}
