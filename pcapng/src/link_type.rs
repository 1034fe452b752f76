//! Link types: what the bytes of a packet begin with. Numbers of the registry at <https://www.tcpdump.org/linktypes.html>
//! (draft-ietf-opsawg-pcaplinktype); those that a recorder of Linux needs.

/// `LINKTYPE_ETHERNET`: an Ethernet header, the destination address first, without preamble.
pub const ETHERNET: u16 = 1;
/// `LINKTYPE_RAW`: an IPv4 or IPv6 header, as its version field says.
pub const RAW: u16 = 101;
/// `LINKTYPE_LINUX_SLL2`: what Linux tells of a packet in place of its link header, version 2: 20 bytes. libpcap knows it
/// since 1.10.
pub const LINUX_SLL2: u16 = 276;
