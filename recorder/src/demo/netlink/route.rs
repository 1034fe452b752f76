//! rtnetlink(7) requests: a pair of interfaces, their addresses, and the queue before one of them.
//!
//! All act on the calling thread's namespace.

use std::net::IpAddr;
use std::os::fd::{AsRawFd, BorrowedFd};

use anyhow::Result;

use crate::demo::frame::MacAddress;
use crate::netlink::message::{CREATE, EXCLUSIVE, Message, REPLACE};
use crate::netlink::transaction::transact;

// Message types of include/uapi/linux/rtnetlink.h (v6.18).
const RTM_NEWLINK: u16 = 16;
const RTM_NEWADDR: u16 = 20;
const RTM_NEWQDISC: u16 = 36;

// Attributes of include/uapi/linux/if_link.h, veth.h, if_addr.h and rtnetlink.h (v6.18).
const IFLA_ADDRESS: u16 = 1;
const IFLA_IFNAME: u16 = 3;
const IFLA_LINKINFO: u16 = 18;
const IFLA_NET_NS_FD: u16 = 28;
const IFLA_INFO_KIND: u16 = 1;
const IFLA_INFO_DATA: u16 = 2;
const VETH_INFO_PEER: u16 = 1;
const IFA_ADDRESS: u16 = 1;
const IFA_LOCAL: u16 = 2;
const TCA_KIND: u16 = 1;
const TCA_OPTIONS: u16 = 2;

const AF_UNSPEC: u8 = 0;
const AF_INET: u8 = 2;
const AF_INET6: u8 = 10;

const IFF_UP: u32 = 0x01;
/// Without neighbour discovery there are no ARP and no neighbour solicitations, no duplicate address detection (`addrconf_dad_begin`)
/// and no solicited-node groups to report (`addrconf_join_solict`, both net/ipv6/addrconf.c, v6.18): the wire is silent.
const IFF_NOARP: u32 = 0x80;

/// `TC_H_ROOT`: the queueing discipline that an interface sends through.
const TC_H_ROOT: u32 = u32::MAX;

/// One end of a pair of virtual Ethernet interfaces.
pub(crate) struct End<'a> {
    /// The interface's name.
    pub(crate) name: &'a str,
    /// Its link-layer address.
    pub(crate) address: MacAddress,
}

/// Makes a veth(4) pair: `near` in this namespace and up, `far` in the namespace `far_namespace` and down.
///
/// An end that comes up before it knows its peer fails with `ENOTCONN` (`veth_open`, drivers/net/veth.c, v6.18).
pub(crate) fn add_veth_pair(
    near: &End<'_>,
    far: &End<'_>,
    far_namespace: BorrowedFd<'_>,
) -> Result<()> {
    transact(None, &[veth_pair(near, far, far_namespace.as_raw_fd())])
}

fn veth_pair(near: &End<'_>, far: &End<'_>, far_namespace: i32) -> Message {
    Message::request("RTM_NEWLINK (veth pair)", RTM_NEWLINK, CREATE | EXCLUSIVE)
        .fixed(&interface_header(0, IFF_NOARP | IFF_UP))
        .text(IFLA_IFNAME, near.name)
        .attribute(IFLA_ADDRESS, &near.address)
        .nested(IFLA_LINKINFO, |info| {
            info.text(IFLA_INFO_KIND, "veth")
                .nested(IFLA_INFO_DATA, |data| {
                    data.nested(VETH_INFO_PEER, |peer| {
                        peer.fixed(&interface_header(0, IFF_NOARP))
                            .text(IFLA_IFNAME, far.name)
                            .attribute(IFLA_ADDRESS, &far.address)
                            .attribute(IFLA_NET_NS_FD, &far_namespace.to_ne_bytes())
                    })
                })
        })
}

/// Brings an interface up.
pub(crate) fn bring_up(interface: u32) -> Result<()> {
    let up = Message::request("RTM_NEWLINK (up)", RTM_NEWLINK, 0)
        .fixed(&interface_header(interface, IFF_UP));
    transact(None, &[up])
}

/// `struct ifinfomsg`: the family, no hardware type, the interface (0 for one to be made), flags to set, and that these are to change.
fn interface_header(interface: u32, flags: u32) -> [u8; 16] {
    let mut header = [0; 16];
    header[0] = AF_UNSPEC;
    header[4..8].copy_from_slice(&interface.to_ne_bytes());
    header[8..12].copy_from_slice(&flags.to_ne_bytes());
    header[12..].copy_from_slice(&flags.to_ne_bytes());
    header
}

/// Gives the interface an address, and thereby a route to the network of that prefix.
pub(crate) fn add_address(interface: u32, address: IpAddr, prefix_length: u8) -> Result<()> {
    transact(None, &[new_address(interface, address, prefix_length)])
}

