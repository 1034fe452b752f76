//! Writing: each function appends one whole block to a `Vec<u8>`, or leaves it as it was and says why.
//!
//! All numbers are in native byte order. All times are nanoseconds since the epoch (1970-01-01 00:00 UTC).
//!
//! Nothing is remembered from block to block, so that the order is the caller's duty: a [`section_header()`] first, and
//! each [`interface()`] before the first packet that names it. Interfaces are numbered from 0, in the order of their
//! blocks.
//!
//! Text should be one line and hold no NUL: at a NUL readers stop, and a line break makes Wireshark show a comment
//! twice.

mod block;
mod interface;
mod packet;
mod section_header;
mod statistics;
mod too_long;

pub use interface::{Interface, interface};
pub use packet::{Packet, packet};
pub use section_header::{Section, section_header};
pub use statistics::{Statistics, statistics};
pub use too_long::TooLong;
