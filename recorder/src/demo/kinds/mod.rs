//! The kinds of drops that the demo can cause, in the order in which it causes them.

mod datagram;
mod forwarding;
mod internet;
mod link;
mod netfilter;
mod socket_buffer;
mod transport;
mod udp_table;

use anyhow::Result;

use super::lab::{Lab, Missing};

/// One kind of drop, and how to cause exactly one of it.
pub(crate) struct Kind {
    /// What it is called, such as `STP BPDU`.
    pub(crate) name: &'static str,
    /// What is to be seen, for people; the reason is the one that recent kernels give.
    pub(crate) expect: &'static str,
    cause: fn(&Lab) -> Result<Outcome>,
}

impl Kind {
    /// Causes the drop. It has happened on return, unless this CPU was so busy that it handed received packets to `ksoftirqd`:
    /// then it follows within milliseconds, as long as `lab` lives.
    pub(crate) fn cause(&self, lab: &Lab) -> Result<Outcome> {
        (self.cause)(lab)
    }
}

/// Whether a drop was caused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// One packet was, or is just being, dropped.
    Dropped,
    /// This kernel cannot, and why.
    Skipped(String),
}

impl Outcome {
    fn skipped(missing: &Missing) -> Self {
        Self::Skipped(missing.0.clone())
    }
}

/// All kinds, from the link upwards.
pub(crate) const KINDS: &[Kind] = &[
    link::UNHANDLED_ETHERTYPE,
    link::LENGTH_0X0400,
    link::STP_BPDU,
    link::OTHER_HOST,
    link::UNKNOWN_VLAN,
    internet::BAD_HEADER_CHECKSUM,
    internet::TRUNCATED,
    internet::UNKNOWN_PROTOCOL,
    internet::LOOPBACK_SOURCE,
    internet::MULTICAST_SOURCE,
    internet::REVERSE_PATH,
    forwarding::TTL_EXPIRED,
    forwarding::NO_ROUTE,
    transport::UDP_NO_SOCKET,
    transport::UDP_NO_SOCKET_IPV6,
    transport::TCP_NO_SOCKET,
    transport::TCP_BAD_CHECKSUM,
    netfilter::INPUT,
    netfilter::OUTPUT,
    socket_buffer::SOCKET_BUFFER,
    forwarding::FULL_QUEUE,
];
