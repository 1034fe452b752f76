//! Injects frames into an interface's receive path as fast as one processor can, by no sender at all.
//!
//! An XDP program that passes every frame on is run over live frames (`BPF_PROG_TEST_RUN` with
//! `BPF_F_TEST_XDP_LIVE_FRAMES`, Linux 5.18; `bpf_test_run_xdp_live` in `net/bpf/test_run.c`): the stack takes each as
//! received by the interface before the call returns.

use std::{ffi::CString, io, os::fd::AsRawFd as _};

use crate::xdp::{self, address, bpf};

/// `bpf(2)`: the command and the flag, as in `include/uapi/linux/bpf.h`.
const BPF_PROG_TEST_RUN: libc::c_int = 10;
const BPF_F_TEST_XDP_LIVE_FRAMES: u32 = 2;
/// Frames that the kernel injects at a time.
const BATCH: u32 = 64;

/// The part of `union bpf_attr` that runs one.
#[repr(C)]
#[derive(Default)]
struct TestRun {
    prog_fd: u32,
    retval: u32,
    data_size_in: u32,
    data_size_out: u32,
    data_in: u64,
    data_out: u64,
    repeat: u32,
    duration: u32,
    ctx_size_in: u32,
    ctx_size_out: u32,
    ctx_in: u64,
    ctx_out: u64,
    flags: u32,
    cpu: u32,
    batch_size: u32,
    padding: u32,
}

/// Has the interface `name` of the calling thread's namespace receive `count` frames of this EtherType, 64 bytes each,
/// broadcast. When it returns, the stack has been through with all of them.
pub fn flood(name: &str, ethertype: u16, count: u32) {
    let frame = frame(ethertype);
    // `struct xdp_md`: data, data_end, data_meta, ingress_ifindex, rx_queue_index, egress_ifindex.
    let context = [0, frame.len() as u32, 0, index(name), 0, 0];
    let program = xdp::load(xdp::PASS);
    let run = TestRun {
        prog_fd: program.as_raw_fd().cast_unsigned(),
        data_size_in: frame.len() as u32,
        data_in: address(&frame),
        repeat: count,
        ctx_size_in: size_of_val(&context) as u32,
        ctx_in: address(&context),
        flags: BPF_F_TEST_XDP_LIVE_FRAMES,
        batch_size: BATCH,
        ..TestRun::default()
    };
    bpf(BPF_PROG_TEST_RUN, &run)
        .unwrap_or_else(|error| panic!("{count} frames cannot be injected into {name}: {error}"));
}

/// The frames of a flood.
#[must_use]
pub fn frame(ethertype: u16) -> [u8; 64] {
    let mut frame = [0; 64];
    frame[..6].fill(0xff);
    frame[6..12].copy_from_slice(&[2, 0, 0, 0, 0, 1]);
    frame[12..14].copy_from_slice(&ethertype.to_be_bytes());
    frame
}

fn index(name: &str) -> u32 {
    let text = CString::new(name).expect("no interface has a NUL in its name");
    // SAFETY: a C string that outlives the call.
    let index = unsafe { libc::if_nametoindex(text.as_ptr()) };
    assert_ne!(
        index,
        0,
        "no interface {name} here: {}",
        io::Error::last_os_error()
    );
    index
}
