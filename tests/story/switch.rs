//! A switch whose port the test's interface is plugged into.

use droprec_testbed::frame::Origin;

/// A switch, which is not the root of its spanning tree.
#[derive(Debug)]
pub(crate) struct Switch {
    origin: Origin,
}

impl Switch {
    const ROOT: [u8; 8] = [0x10, 0x00, 0x02, 0, 0, 0, 0, 0x99];

    pub(crate) fn new() -> Self {
        Self {
            origin: Origin::new(),
        }
    }

    /// Its address as it is written.
    pub(crate) fn mac(&self) -> String {
        self.origin
            .mac()
            .map(|octet| format!("{octet:02x}"))
            .join(":")
    }

    /// A configuration BPDU (IEEE 802.1D-2004, 9.3.1): the root has priority 4096, the switch 32768; port 0x8003, cost 4.
    pub(crate) fn bpdu(&self) -> Vec<u8> {
        let bridge = [&[0x80, 0x00][..], &self.origin.mac()].concat();
        let bpdu = [
            &[0x42, 0x42, 0x03, 0, 0, 0, 0, 0][..],
            &Self::ROOT,
            &4_u32.to_be_bytes(),
            &bridge,
            &[0x80, 0x03, 0, 1, 20, 0, 2, 0, 15, 0],
        ]
        .concat();
        self.origin
            .ethernet([0x01, 0x80, 0xc2, 0, 0, 0], bpdu.len() as u16, &bpdu)
    }

    /// A broadcast with 0x0400 in its type/length field, and 1024 bytes of an LLC frame that nobody knows.
    pub(crate) fn length_0x0400(&self) -> Vec<u8> {
        let mut contents = vec![0x44, 0x44, 0x03];
        contents.resize(0x0400, 0xa5);
        self.origin.ethernet([0xff; 6], 0x0400, &contents)
    }
}
