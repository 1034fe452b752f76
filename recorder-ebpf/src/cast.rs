//! The kernel function that lets a program read what is at any address, for some instructions and without a call:
//! `bpf_rdonly_cast` (kernel/bpf/helpers.c, since v6.2).
//!
//! A kernel knows its functions by the numbers of their types, which the user half puts in before the program is loaded. Where
//! there is no such function, [`crate::config::Config::cast`] has the verifier leave the instruction out.

/// The call: of a helper that no kernel has (`call 1952543075`).
pub const CALL: u64 = 0x7461_7363_0000_0085;

/// The call of the kernel function of that number (`BPF_PSEUDO_KFUNC_CALL`, `include/uapi/linux/bpf.h`).
#[must_use]
pub const fn call_of(function: u32) -> u64 {
    const KFUNC: u64 = 2;
    CALL & 0xff | KFUNC << 12 | (function as u64) << 32
}
