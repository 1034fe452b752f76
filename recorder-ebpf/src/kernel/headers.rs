//! Which drops filters want, by their headers.
//!
//! The walk through them has more ways than the verifier may be sent along one after the other. So a step of it is a function
//! that takes and gives nothing but a number: such a one it goes through once, by itself, however often it is called (global
//! functions, `Documentation/bpf/verifier.rst`; since 5.6). What is kept from one step to the next lies on the bench.

use core::ptr::{read_volatile, write_volatile};

use aya_ebpf::{
    helpers::bpf_probe_read_kernel_buf,
    macros::map,
    maps::{Array, PerCpuArray},
};
use droprec_ebpf::{
    bit::index64,
    filter::{Headers, ask},
    header::{ETHERNET_HEADER, IPV4, IPV6, ether_type},
    layers::{FIRST_TYPE, LONGEST, MOST, Source, Start, Walk},
    record::{HAS_INNER_VLAN, HAS_VLAN, LINK_HEADER, NO_HEADER, PROGRAMS, Record},
};

use super::{
    bytes::{Bytes, copy},
    config::config,
    filter::Answer,
    skb::{Object, at, probe},
    vlan,
};

/// What is asked of headers.
#[map]
static HEADERS: Array<Headers> = Array::with_max_entries(1, 0);

/// The bench of each of the programs on this processor.
#[map]
static BENCHES: PerCpuArray<Bench> = PerCpuArray::with_max_entries(PROGRAMS, 0);

/// What headers are asked with. It is used through pointers alone: who calls a step would not expect a reference's value to change.
#[repr(C)]
struct Bench {
    bytes: Linear,
    walk: Walk,
    /// An [`Answer`].
    answer: u32,
}

/// What came of the headers. Volatile, so that it comes from where the verifier does not look: it would follow all that comes
/// later with each answer.
#[inline(always)]
pub(crate) fn is(program: u32, answer: Answer) -> bool {
    let Some(bench) = BENCHES.get_ptr(program) else {
        return false;
    };
    // SAFETY: the member of a value that is there.
    unsafe { read_volatile(&raw const (*bench).answer) == answer as u32 }
}

/// See [`is`].
#[inline(always)]
fn put(bench: *mut Bench, answer: Answer) {
    // SAFETY: as above.
    unsafe { write_volatile(&raw mut (*bench).answer, answer as u32) };
}

/// An skb's linear bytes, from an address on.
#[repr(C)]
struct Linear {
    start: u64,
    len: u32,
    /// How many of the first ones were read at once: most headers are among them, and a read costs more than all else here.
    known: u32,
    /// Those, with room for a header that begins at any of 64, which is what the verifier knows of where one does.
    first: [u8; 64 + LONGEST],
    /// What was read last by itself. The stack has no room for it.
    header: [u8; LONGEST],
}

/// How many bytes are read at once: an IPv4 header and the ports behind it, and an IPv6 header with them, in whole words.
const IPV4_FIRST: usize = 24;
const IPV6_FIRST: usize = 48;

impl Linear {
    /// Reads the first ones, as many as the header at the start makes likely to be asked for. What is behind the skb's own
    /// (`struct skb_shared_info`) may be among them; nobody asks for it.
    #[inline(always)]
    fn know(&mut self, first: Start) {
        self.known = if first == Start::of_type(IPV4) {
            self.read_first::<IPV4_FIRST>()
        } else if first == Start::of_type(IPV6) || first == Start::ETHERNET {
            self.read_first::<IPV6_FIRST>()
        } else {
            0
        };
    }

    /// Reads so many. How many are there then.
    #[inline(always)]
    fn read_first<const N: usize>(&mut self) -> u32 {
        let Some(first) = self.first.first_chunk_mut::<N>() else {
            return 0;
        };
        // SAFETY: the array has room for as much, in whole words.
        if unsafe { copy(self.start, N as u32, N as u32, first.as_mut_ptr()) } {
            N as u32
        } else {
            0
        }
    }
}

impl Source for Linear {
    #[inline(always)]
    fn read<const N: usize>(&mut self, offset: u32) -> Option<&[u8; N]> {
        if offset.wrapping_add(N as u32) > self.len {
            return None;
        }
        if offset.wrapping_add(N as u32) <= self.known {
            let header = self.first.as_ptr().wrapping_add(index64(offset));
            // SAFETY: so many are there behind each of the 64 bytes.
            return Some(unsafe { &*header.cast() });
        }
        let at = (self.start + u64::from(offset)) as *const u8;
        let header = self.header.first_chunk_mut()?;
        // SAFETY: the helper reads from any address, or fails.
        unsafe { bpf_probe_read_kernel_buf(at, header) }.ok()?;
        Some(header)
    }
}

