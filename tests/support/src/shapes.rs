//! What the kernel's own tracing says of the shape of the packets that a thread causes to be sent and received: the truth
//! about what is in pages, what is to be segmented, and what travels with its tag beside it.

use crate::tracing::Tracing;

/// As a driver is given a packet, and as the stack is.
const EVENTS: [&str; 3] = [
    "net/net_dev_start_xmit",
    "net/netif_rx_entry",
    "net/netif_receive_skb_entry",
];

/// A packet, at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shape {
    /// Its bytes, from its link header or from behind it.
    pub len: u32,
    /// How many of them are not in the linear buffer.
    pub data_len: u32,
    /// Bytes of payload of a segment; 0: it is none of several.
    pub gso_size: u32,
    /// A VLAN tag travels beside the frame.
    pub is_tagged: bool,
}

/// Hears of the packets that the calling thread causes.
#[derive(Debug)]
pub struct Shapes {
    tracing: Tracing,
}

impl Shapes {
    /// Begins to trace the calling thread.
    #[must_use]
    pub fn of_this_thread() -> Self {
        let tracing = Tracing::new(128);
        for event in EVENTS {
            tracing.hear(event, None);
        }
        Self { tracing }
    }

    /// Those since the beginning or since the last call.
    #[must_use]
    pub fn take(&self) -> Vec<Shape> {
        let text = self.tracing.read("trace");
        self.tracing.clear();
        text.lines().filter_map(shape).collect()
    }
}

/// The shape in `… dev=eth0 … vlan_tagged=0 … len=1042 data_len=1000 … gso_size=0 …`.
fn shape(line: &str) -> Option<Shape> {
    let number = |key: &str| {
        let mut words = line.split_whitespace();
        words.find_map(|word| word.strip_prefix(key)?.parse().ok())
    };
    Some(Shape {
        len: number("len=")?,
        data_len: number("data_len=")?,
        gso_size: number("gso_size=")?,
        is_tagged: number("vlan_tagged=")? != 0,
    })
}
