//! A program that does nothing at each drop: what running one costs, whatever it does.

use std::os::fd::{AsRawFd as _, OwnedFd};

use crate::xdp::{PASS, address, bpf, load, owned};

/// The command and the program's type, as in `include/uapi/linux/bpf.h` (v6.18).
const BPF_RAW_TRACEPOINT_OPEN: libc::c_int = 17;
const BPF_PROG_TYPE_RAW_TRACEPOINT: u32 = 17;

/// The part of `union bpf_attr` that attaches one.
#[repr(C)]
struct Open {
    name: u64,
    prog_fd: u32,
    padding: u32,
}

/// The program, at work until this is dropped.
#[derive(Debug)]
pub struct Idle {
    _program: OwnedFd,
    _link: OwnedFd,
}

impl Idle {
    /// Has it run at each drop.
    #[must_use]
    pub fn at_drops() -> Self {
        let program = load(BPF_PROG_TYPE_RAW_TRACEPOINT, 0, &PASS);
        let open = Open {
            name: address(c"kfree_skb".to_bytes_with_nul()),
            prog_fd: program.as_raw_fd().cast_unsigned(),
            padding: 0,
        };
        let link = bpf(BPF_RAW_TRACEPOINT_OPEN, &open)
            .unwrap_or_else(|error| panic!("no program at drops: {error}"));
        Self {
            _program: program,
            _link: owned(link),
        }
    }
}
