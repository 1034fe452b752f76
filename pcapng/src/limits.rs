//! The largest sizes that every common reader still takes.

/// The most bytes of one packet that are stored, and the snaplen of every interface written.
///
/// Wireshark gives up on a whole file at a packet above it; libpcap wants one snaplen for all interfaces of a file.
pub const MAX_CAPLEN: u32 = 262_144;

/// The most bytes of one block, its two lengths and its type included: 16 MiB, as in libpcap.
///
/// The writer refuses to make a larger one. To the reader a larger length is damage: else one wrong bit in a length
/// would make it swallow the rest of the stream and call it cut.
pub const MAX_BLOCK_LEN: u32 = 16 * 1024 * 1024;
