//! Interfaces and their statistics, as `ip -s link` shows them.

use std::os::fd::BorrowedFd;

use anyhow::Result;

use super::{
    Source,
    reading::{Link, Reading},
};
use crate::netlink::{
    attributes::{attribute, attributes, text},
    dump::dump,
    message::Message,
};

// include/uapi/linux/rtnetlink.h and if_link.h (v6.18).
const RTM_GETLINK: u16 = 18;
const IFLA_IFNAME: u16 = 3;
const IFLA_LINKINFO: u16 = 18;
const IFLA_STATS64: u16 = 23;
const IFLA_INFO_KIND: u16 = 1;

/// The length of `struct ifinfomsg`, and where the interface's index is in it.
const HEADER_LENGTH: usize = 16;
const INDEX: usize = 4;

/// The fields of `struct rtnl_link_stats64` (`include/uapi/linux/if_link.h`, v6.18), 64 bits each. Older kernels have fewer:
/// `rx_nohandler` came with 4.6, `rx_otherhost_dropped` with 5.19.
const FIELDS: [&str; 25] = [
    "rx_packets",
    "tx_packets",
    "rx_bytes",
    "tx_bytes",
    "rx_errors",
    "tx_errors",
    "rx_dropped",
    "tx_dropped",
    "multicast",
    "collisions",
    "rx_length_errors",
    "rx_over_errors",
    "rx_crc_errors",
    "rx_frame_errors",
    "rx_fifo_errors",
    "rx_missed_errors",
    "tx_aborted_errors",
    "tx_carrier_errors",
    "tx_fifo_errors",
    "tx_heartbeat_errors",
    "tx_window_errors",
    "rx_compressed",
    "tx_compressed",
    "rx_nohandler",
    "rx_otherhost_dropped",
];

/// Takes all interfaces of the socket's namespace.
pub(super) fn read(reading: &mut Reading, route: BorrowedFd<'_>) -> Result<()> {
    let request = Message::dump("RTM_GETLINK", RTM_GETLINK).fixed(&[0; HEADER_LENGTH]);
    for body in dump(route, &request)? {
        take(reading, &body);
    }
    Ok(())
}

fn take(reading: &mut Reading, body: &[u8]) -> Option<()> {
    let ifindex = u32::from_ne_bytes(*body.get(INDEX..)?.first_chunk()?);
    let rest = body.get(HEADER_LENGTH..)?;
    let mut link = Link::default();
    for (kind, value) in attributes(rest) {
        match kind {
            IFLA_IFNAME => link.name = text(value),
            IFLA_LINKINFO => {
                link.driver = attribute(value, IFLA_INFO_KIND)
                    .map(text)
                    .unwrap_or_default();
            }
            IFLA_STATS64 => {
                for (name, field) in FIELDS.iter().zip(value.chunks_exact(8)) {
                    let value = u64::from_ne_bytes(*field.first_chunk()?);
                    reading.count(Source::Link, ifindex, "", name, value);
                }
            }
            _ => {}
        }
    }
    reading.links.insert(ifindex, link);
    Some(())
}
