//! The numbers of the block types (draft-ietf-opsawg-pcapng, sections 3.2 and 4).

/// Section Header Block; reads the same in either byte order.
pub const SECTION_HEADER: u32 = 0x0A0D_0D0A;
/// Interface Description Block.
pub const INTERFACE_DESCRIPTION: u32 = 1;
/// Packet Block, obsolete; Wireshark wrote it before the Enhanced Packet Block was there.
pub const PACKET: u32 = 2;
/// Simple Packet Block.
pub const SIMPLE_PACKET: u32 = 3;
/// Interface Statistics Block.
pub const INTERFACE_STATISTICS: u32 = 5;
/// Enhanced Packet Block.
pub const ENHANCED_PACKET: u32 = 6;
