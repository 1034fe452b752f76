//! The slot for the program of an expression: instructions of the kernel half that do nothing, until the user half puts
//! others in their place, before it is loaded.
//!
//! Such a program finds in its registers what it is to judge: [`FRAME`] the address of the frame's first byte, [`THERE`] how
//! many of its bytes are there, [`CAPLEN`] how many there are in a file, [`LEN`] how many there were on the wire, and
//! [`MEMORY`] the address of [`WORDS`] words of 32 bits. It may use all other registers but the stack's, calls nobody, leaves
//! its answer in [`ANSWER`], and goes on at the slot's end.

/// What the slot begins with: two instructions that nothing else is made of (`r0 = 0x706f7264`, `r0 = 0x746f6c73`).
pub const MARK: [u64; 2] = [0x706f_7264_0000_00b7, 0x746f_6c73_0000_00b7];
/// Instructions of the slot, the mark among them.
pub const SLOT: usize = 4096;
/// Each of the others (`goto +0`).
pub const PLACEHOLDER: u64 = 0x05;

/// Register of the answer.
pub const ANSWER: u8 = 0;
/// Register of the frame's address.
pub const FRAME: u8 = 1;
/// Register of the number of bytes that are there, at most [`crate::record::MAX_CAPTURE`].
pub const THERE: u8 = 2;
/// Register of the number of bytes that a file has of it.
pub const CAPLEN: u8 = 3;
/// Register of the true length in bytes.
pub const LEN: u8 = 4;
/// Register of the memory's address.
pub const MEMORY: u8 = 5;
/// Words of the memory (`BPF_MEMWORDS`, `include/uapi/linux/bpf_common.h`).
pub const WORDS: usize = 16;

/// The drop is not wanted.
pub const NO: u32 = 0;
/// It is.
pub const YES: u32 = 1;
/// A byte that decides is not there, and may be in the file.
pub const UNKNOWN: u32 = 2;
