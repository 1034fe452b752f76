//! Reading: a stream of blocks in either byte order, any time resolution and any number of sections.
//!
//! All times are given in nanoseconds since the epoch (1970-01-01 00:00 UTC), whatever the stream counts in.
//! A block borrows from the reader until the next one is read.

mod clock;
mod error;
mod fields;
mod frames;
mod interface;
mod options;
mod packet;
mod reader;
mod section_header;
mod statistics;

pub use error::{Damage, Fault, ReadError};
pub use interface::Interface;
pub use packet::Packet;
pub use reader::{Block, Reader};
pub use section_header::Section;
pub use statistics::Statistics;