fn new_address(interface: u32, address: IpAddr, prefix_length: u8) -> Message {
    let (family, octets) = match address {
        IpAddr::V4(address) => (AF_INET, address.octets().to_vec()),
        IpAddr::V6(address) => (AF_INET6, address.octets().to_vec()),
    };
    // `struct ifaddrmsg`: no flags, scope "universe".
    let mut header = [family, prefix_length, 0, 0, 0, 0, 0, 0];
    header[4..].copy_from_slice(&interface.to_ne_bytes());
    Message::request("RTM_NEWADDR", RTM_NEWADDR, CREATE | EXCLUSIVE)
        .fixed(&header)
        .attribute(IFA_LOCAL, &octets)
        .attribute(IFA_ADDRESS, &octets)
}

/// Makes the interface send through a first-in first-out queue of at most `limit` packets, `pfifo` of tc-bfifo(8).
pub(crate) fn set_packet_fifo(interface: u32, limit: u32) -> Result<()> {
    transact(None, &[packet_fifo(interface, limit)])
}

fn packet_fifo(interface: u32, limit: u32) -> Message {
    // `struct tcmsg`: the family, padding, the interface, no handle, the parent, no information.
    let mut header = [0; 20];
    header[4..8].copy_from_slice(&interface.to_ne_bytes());
    header[12..16].copy_from_slice(&TC_H_ROOT.to_ne_bytes());
    Message::request("RTM_NEWQDISC (pfifo)", RTM_NEWQDISC, CREATE | REPLACE)
        .fixed(&header)
        .text(TCA_KIND, "pfifo")
        .attribute(TCA_OPTIONS, &limit.to_ne_bytes())
}

#[cfg(test)]
#[cfg(target_endian = "little")]
mod tests {
    use super::*;

    /// The peer's own `struct ifinfomsg` stands before its attributes, three nests deep.
    #[test]
    fn a_veth_pair_byte_for_byte() {
        let near = End {
            name: "near",
            address: [2, 0, 0, 0, 0, 1],
        };
        let far = End {
            name: "far",
            address: [2, 0, 0, 0, 0, 2],
        };
        assert_eq!(
            veth_pair(&near, &far, 5).to_bytes(1),
            [
                &[124, 0, 0, 0, 16, 0, 0x05, 0x06, 1, 0, 0, 0, 0, 0, 0, 0][..],
                &[0, 0, 0, 0, 0, 0, 0, 0, 0x81, 0, 0, 0, 0x81, 0, 0, 0],
                &[9, 0, 3, 0, b'n', b'e', b'a', b'r', 0, 0, 0, 0],
                &[10, 0, 1, 0, 2, 0, 0, 0, 0, 1, 0, 0],
                &[68, 0, 18, 0x80],
                &[9, 0, 1, 0, b'v', b'e', b't', b'h', 0, 0, 0, 0],
                &[52, 0, 2, 0x80],
                &[48, 0, 1, 0x80],
                &[0, 0, 0, 0, 0, 0, 0, 0, 0x80, 0, 0, 0, 0x80, 0, 0, 0],
                &[8, 0, 3, 0, b'f', b'a', b'r', 0],
                &[10, 0, 1, 0, 2, 0, 0, 0, 0, 2, 0, 0],
                &[8, 0, 28, 0, 5, 0, 0, 0],
            ]
            .concat()[..]
        );
    }

    /// A root queue of no packets.
    #[test]
    fn a_packet_fifo_byte_for_byte() {
        assert_eq!(
            packet_fifo(2, 0).to_bytes(1),
            [
                &[56, 0, 0, 0, 36, 0, 0x05, 0x05, 1, 0, 0, 0, 0, 0, 0, 0][..],
                &[0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0],
                &[0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0],
                &[10, 0, 1, 0, b'p', b'f', b'i', b'f', b'o', 0, 0, 0],
                &[8, 0, 2, 0, 0, 0, 0, 0],
            ]
            .concat()[..]
        );
    }

    /// An IPv4 address with its network's prefix.
    #[test]
    fn an_address_byte_for_byte() {
        assert_eq!(
            new_address(2, IpAddr::from([192, 0, 2, 2]), 24).to_bytes(1),
            [
                &[40, 0, 0, 0, 20, 0, 0x05, 0x06, 1, 0, 0, 0, 0, 0, 0, 0][..],
                &[2, 24, 0, 0, 2, 0, 0, 0],
                &[8, 0, 2, 0, 192, 0, 2, 2],
                &[8, 0, 1, 0, 192, 0, 2, 2],
            ]
            .concat()[..]
        );
    }
}
