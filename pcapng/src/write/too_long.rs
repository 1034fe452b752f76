//! Why a block was not written.

use crate::limits::{MAX_BLOCK_LEN, MAX_CAPLEN};

/// Something does not fit into the field that must hold its length. Lengths are in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TooLong {
    /// The pieces of a frame together.
    #[error("a frame of {len} bytes is longer than {MAX_CAPLEN}")]
    Frame {
        /// The length it has.
        len: usize,
    },
    /// A text, such as a comment (option code 1) or a name.
    #[error("option {code}: a text of {len} bytes is longer than {}", u16::MAX)]
    Text {
        /// The option's code.
        code: u16,
        /// The length it has.
        len: usize,
    },
    /// All that a block holds together.
    #[error("a block of {len} bytes is longer than {MAX_BLOCK_LEN}")]
    Block {
        /// The length it would have.
        len: usize,
    },
}
