//! Reading: a stream of blocks in either byte order, any time resolution and any number of sections; and classic capture
//! files, which are given as the block of one interface, and its packets.
//!
//! All times are given in nanoseconds since the epoch (1970-01-01 00:00 UTC), whatever the stream counts in.
//! A block borrows from the reader until the next one is read.

mod clock;
mod comments;
mod error;
mod fields;
mod frame;
mod interface;
mod options;
mod packet;
mod pcap;
mod reader;
mod section_header;
mod statistics;
mod window;

pub use comments::{Comments, CommentsIter};
pub use error::{Damage, Fault, ReadError};
pub use interface::Interface;
pub use packet::Packet;
pub use reader::{Block, Reader};
pub use section_header::Section;
pub use statistics::Statistics;
