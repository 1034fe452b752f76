//! A case of the ground truth: a packet, where it is dropped, and what it is known to be.

use std::fmt;

use droprec_testbed::{Namespace, unique};

/// Bytes of a link header.
pub(crate) const LINK_HEADER: usize = 14;

/// Where a group of cases happens. Its namespaces go with it.
pub(crate) trait Stage {
    /// Everything in place.
    fn build() -> Self;

    /// The namespace in which the packets are dropped.
    fn drops_in(&self) -> &Namespace;
}

/// Where the recorded link header comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Link {
    /// It is the frame's own.
    Mac,
    /// There was none, so one is made up: no addresses, and this `EtherType`.
    Synth(u16),
}

/// Where the kernel keeps a packet's bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// In one piece.
    Linear,
    /// All but the first of them in pages.
    Frags,
    /// In a list of buffers, as fragments that were put together are.
    FragList,
}

/// A packet that stands for several.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Gso {
    /// Of what they are.
    pub(crate) of: &'static str,
    /// Bytes of payload in each but the last.
    pub(crate) size: u16,
    /// Bytes before the payload, from the frame's beginning as it is recorded.
    pub(crate) headers: usize,
}

/// One packet, or several alike. `S` is where it happens.
pub(crate) struct Case<S> {
    /// What is special about it.
    pub(crate) name: &'static str,
    /// The type of the interface at which it is dropped.
    pub(crate) device: &'static str,
    /// How many VLAN tags it has.
    pub(crate) tags: u8,
    /// Whether the outermost of them travels beside the frame.
    pub(crate) is_stripped: bool,
    /// What it is.
    pub(crate) protocol: &'static str,
    /// Why it is dropped.
    pub(crate) drop: &'static str,
    /// In which function of the kernel's: a prefix, as compilers add suffixes; several where kernels differ.
    pub(crate) at: &'static [&'static str],
    /// The name of the interface at which it is dropped; several where a copy each is.
    pub(crate) dev: &'static [&'static str],
    pub(crate) link: Link,
    pub(crate) shape: Shape,
    pub(crate) gso: Option<Gso>,
    /// What tshark knows it as: `frame.protocols`.
    pub(crate) shown: &'static str,
    /// Whether the kernel has what it takes.
    pub(crate) is_possible: fn() -> bool,
    /// Sends it, and says what must be recorded: whole frames, or packets where the link header is made up.
    pub(crate) send: fn(&S, &Mark) -> Vec<Vec<u8>>,
}

impl<S> Case<S> {
    /// An untagged frame of one piece with a link header of its own, which nothing handles.
    pub(crate) const PLAIN: Self = Self {
        name: "",
        device: "Ethernet (veth)",
        tags: 0,
        is_stripped: false,
        protocol: "unknown EtherType",
        drop: "no handler",
        at: &["__netif_receive_skb_core"],
        dev: &["eth0"],
        link: Link::Mac,
        shape: Shape::Linear,
        gso: None,
        shown: "eth:ethertype:data",
        is_possible: || true,
        send: |_, _| Vec::new(),
    };

    /// A row of the table in docs/ground-truth.md.
    pub(crate) fn row(&self) -> String {
        let Self {
            name,
            device,
            protocol,
            drop,
            ..
        } = self;
        let tags = match (self.tags, self.is_stripped) {
            (tags, true) => format!("{tags}, one beside the frame"),
            (tags, false) => tags.to_string(),
        };
        let shape = match self.shape {
            Shape::Linear => "linear",
            Shape::Frags => "frags",
            Shape::FragList => "frag list",
        };
        let gso = self.gso.map_or("", |gso| gso.of);
        let link = match self.link {
            Link::Mac => "mac",
            Link::Synth(_) => "synth",
        };
        let at = self
            .at
            .iter()
            .map(|function| format!("`{function}`"))
            .collect::<Vec<_>>()
            .join(", ");
        format!(
            "| {name} | {device} | {tags} | {protocol} | {drop} | {at} | {shape} | {gso} | {link} |"
        )
    }
}

impl<S> fmt::Display for Case<S> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "{}, {}: {}",
            self.device, self.protocol, self.name
        )
    }
}

/// Bytes that no other packet has.
#[derive(Debug)]
pub(crate) struct Mark {
    text: String,
}

impl Mark {
    pub(crate) fn new() -> Self {
        let (process, call) = unique();
        Self {
            text: format!("<truth {process:08x} {call:04x}>"),
        }
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        self.text.as_bytes()
    }

    /// A payload of the mark alone.
    pub(crate) fn payload(&self) -> Vec<u8> {
        self.bytes().to_vec()
    }

    /// A payload that begins with the mark and goes on without repeating itself soon, so that what is misplaced shows.
    pub(crate) fn payload_of(&self, len: usize) -> Vec<u8> {
        let mut payload = self.payload();
        let rest = (payload.len()..len).map(|at| (at % 251) as u8 ^ (at / 251) as u8);
        payload.extend(rest);
        payload
    }

    pub(crate) fn is_in(&self, bytes: &[u8]) -> bool {
        let mark = self.bytes();
        bytes.windows(mark.len()).any(|window| window == mark)
    }
}
