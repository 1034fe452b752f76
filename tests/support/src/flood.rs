//! Injects frames into an interface's receive path as fast as one processor can, by no sender at all.
//!
//! An XDP program that passes every frame on, or gives it another EtherType before, is run over live frames (`BPF_PROG_TEST_RUN` with
//! `BPF_F_TEST_XDP_LIVE_FRAMES`, Linux 5.18; `bpf_test_run_xdp_live` in `net/bpf/test_run.c`): the stack takes each as
//! received by the interface before the call returns.

use std::{ffi::CString, io, os::fd::OwnedFd};

use crate::{
    test_run::TestRun,
    xdp::{self, address},
};

/// The flag, as in `include/uapi/linux/bpf.h`.
const BPF_F_TEST_XDP_LIVE_FRAMES: u32 = 2;
/// Frames that the kernel injects at a time.
const BATCH: u32 = 64;

/// Has the interface `name` of the calling thread's namespace receive `count` frames of this EtherType, 64 bytes each,
/// broadcast. When it returns, the stack has been through with all of them.
pub fn flood(name: &str, ethertype: u16, count: u32) {
    flood_of(name, &frame(ethertype), count);
}

/// The same, of any frame.
pub fn flood_of(name: &str, frame: &[u8], count: u32) {
    inject(name, &xdp::pass(), frame, count);
}

/// The same, and each frame has one of `kinds` EtherTypes from 0xa000 on.
pub fn flood_of_kinds(name: &str, frame: &[u8], kinds: u16, count: u32) {
    inject(name, &xdp::vary(kinds), frame, count);
}

fn inject(name: &str, program: &OwnedFd, frame: &[u8], count: u32) {
    // `struct xdp_md`: data, data_end, data_meta, ingress_ifindex, rx_queue_index, egress_ifindex.
    let context = [0, frame.len() as u32, 0, index(name), 0, 0];
    let mut run = TestRun::new(program, frame);
    run.repeat = count;
    run.ctx_size_in = size_of_val(&context) as u32;
    run.ctx_in = address(&context);
    run.flags = BPF_F_TEST_XDP_LIVE_FRAMES;
    run.batch_size = BATCH;
    run.run()
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
