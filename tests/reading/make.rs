//! Makes captures by hand, from the drafts of pcapng and pcap, as others may write them.

/// `LINKTYPE_ETHERNET`.
pub(crate) const ETHERNET: u16 = 1;
/// `LINKTYPE_RAW`.
pub(crate) const RAW: u16 = 101;

/// `opt_comment`.
pub(crate) const COMMENT: u16 = 1;
pub(crate) const IF_NAME: u16 = 2;
pub(crate) const IF_TSRESOL: u16 = 9;
pub(crate) const IF_TSOFFSET: u16 = 14;

/// A UDP packet from 192.0.2.1 port 1000 to 192.0.2.2 port 9, in Ethernet.
pub(crate) const UDP: &[u8] = b"\x02\0\0\0\0\x02\x02\0\0\0\0\x01\x08\0\
    \x45\0\0\x20\0\0\0\0\x40\x11\xf6\xc9\xc0\0\x02\x01\xc0\0\x02\x02\
    \x03\xe8\0\x09\0\x0c\0\0data";

/// The byte order of what is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Order {
    Little,
    Big,
}

impl Order {
    pub(crate) const BOTH: [Self; 2] = [Self::Little, Self::Big];

    pub(crate) fn u16(self, number: u16) -> [u8; 2] {
        match self {
            Self::Little => number.to_le_bytes(),
            Self::Big => number.to_be_bytes(),
        }
    }

    pub(crate) fn u32(self, number: u32) -> [u8; 4] {
        match self {
            Self::Little => number.to_le_bytes(),
            Self::Big => number.to_be_bytes(),
        }
    }

    pub(crate) fn u64(self, number: u64) -> [u8; 8] {
        match self {
            Self::Little => number.to_le_bytes(),
            Self::Big => number.to_be_bytes(),
        }
    }
}

/// Bytes, and none to a multiple of four.
fn padded(bytes: &[u8]) -> Vec<u8> {
    let mut out = bytes.to_vec();
    out.resize(bytes.len().next_multiple_of(4), 0);
    out
}

/// A pcapng file that is being made.
#[derive(Clone, Debug)]
pub(crate) struct File {
    pub(crate) order: Order,
    pub(crate) bytes: Vec<u8>,
}

/// Options of a block: codes and values.
pub(crate) type Options<'a> = &'a [(u16, &'a [u8])];

impl File {
    /// It begins with a section.
    pub(crate) fn new(order: Order) -> Self {
        let bytes = Vec::new();
        Self { order, bytes }.section(order, 0, &[])
    }

    /// As new, and an Ethernet interface whose times are in nanoseconds.
    pub(crate) fn with_interface(order: Order, name: &str) -> Self {
        Self::new(order).interface(
            ETHERNET,
            0,
            &[(IF_NAME, name.as_bytes()), (IF_TSRESOL, &[9])],
        )
    }

    /// Adds a block of any type, with as many bytes more as its length must have.
    pub(crate) fn block(mut self, block_type: u32, body: &[u8]) -> Self {
        let body = padded(body);
        let len = self.order.u32(12 + body.len() as u32);
        let parts: [&[u8]; 4] = [&self.order.u32(block_type), &len, &body, &len];
        self.bytes.extend(parts.concat());
        self
    }

    /// The fields of a block, then its options.
    fn with_options(self, block_type: u32, fields: &[&[u8]], options: Options<'_>) -> Self {
        let order = self.order;
        let mut body = fields.concat();
        for (code, value) in options {
            body.extend(order.u16(*code));
            body.extend(order.u16(value.len() as u16));
            body.extend(padded(value));
        }
        if !options.is_empty() {
            body.extend([0; 4]);
        }
        self.block(block_type, &body)
    }

    /// A section of version 1.`minor`, in a byte order of its own.
    pub(crate) fn section(mut self, order: Order, minor: u16, options: Options<'_>) -> Self {
        self.order = order;
        let fields: [&[u8]; 4] = [
            &order.u32(0x1A2B_3C4D),
            &order.u16(1),
            &order.u16(minor),
            &[0xFF; 8],
        ];
        self.with_options(0x0A0D_0D0A, &fields, options)
    }

    pub(crate) fn interface(self, link_type: u16, snaplen: u32, options: Options<'_>) -> Self {
        let order = self.order;
        let fields: [&[u8]; 3] = [&order.u16(link_type), &[0; 2], &order.u32(snaplen)];
        self.with_options(1, &fields, options)
    }

    /// An Enhanced Packet Block. `len`: how long the packet was.
    pub(crate) fn packet(
        self,
        interface: u32,
        ticks: u64,
        data: &[u8],
        len: u32,
        options: Options<'_>,
    ) -> Self {
        let order = self.order;
        let fields: [&[u8]; 6] = [
            &order.u32(interface),
            &order.u32((ticks >> 32) as u32),
            &order.u32(ticks as u32),
            &order.u32(data.len() as u32),
            &order.u32(len),
            &padded(data),
        ];
        self.with_options(6, &fields, options)
    }

    /// A whole UDP packet of the first interface.
    pub(crate) fn udp(self, ticks: u64, options: Options<'_>) -> Self {
        self.packet(0, ticks, UDP, UDP.len() as u32, options)
    }

    /// An obsolete Packet Block.
    pub(crate) fn obsolete(
        self,
        interface: u16,
        ticks: u64,
        data: &[u8],
        options: Options<'_>,
    ) -> Self {
        let order = self.order;
        let fields: [&[u8]; 7] = [
            &order.u16(interface),
            &order.u16(0xFFFF),
            &order.u32((ticks >> 32) as u32),
            &order.u32(ticks as u32),
            &order.u32(data.len() as u32),
            &order.u32(data.len() as u32),
            &padded(data),
        ];
        self.with_options(2, &fields, options)
    }

    /// A Simple Packet Block, which has neither a time nor an interface.
    pub(crate) fn simple(self, data: &[u8], len: u32) -> Self {
        let order = self.order;
        self.block(3, &[&order.u32(len)[..], data].concat())
    }

    /// An Interface Statistics Block.
    pub(crate) fn statistics(self, interface: u32, options: Options<'_>) -> Self {
        let order = self.order;
        let fields: [&[u8]; 2] = [&order.u32(interface), &[0; 8]];
        self.with_options(5, &fields, options)
    }
}

/// A packet of a classic capture file: seconds, parts of a second, its bytes, and how long it was.
pub(crate) type Record<'a> = (u32, u32, &'a [u8], u32);

/// A classic capture file of version 2.4. `between`: what a patched libpcap puts before each packet's bytes.
pub(crate) fn classic(
    order: Order,
    magic: u32,
    network: u32,
    between: &[u8],
    records: &[Record<'_>],
) -> Vec<u8> {
    let parts: [&[u8]; 6] = [
        &order.u32(magic),
        &order.u16(2),
        &order.u16(4),
        &[0; 8],
        &order.u32(262_144),
        &order.u32(network),
    ];
    let mut out = parts.concat();
    for (seconds, parts, data, len) in records {
        for number in [*seconds, *parts, data.len() as u32, *len] {
            out.extend(order.u32(number));
        }
        out.extend(between);
        out.extend(*data);
    }
    out
}
