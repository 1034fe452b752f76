//! Runs of a BPF program that is attached nowhere (`BPF_PROG_TEST_RUN`, bpf(2)).

use std::{
    io,
    os::fd::{AsRawFd as _, OwnedFd},
};

use crate::xdp::{self, address, bpf};

/// The command, and the type of a program that classifies packets, as in `include/uapi/linux/bpf.h`.
const BPF_PROG_TEST_RUN: libc::c_int = 10;
const BPF_PROG_TYPE_SCHED_CLS: u32 = 3;

/// The part of `union bpf_attr` that runs one.
#[repr(C)]
#[derive(Default)]
pub(crate) struct TestRun {
    prog_fd: u32,
    retval: u32,
    data_size_in: u32,
    data_size_out: u32,
    data_in: u64,
    data_out: u64,
    pub(crate) repeat: u32,
    duration: u32,
    pub(crate) ctx_size_in: u32,
    ctx_size_out: u32,
    pub(crate) ctx_in: u64,
    ctx_out: u64,
    pub(crate) flags: u32,
    cpu: u32,
    pub(crate) batch_size: u32,
    padding: u32,
}

impl TestRun {
    /// One run of a program on a frame, both of which must outlive it.
    pub(crate) fn new(program: &OwnedFd, frame: &[u8]) -> Self {
        Self {
            prog_fd: program.as_raw_fd().cast_unsigned(),
            data_size_in: frame.len() as u32,
            data_in: address(frame),
            repeat: 1,
            ..Self::default()
        }
    }

    pub(crate) fn run(&self) -> io::Result<()> {
        bpf(BPF_PROG_TEST_RUN, self).map(drop)
    }
}

/// Runs a classifier that does nothing on a frame, which is `lo`'s of the calling thread's namespace as far as the program is
/// told.
pub fn classify(frame: &[u8]) {
    let program = xdp::load(BPF_PROG_TYPE_SCHED_CLS, 0, &xdp::PASS);
    TestRun::new(&program, frame)
        .run()
        .unwrap_or_else(|error| panic!("no program can be run on a frame: {error}"));
}
