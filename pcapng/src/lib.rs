//! Capture files in the pcapng format (draft-ietf-opsawg-pcapng): the blocks and options of a packet recorder.
//!
//! - [`mod@write`] appends blocks to a `Vec<u8>`, fast enough for every packet of a flood. What it writes, Wireshark
//!   and tcpdump open as it is.
//! - [`blocks()`] walks such bytes again, to tell what of them reached a file; [`edit`] changes packets in them.
//! - [`read`] reads a stream from any writer, classic capture files too, in the memory of one block; strictly, if asked to.
//!
//! Opening files, compressing and following them is left to the caller.
//!
//! ```
//! use droprec_pcapng::{Flags, Reception, read, write};
//!
//! let mut file = Vec::new();
//! write::section_header(&mut file, &write::Section { application: Some("example"), ..Default::default() })?;
//! write::interface(&mut file, &write::Interface { name: Some("eth0"), ..Default::default() })?;
//! let packet = write::Packet {
//!     interface: 0,
//!     timestamp: 1_700_000_000_123_456_789,
//!     original_len: 1514,
//!     frame: &[b"\x33\x33\0\0\0\x01\x02\0\0\0\0\x01", b"\x81\0\0\x05", b"\x86\xDD and so on"],
//!     flags: Some(Flags::inbound(Reception::Multicast)),
//!     comments: &[&["why it is ", "here"]],
//!     ..Default::default()
//! };
//! write::packet(&mut file, &packet)?;
//!
//! let mut reader = read::Reader::new(&file[..]);
//! while let Some(block) = reader.next_block()? {
//!     if let read::Block::Packet(packet) = block {
//!         assert_eq!(packet.timestamp, Some(1_700_000_000_123_456_789));
//!         assert!(packet.comments.iter().eq(["why it is here"]));
//!     }
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

#![forbid(unsafe_code)]

pub mod block_type;
mod blocks;
pub mod edit;
mod flags;
mod limits;
pub mod link_type;
mod option_code;
pub mod read;
pub mod write;

pub use blocks::{Blocks, Span, blocks};
pub use flags::{Direction, Flags, Reception};
pub use limits::{MAX_BLOCK_LEN, MAX_CAPLEN, MAX_INTERFACES, MAX_READ_LEN};
