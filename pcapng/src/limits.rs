//! The largest sizes that every common reader still takes.

/// The most bytes of one packet that are stored, and the snaplen of every interface written.
///
/// Wireshark gives up on a whole file at a packet above it; libpcap wants one snaplen for all interfaces of a file.
pub const MAX_CAPLEN: u32 = 262_144;

/// The most bytes of one block, its two lengths and its type included: 16 MiB, as in libpcap.
///
/// The writer refuses to make a larger one.
pub const MAX_BLOCK_LEN: u32 = 16 * 1024 * 1024;

/// The most bytes of one block, or of one packet of a classic capture file, that are read: 128 MiB, as in Wireshark, whose
/// USB captures have packets of that size.
///
/// A larger length is damage: else one wrong bit in a length would make the reader swallow the rest of the stream and call
/// it cut.
pub const MAX_READ_LEN: u32 = 128 * 1024 * 1024;

/// The most interfaces of one section that are read. Each takes memory as long as its section lasts, and a small compressed
/// file may hold any number of them.
pub const MAX_INTERFACES: usize = 1 << 18;
