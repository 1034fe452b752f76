//! Why a stream could not be read on, and from where.

use std::{io, str::Utf8Error};

use crate::limits::{MAX_INTERFACES, MAX_READ_LEN};

/// Why there is no next block.
#[derive(Debug, thiserror::Error)]
#[error("at byte {offset}: {fault}")]
pub struct ReadError {
    /// Where that block starts, in bytes from the start of the stream. All blocks before it were good. (In a classic
    /// capture file, a block is the file's header or a packet with the header before it.)
    pub offset: u64,
    /// What is the matter with it.
    pub fault: Fault,
}

/// What ends the reading of a stream before its end.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// The stream ends inside the block, as it does when its writer was killed. An empty stream ends inside its first one.
    #[error("cut short, {had} of {needed} bytes or more are there")]
    Cut {
        /// How many bytes it has; 12, as the shortest block has, where not even its length is there.
        needed: u32,
        /// How many bytes are there.
        had: u32,
    },
    /// The block says what cannot be.
    #[error(transparent)]
    Damage(#[from] Damage),
    /// The stream could not be read.
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// What is wrong with a block. Lengths are in bytes.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Damage {
    /// The stream begins neither with a section header nor with the header of a classic capture file.
    #[error("neither a pcapng nor a pcap file")]
    NotCapture,
    /// A section header in no known byte order.
    #[error("byte-order magic {0:#010x}")]
    Magic(u32),
    /// A section of a version other than 1.0, or 1.2, which is the same; or a classic capture file of another than 2.
    #[error("unknown version {major}.{minor}")]
    Version {
        /// Major version.
        major: u16,
        /// Minor version.
        minor: u16,
    },
    /// The block's length is no multiple of four, or too short or long for any block.
    #[error("length {0}, where 12 to {MAX_READ_LEN} in steps of 4 can be")]
    Length(u32),
    /// The length at the block's end is not the one at its start.
    #[error("length {head} at its start, {tail} at its end")]
    Lengths {
        /// At the start.
        head: u32,
        /// At the end.
        tail: u32,
    },
    /// The block ends before what must be in it.
    #[error("{needed} bytes needed, {had} are left in it")]
    Fields {
        /// How many bytes come next.
        needed: usize,
        /// How many there are to the end of the block.
        had: usize,
    },
    /// An option that is a number has not that number's length.
    #[error("option {code} of {had} bytes in place of {needed}")]
    OptionLength {
        /// The option's code.
        code: u16,
        /// The length it must have.
        needed: usize,
        /// The length it has.
        had: usize,
    },
    /// A text is not UTF-8.
    #[error("option {code}: {error}")]
    Utf8 {
        /// The option's code.
        code: u16,
        /// Where in the text, and how.
        error: Utf8Error,
    },
    /// An interface that its section has not described.
    #[error("it is of interface {interface}, where {known} are described")]
    Interface {
        /// The interface's number.
        interface: u32,
        /// How many have been described.
        known: usize,
    },
    /// More interfaces in a section than any file has.
    #[error("more than {MAX_INTERFACES} interfaces")]
    Interfaces,
    /// More bytes of a packet in a classic capture file than any has.
    #[error("a packet of {caplen} bytes, where {most} are the most")]
    Caplen {
        /// How many bytes are said to be in the file.
        caplen: u32,
        /// How many there may be.
        most: u32,
    },
    /// A packet longer in the file than it was.
    #[error("{caplen} bytes of a packet of {original_len}")]
    OriginalLen {
        /// How many bytes are in the file.
        caplen: u32,
        /// How many it had.
        original_len: u32,
    },
    /// A time that nanoseconds since the epoch, in 64 bits, cannot express.
    #[error("time {ticks:#x} is before 1970 or after 2554")]
    Time {
        /// The time as it stands in the block.
        ticks: u64,
    },
}
