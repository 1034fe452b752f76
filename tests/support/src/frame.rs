//! Frames to send, without padding: what the kernel trims could not be compared.

use etherparse::{Ethernet2Header, PacketBuilder, PacketBuilderStep};

use crate::{Pair, unique};

/// The `EtherType` that IEEE 802 gives to local experiments. Nothing handles it.
pub const UNHANDLED: u16 = 0x88b5;

/// A source of frames that is known by its link address: no other test's frames have it.
#[derive(Debug, Clone, Copy)]
pub struct Origin {
    mac: [u8; 6],
}

impl Origin {
    /// An origin that nobody else is.
    #[must_use]
    #[expect(clippy::new_without_default, reason = "no two are equal")]
    pub fn new() -> Self {
        let (process, call) = unique();
        let [_, p0, p1, p2] = process.to_be_bytes();
        let [c0, c1] = call.to_be_bytes();
        Self {
            mac: [0x06, p0, p1, p2, c0, c1],
        }
    }

    /// Its link address.
    #[must_use]
    pub fn mac(&self) -> [u8; 6] {
        self.mac
    }

    /// Whether a frame comes from it.
    #[must_use]
    pub fn sent(&self, frame: &[u8]) -> bool {
        frame.get(6..12) == Some(&self.mac)
    }

    /// A frame of any kind: link addresses, the type/length field, the rest.
    #[must_use]
    pub fn ethernet(&self, destination: [u8; 6], type_or_length: u16, payload: &[u8]) -> Vec<u8> {
        let type_or_length = type_or_length.to_be_bytes();
        [&destination[..], &self.mac, &type_or_length, payload].concat()
    }

    /// The beginning of a packet to the receiver of a [`Pair`], to build upon.
    #[must_use]
    pub fn to_receiver(&self) -> PacketBuilderStep<Ethernet2Header> {
        PacketBuilder::ethernet2(self.mac, Pair::RECEIVER_MAC)
    }

    /// Numbered frames to the receiver of a [`Pair`], of a protocol that nothing handles: each is dropped, and counts in
    /// `rx_dropped`.
    #[must_use]
    pub fn unhandled(&self, count: u32) -> Vec<Vec<u8>> {
        (0..count)
            .map(|number| {
                let payload = [&b"unhandled "[..], &number.to_be_bytes()].concat();
                self.ethernet(Pair::RECEIVER_MAC, UNHANDLED, &payload)
            })
            .collect()
    }
}