/// One step of a program's walk on this processor; 0: it was the last one.
#[unsafe(no_mangle)]
#[inline(never)]
extern "C" fn step_over_header(program: u32) -> u32 {
    let (Some(bench), Some(asked)) = (BENCHES.get_ptr_mut(program), HEADERS.get(0)) else {
        return 0;
    };
    // SAFETY: the program's own value, which nothing else looks at until this returns.
    let Bench { bytes, walk, .. } = unsafe { &mut *bench };
    walk.step(bytes, asked, &asked.prefixes).into()
}

/// Walks through the headers of `len` bytes, and gives what it has come to.
#[inline(always)]
fn walk(bench: *mut Bench, start: u64, len: u32, first: Start, program: u32) -> Walk {
    // SAFETY: the program's own value, which steps alone look at besides, and none while this does.
    unsafe {
        (*bench).bytes.start = start;
        (*bench).bytes.len = len;
        (*bench).bytes.know(first);
        (*bench).walk = Walk::from(0, first);
    }
    let mut steps = 0;
    while steps < MOST && step_over_header(program) != 0 {
        steps += 1;
    }
    // SAFETY: as above.
    let mut walk = unsafe { (*bench).walk };
    if steps == MOST {
        walk.give_up();
    }
    walk
}

/// From the network header on: where a packet has come that far, they are all there, but for tags.
#[inline(always)]
pub(crate) fn by_network_header(skb: Object, program: u32) {
    let (Some(bench), Some(asked)) = (BENCHES.get_ptr_mut(program), HEADERS.get(0)) else {
        return;
    };
    put(bench, Answer::Unknown);
    if config(|c| &c.filter) & ask::TAGS != 0 && vlan::may_be_tagged(skb) {
        return;
    }
    let iif: u32 = skb.get(at!(skb_iif));
    let network: u16 = skb.get(at!(skb_network_header));
    let tail: u32 = skb.get(at!(skb_tail));
    if iif == 0 || network == 0 || network == NO_HEADER || u32::from(network) >= tail {
        return;
    }
    // What is before it, but for an Ethernet header, may be of the frame too.
    let mac: u16 = skb.get(at!(skb_mac_header));
    if mac < network && network - mac != ETHERNET_HEADER as u16 {
        return;
    }
    let head: u64 = skb.get(at!(skb_head));
    let protocol = u16::from_be(skb.get(at!(skb_protocol)));
    // Of the kernel's own marks, these alone say what comes first (`ETH_P_802_3`, `ETH_P_802_2`, `include/uapi/linux/if_ether.h`).
    if protocol < FIRST_TYPE && !matches!(protocol, 1 | 4) {
        return;
    }
    let start = head + u64::from(network);
    let len = tail - u32::from(network);
    let walk = walk(bench, start, len, Start::of_type(protocol), program);
    put(bench, answer(&walk, asked, 0));
}

/// From the beginning of the frame on.
#[inline(never)]
pub(crate) fn by_frame(record: &Record, bytes: &Bytes, program: u32) {
    let (Some(bench), Some(asked)) = (BENCHES.get_ptr_mut(program), HEADERS.get(0)) else {
        return;
    };
    let first = if record.flags & LINK_HEADER != 0 {
        Start::ETHERNET
    } else {
        let first: u8 = probe(bytes.start, 0);
        ether_type(record, Some(first)).map_or(Start::NOWHERE, Start::of_type)
    };
    let len = bytes.linear.min(record.len);
    let mut walk = walk(bench, bytes.start, len, first, program);
    if record.flags & HAS_VLAN != 0 {
        walk.meet(record.vlan_proto, asked);
    }
    if record.flags & HAS_INNER_VLAN != 0 {
        walk.meet(record.inner_proto, asked);
    }
    put(bench, answer(&walk, asked, record.len));
}

/// What the walk has come to. `len`: how long the packet is, if the linear part were all; what lies beyond is in no packet.
#[inline(always)]
fn answer(walk: &Walk, asked: &Headers, len: u32) -> Answer {
    // It has another protocol than the skb says; the frame tells.
    if len == 0 && walk.wants() == u32::MAX {
        return Answer::Unknown;
    }
    if walk.is_refused() {
        return Answer::No;
    }
    let is_short = walk.wants() != 0 && (len == 0 || walk.wants() <= len);
    match (walk.is_complete(asked), is_short) {
        (true, true) if asked.any_not != 0 => Answer::Unknown,
        (false, true) => Answer::Unknown,
        (true, _) => Answer::Yes,
        (false, false) => Answer::No,
    }
}
