//! What the hardware of a switch or a network card has dropped, as its driver reports it through devlink
//! (`Documentation/networking/devlink/devlink-trap.rst`, v5.10): for which of its traps, and where the packet came in.

use aya_ebpf::{
    bindings::BPF_NOEXIST, helpers::generated::bpf_probe_read_kernel_str, macros::map,
    maps::HashMap,
};
use droprec_ebpf::{
    fingerprint,
    record::{INCOMING, MAX_CAPTURE, OUTGOING, Record, TRAP_CONTROL, TRAP_NAME, Trap},
};

use super::{
    config::config,
    device::{self, Named},
    skb::probe,
};

/// The names of each trap that has reported, by their fingerprint. A machine's devices have some dozens each.
#[map]
static TRAPS: HashMap<u64, Trap> = HashMap::with_max_entries(1024, 0);

/// Whether a trap is for packets that the hardware did not forward. Of the others the processor is who they are for: no drop
/// monitor takes them for drops (`net_dm_hw_trap_packet_probe`, net/core/drop_monitor.c, v7.2). `metadata`: address of a
/// `struct devlink_trap_metadata`.
#[inline(always)]
pub(crate) fn is_drop(metadata: u64) -> bool {
    kind(metadata) != TRAP_CONTROL
}

#[inline(always)]
fn kind(metadata: u64) -> u32 {
    probe(metadata, config(|c| &c.trap_type))
}

/// Fills in the interface that the packet came in by; the rest is of the skb.
#[inline(always)]
pub(crate) fn find(metadata: u64, record: &mut Record, named: &mut Named) {
    record.flags &= !(INCOMING | OUTGOING);
    let device: u64 = probe(metadata, config(|c| &c.trap_input_dev));
    if device != 0 {
        device::read(device, record, named);
        record.flags |= INCOMING;
    }
}

/// Fills in which trap it was, and keeps its names for the user half.
#[inline(always)]
pub(crate) fn describe(metadata: u64, record: &mut Record, frame: &mut [u8; MAX_CAPTURE as usize]) {
    record.reason = kind(metadata);
    // The stack has no room for the names on older kernels; nothing is in the frame yet.
    let trap = (&raw mut *frame).cast::<Trap>();
    // SAFETY: the frame has room for one, lies as words do, and any bytes are one.
    record.location = note(metadata, unsafe { &mut *trap });
}

/// Keeps the names. Returns their fingerprint.
#[inline(never)]
fn note(metadata: u64, trap: &mut Trap) -> u64 {
    *trap = Trap::default();
    read_name(probe(metadata, config(|c| &c.trap_name)), &mut trap.name);
    read_name(probe(metadata, config(|c| &c.trap_group)), &mut trap.group);
    let of = |words: &[u64]| fingerprint::of(|index| words.get(index).copied().unwrap_or(0));
    let fingerprint = of(&[of(&trap.name), of(&trap.group)]) & !(1 << 63);
    if TRAPS.get_ptr(fingerprint).is_none() {
        // Fails where another processor was faster, and where the map is full: then it stays without a name.
        let _ = TRAPS.insert(fingerprint, &*trap, BPF_NOEXIST.into());
    }
    fingerprint
}

/// Reads a string of the kernel's, as far as there is room for it; nothing where it cannot be read.
#[inline(always)]
fn read_name(address: u64, into: &mut [u64; TRAP_NAME / 8]) {
    // SAFETY: the helper writes no more than the size that it is given, and reads from any address, or fails.
    unsafe {
        bpf_probe_read_kernel_str(
            into.as_mut_ptr().cast(),
            TRAP_NAME as u32,
            address as *const _,
        );
    }
}
