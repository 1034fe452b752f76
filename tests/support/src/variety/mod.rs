//! Frames of every kind that a filter may have to look into, and what there is to be found in each.
//!
//! They are for the receiver of a [`Pair`]. An [`Ingress`](crate::Ingress) drops them all alike; without one the stack drops most
//! of them, at many places and for many reasons. Each ends in a number, by which it is known again.

mod carriers;
mod flow;
mod packets;

use crate::{Pair, frame::Origin};

pub use flow::Flow;

/// Digits of the number that a frame ends in.
const DIGITS: usize = 12;

/// What there is to be found in a frame.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// Its VLANs, the outer first.
    pub vlans: Vec<u16>,
    /// The types of all tags, those of a frame in a tunnel too.
    pub tags: Vec<u16>,
    /// Its `EtherType`, behind all tags; of a frame with a length there (IEEE 802.3), that length.
    pub ether_type: u16,
    /// Its IP packets, the outer first: what is in a tunnel comes behind the packet that is the tunnel's own.
    pub layers: Vec<Flow>,
}

/// A frame, and what there is to be found in it.
#[derive(Debug, Clone)]
pub struct Sample {
    /// What it is, in words.
    pub name: String,
    /// The frame.
    pub frame: Vec<u8>,
    /// What is in it.
    pub facts: Facts,
}

/// What comes behind the link addresses, and what is in it.
#[derive(Debug, Clone)]
struct Rest {
    /// The next two bytes: `EtherType`, or length.
    type_or_length: u16,
    /// Those behind.
    bytes: Vec<u8>,
    facts: Facts,
}

/// The number that a frame ends in.
#[must_use]
pub fn number(frame: &[u8]) -> Option<usize> {
    let start = frame.len().checked_sub(DIGITS)?;
    let text = str::from_utf8(&frame[start..]).ok()?;
    text.parse().ok()
}

/// All of them; the place of each is its number.
#[must_use]
pub fn variety(origin: Origin) -> Vec<Sample> {
    let mut samples = Vec::new();
    let mut add = |name: String, make: &dyn Fn(&[u8]) -> Rest| {
        let number = format!("{:0DIGITS$}", samples.len());
        let Rest {
            type_or_length,
            bytes,
            facts,
        } = make(number.as_bytes());
        let frame = origin.ethernet(Pair::RECEIVER_MAC, type_or_length, &bytes);
        samples.push(Sample { name, frame, facts });
    };
    for (kind, make) in packets::NOT_IP {
        add(kind.to_owned(), &make);
    }
    // All that is nearly the same, as plainly as can be.
    for (kind, flow) in flow::all() {
        add(format!("{flow}, {kind}"), &|end| packets::plain(flow, end));
    }
    for flow in flow::both_ways() {
        let forms = if flow.is_ipv6() {
            packets::FORMS6
        } else {
            packets::FORMS4
        };
        for (kind, make) in forms {
            add(format!("{flow}, {kind}"), &|end| make(flow, end));
        }
        for (kind, carry) in carriers::TAGS.iter().chain(carriers::TUNNELS) {
            add(format!("{flow}, {kind}"), &|end| {
                carry(packets::plain(flow, end))
            });
            // What has to be stepped over, within what has to be stepped over.
            add(format!("{flow} behind options, {kind}"), &|end| {
                carry(packets::behind_options(flow, end))
            });
        }
        for (kind, carry) in carriers::TUNNELS {
            add(format!("{flow}, {kind}, two tags"), &|end| {
                carriers::two_tags(carry(packets::plain(flow, end)))
            });
        }
    }
    samples
}
