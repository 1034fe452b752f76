//! XDP programs of a few instructions, loaded and attached by bpf(2) alone.

use std::{
    ffi::CString,
    io,
    os::fd::{AsRawFd as _, FromRawFd as _, OwnedFd},
    ptr::from_ref,
};

use rustix::process::{Resource, Rlimit, setrlimit};

use crate::Namespace;

/// Commands, the program's type, how it is attached, and the flag, as in `include/uapi/linux/bpf.h` and `if_link.h` (v6.18).
const BPF_PROG_LOAD: libc::c_int = 5;
const BPF_LINK_CREATE: libc::c_int = 28;
const BPF_PROG_TYPE_XDP: u32 = 6;
const BPF_XDP: u32 = 37;
const XDP_FLAGS_DRV_MODE: u32 = 4;

/// `r0 = XDP_PASS; exit`.
pub(crate) const PASS: [u64; 2] = [0x2_0000_00b7, 0x95];
/// `r0 = XDP_DROP; exit`.
const DROP: [u64; 2] = [0x1_0000_00b7, 0x95];

/// The part of `union bpf_attr` that loads a program.
#[repr(C)]
struct Load {
    prog_type: u32,
    insn_cnt: u32,
    insns: u64,
    license: u64,
    log: [u64; 2],
    kern_version: u32,
    prog_flags: u32,
    prog_name: [u8; 16],
    prog_ifindex: u32,
    expected_attach_type: u32,
}

/// The part of it that attaches one.
#[repr(C)]
struct Attach {
    prog_fd: u32,
    target_ifindex: u32,
    hook: u32,
    flags: u32,
}

/// A program that drops all that a driver receives, before there is an skb. Taken away when dropped.
#[derive(Debug)]
pub struct Xdp {
    _link: OwnedFd,
}

impl Xdp {
    /// Has the driver of an interface run it.
    #[must_use]
    pub fn drop_at(namespace: &Namespace, interface: &str) -> Self {
        let program = load(BPF_PROG_TYPE_XDP, BPF_XDP, &DROP);
        let attach = Attach {
            prog_fd: program.as_raw_fd().cast_unsigned(),
            target_ifindex: namespace.index(interface) as u32,
            hook: BPF_XDP,
            flags: XDP_FLAGS_DRV_MODE,
        };
        let link = namespace
            .enter(|| bpf(BPF_LINK_CREATE, &attach))
            .unwrap_or_else(|error| {
                panic!("no XDP program on {}: {error}", namespace.label(interface))
            });
        Self { _link: owned(link) }
    }
}

/// A program that passes all on.
pub(crate) fn pass() -> OwnedFd {
    load(BPF_PROG_TYPE_XDP, BPF_XDP, &PASS)
}

/// A program that gives each frame one of so many `EtherTypes` from 0xa000 on, whichever comes, and passes it on:
/// `if (data + 14 <= data_end) { *(u16 *)(data + 12) = htons(0xa000 + bpf_get_prandom_u32() % kinds); } return XDP_PASS`.
pub(crate) fn vary(kinds: u16) -> OwnedFd {
    let program = [
        0x0000_0000_0000_1761,                // r7 = *(u32 *)(r1 + 0)
        0x0000_0000_0004_1261,                // r2 = *(u32 *)(r1 + 4)
        0x0000_0000_0000_73bf,                // r3 = r7
        0x0000_000e_0000_0307,                // r3 += 14
        0x0000_0000_0005_232d,                // if r3 > r2 goto +5
        0x0000_0007_0000_0085,                // call bpf_get_prandom_u32
        0x0000_0097 | u64::from(kinds) << 32, // r0 %= kinds
        0x0000_a000_0000_0007,                // r0 += 0xa000
        0x0000_0010_0000_00dc,                // r0 = htobe16(r0)
        0x0000_0000_000c_076b,                // *(u16 *)(r7 + 12) = r0
        PASS[0],
        PASS[1],
    ];
    load(BPF_PROG_TYPE_XDP, BPF_XDP, &program)
}

/// Loads a program of a type, to be attached as that type is.
pub(crate) fn load(prog_type: u32, expected_attach_type: u32, program: &[u64]) -> OwnedFd {
    // Before Linux 5.11 programs are counted as locked memory, of which there may be little left.
    let unlimited = Rlimit {
        current: None,
        maximum: None,
    };
    // Where it stays as it is and is needed, the kernel says so below.
    let _ = setrlimit(Resource::Memlock, unlimited);
    let license = CString::from(c"GPL");
    let load = Load {
        prog_type,
        insn_cnt: program.len() as u32,
        insns: address(program),
        license: address(license.as_bytes_with_nul()),
        log: [0; 2],
        kern_version: 0,
        prog_flags: 0,
        prog_name: [0; 16],
        prog_ifindex: 0,
        expected_attach_type,
    };
    let program =
        bpf(BPF_PROG_LOAD, &load).unwrap_or_else(|error| panic!("no BPF program: {error}"));
    owned(program)
}

pub(crate) fn owned(descriptor: libc::c_long) -> OwnedFd {
    // SAFETY: the descriptor was made by a call of bpf(2) just now, and nobody else has it.
    unsafe { OwnedFd::from_raw_fd(descriptor as libc::c_int) }
}

pub(crate) fn address<T: ?Sized>(of: &T) -> u64 {
    from_ref(of).cast::<u8>().expose_provenance() as u64
}

pub(crate) fn bpf<T>(command: libc::c_int, attributes: &T) -> io::Result<libc::c_long> {
    // SAFETY: `T` is `repr(C)`, and laid out as `union bpf_attr` is for this command; what its addresses point to
    // outlives the call, and the kernel writes to none of it.
    let result =
        unsafe { libc::syscall(libc::SYS_bpf, command, from_ref(attributes), size_of::<T>()) };
    if result < 0 {
        return Err(io::Error::last_os_error());
    }
    Ok(result)
}
