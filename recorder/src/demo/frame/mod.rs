//! Frames as they are on the wire, each layer built by hand so that it can be built wrong on purpose.
//!
//! An upper layer gives the bytes that the layer below takes as its payload.

mod checksum;
mod ethernet;
mod ip;
mod transport;

pub(crate) use ethernet::{
    ETHERTYPE_EXPERIMENTAL, ETHERTYPE_IPV4, ETHERTYPE_IPV6, ETHERTYPE_VLAN, HOST, MacAddress,
    SENDER, ethernet, ieee_802_3,
};
pub(crate) use ip::{Ipv4Packet, PROTOCOL_EXPERIMENTAL, PROTOCOL_TCP, PROTOCOL_UDP, ipv6_packet};
pub(crate) use transport::{tcp_syn, udp_datagram};
