//! Keeps the VLAN tags of a frame that the stack is about to forget.
//!
//! A tag that comes in within the frame is cut out by `skb_vlan_untag`, one that the NIC took out is beside it. When no
//! interface has that VLAN, `__netif_receive_skb_core` clears it and goes on (net/core/dev.c, v6.18), and by the time the
//! frame is dropped nothing in the skb tells of it. So it is noted: where `vlan_do_receive` has found no interface, which
//! other frames never feel; on a kernel that does not let a program watch a function, as the frame is received.
//!
//! What is noted is believed only of the frame that this processor is still at: a receive ends before the next begins.

use core::ptr::{read_volatile, write_volatile};

use aya_ebpf::{helpers::bpf_ktime_get_boot_ns, macros::map, maps::PerCpuArray};
use droprec_ebpf::record::{HAS_INNER_VLAN, HAS_VLAN, LINK_HEADER, Record};

use super::{
    bytes::Bytes,
    config::config,
    skb::{Object, at, bits, probe},
};

/// The frame that was noted last.
#[map]
static UNTAGGED: PerCpuArray<Untagged> = PerCpuArray::with_max_entries(1, 0);

/// Not zero once there was a tag: before that nobody looks for one.
static mut ANY: u32 = 0;

/// `ETH_P_8021Q` and `ETH_P_8021AD` (`include/uapi/linux/if_ether.h`): what `skb_vlan_untag` is called for.
const ETH_P_8021Q: u16 = 0x8100;
const ETH_P_8021AD: u16 = 0x88a8;
/// Bytes of a tag (`VLAN_HLEN`).
const TAG: u64 = 4;
/// Bytes of the two addresses.
const ADDRESSES: u64 = 12;
/// The VLAN's number in a tag (`VLAN_VID_MASK`); 0: it has only a priority.
const VID: u16 = 0x0fff;

/// How long a frame may take from being untagged to its drop, in nanoseconds. It takes a microsecond, but for a guest whose
/// processor is taken away meanwhile; much later, one that begins alike is another that has come to lie in the same place.
const FRESH: u64 = 1_000_000_000;

#[derive(Clone, Copy)]
#[repr(C)]
struct Tag {
    proto: u16,
    tci: u16,
}

/// A frame that is without its tags.
#[repr(C)]
struct Untagged {
    skb: u64,
    /// `skb->head`
    head: u64,
    /// Address of the link header, as it is when the tags are cut out of this buffer.
    frame: u64,
    time: u64,
    ifindex: u32,
    /// How many of `tags` there are.
    count: u32,
    /// From the outermost on.
    tags: [Tag; 2],
    /// The frame's bytes when they are cut out.
    len: u32,
    padding: u32,
    /// What the frame begins with then.
    begins: Beginning,
}

impl Untagged {
    /// Whether the frame lies where it was, with its tags cut out; or all of it in another buffer, as it does where others
    /// had a part in the first.
    #[inline(always)]
    fn is_at(&self, head: u64, start: u64, len: u32) -> bool {
        self.frame == start || (self.head != head && self.len == len)
    }
}

/// Enough of a frame to know it by.
#[derive(Clone, Copy)]
#[repr(C)]
struct Beginning {
    addresses: [u32; 3],
    /// How many of the following bytes were in the linear buffer; what is behind it may be anything.
    known: u32,
    ether_type: u16,
    /// Two bytes that make the words of what is behind them lie as they are read.
    padding: u16,
    payload: [u32; WORDS],
}

/// The most bytes behind the addresses that are compared: the EtherType and the words.
const KNOWN: u64 = 2 + 4 * WORDS as u64;
/// Words of the payload that are compared: of IPv4 up to the ports, of IPv6 the source address.
const WORDS: usize = 6;
/// Of these words, what stays: routers change the time to live, with the checksum, and the hop limit; NAT the destination.
const STAYS: [u32; WORDS] = [u32::MAX; WORDS];
const STAYS4: [u32; WORDS] = [
    u32::MAX,
    u32::MAX,
    u32::from_ne_bytes([0, 0xff, 0, 0]),
    u32::MAX,
    0,
    u32::from_ne_bytes([0xff, 0xff, 0, 0]),
];
const STAYS6: [u32; WORDS] = [
    u32::MAX,
    u32::from_ne_bytes([0xff, 0xff, 0xff, 0]),
    u32::MAX,
    u32::MAX,
    u32::MAX,
    u32::MAX,
];
/// `ETH_P_IP` and `ETH_P_IPV6` (`include/uapi/linux/if_ether.h`).
const ETH_P_IP: u16 = 0x0800;
const ETH_P_IPV6: u16 = 0x86dd;

impl Beginning {
    /// Of a frame whose addresses and payload are there. `tail`: where the linear buffer ends.
    #[inline(always)]
    fn of(frame: &Frame, tail: u64) -> Self {
        Self {
            addresses: probe(frame.addresses, 0),
            known: tail.saturating_sub(frame.payload).min(KNOWN) as u32,
            ether_type: u16::from_be(probe(frame.payload, 0)),
            padding: 0,
            payload: probe(frame.payload, 2),
        }
    }

    /// Whether this may be what the other was later: as far as it was known, and but for what a router changes.
    #[inline(always)]
    fn is(&self, later: &Self) -> bool {
        let mut differing = 0;
        for (one, other) in self.addresses.iter().zip(&later.addresses) {
            differing |= one ^ other;
        }
        if self.known >= 2 {
            differing |= u32::from(self.ether_type ^ later.ether_type);
        }
        for (number, (one, other)) in self.payload.iter().zip(&later.payload).enumerate() {
            let stays = match self.ether_type {
                ETH_P_IP => STAYS4[number],
                ETH_P_IPV6 => STAYS6[number],
                _ => STAYS[number],
            };
            if self.known >= 2 + 4 * (number as u32 + 1) {
                differing |= (one ^ other) & stays;
            }
        }
        differing == 0
    }
}

/// Where the addresses of a frame and what follows them are.
struct Frame {
    addresses: u64,
    payload: u64,
}

impl Frame {
    /// In one piece.
    #[inline(always)]
    fn at(address: u64) -> Self {
        Self {
            addresses: address,
            payload: address + ADDRESSES,
        }
    }
}

/// Notes the tag that `vlan_do_receive` has found no interface for. `skbp`: its argument, the address of the skb's.
#[inline(always)]
pub(crate) fn note_unknown(skbp: u64) {
    let skb: u64 = probe(skbp, 0);
    let proto: u16 = probe(skb, config(|c| &c.skb_vlan_proto));
    if proto == 0 {
        return;
    }
    let tag = Tag {
        proto: u16::from_be(proto),
        tci: probe(skb, config(|c| &c.skb_vlan_tci)),
    };
    let Some(untagged) = UNTAGGED.get_ptr_mut(0) else {
        return;
    };
    // SAFETY: this processor's value. Frames are received with interrupts' own receiving held off.
    let untagged = unsafe { &mut *untagged };
    // A tag with a priority alone may have another behind it, which is cut out and looked for in its turn.
    if untagged.count == 1
        && untagged.tags[0].tci & VID == 0
        && untagged.skb == skb
        && untagged.begins.ether_type == tag.proto
    {
        untagged.tags[1] = tag;
        untagged.count = 2;
    } else {
        untagged.tags[0] = tag;
        untagged.count = 1;
    }
    let frame = mac_header(skb);
    note(untagged, skb, frame, &Frame::at(frame), 0);
}

/// Notes the tags of an skb that the stack has just received, and is going to untag.
#[inline(always)]
pub(crate) fn note_received(skb: Object) {
    let protocol = u16::from_be(skb.get(at!(skb_protocol)));
    let beside: u16 = skb.get(at!(skb_vlan_proto));
    let skb = skb.0 as u64;
    if beside == 0 && protocol != ETH_P_8021Q && protocol != ETH_P_8021AD {
        // SAFETY: as in `recall`.
        if unsafe { read_volatile(&raw const ANY) } != 0 {
            forget(skb);
        }
        return;
    }
    let Some(untagged) = UNTAGGED.get_ptr_mut(0) else {
        return;
    };
    // SAFETY: as above.
    let untagged = unsafe { &mut *untagged };
    untagged.count = 0;
    if beside != 0 {
        untagged.tags[0] = Tag {
            proto: u16::from_be(beside),
            tci: probe(skb, config(|c| &c.skb_vlan_tci)),
        };
        untagged.count = 1;
    }
    let mac = mac_header(skb);
    let mut cut = 0;
    // What is behind a tag that names a VLAN is left where it is.
    if untagged.count == 0 || untagged.tags[0].tci & VID == 0 {
        cut = note_within(untagged, mac, tail(skb), protocol);
    }
    let frame = Frame {
        addresses: mac,
        payload: mac + ADDRESSES + cut,
    };
    note(untagged, skb, mac + cut, &frame, cut as u32);
}

/// Forgets what was noted of a frame whose place another one has by now.
#[inline(never)]
fn forget(skb: u64) {
    let Some(untagged) = UNTAGGED.get_ptr_mut(0) else {
        return;
    };
    // SAFETY: this processor's value, as above.
    let untagged = unsafe { &mut *untagged };
    if untagged.skb == skb {
        untagged.count = 0;
    }
}

/// Notes the tags within a frame up to the first that names a VLAN; returns how many bytes they are. What is not in the
/// linear buffer, which ends at `tail`, cannot be told.
#[inline(always)]
fn note_within(untagged: &mut Untagged, mac: u64, tail: u64, protocol: u16) -> u64 {
    let mut proto = protocol;
    let mut cut = 0;
    while untagged.count < 2 && (proto == ETH_P_8021Q || proto == ETH_P_8021AD) {
        let at = mac + ADDRESSES + cut;
        if at + TAG > tail {
            break;
        }
        let tag = Tag {
            proto,
            tci: u16::from_be(probe(at, 2)),
        };
        if untagged.count == 0 {
            untagged.tags[0] = tag;
        } else {
            untagged.tags[1] = tag;
        }
        untagged.count += 1;
        cut += TAG;
        if tag.tci & VID != 0 || at + TAG + 2 > tail {
            break;
        }
        proto = u16::from_be(probe(at, TAG as u32));
    }
    cut
}

#[inline(always)]
fn mac_header(skb: u64) -> u64 {
    let head: u64 = probe(skb, config(|c| &c.skb_head));
    let mac: u16 = probe(skb, config(|c| &c.skb_mac_header));
    head.wrapping_add(u64::from(mac))
}

/// Address of the end of the linear buffer.
#[inline(always)]
fn tail(skb: u64) -> u64 {
    let head: u64 = probe(skb, config(|c| &c.skb_head));
    let tail: u32 = probe(skb, config(|c| &c.skb_tail));
    head.wrapping_add(u64::from(tail))
}

/// `cut`: how many bytes of tags are in the frame still, and will not be.
#[inline(always)]
fn note(untagged: &mut Untagged, skb: u64, frame: u64, bytes: &Frame, cut: u32) {
    untagged.skb = skb;
    untagged.head = probe(skb, config(|c| &c.skb_head));
    untagged.frame = frame;
    let data: u64 = probe(skb, config(|c| &c.skb_data));
    let len: u32 = probe(skb, config(|c| &c.skb_len));
    let before_data = data.wrapping_sub(bytes.addresses) as u32;
    untagged.len = len.wrapping_add(before_data).wrapping_sub(cut);
    untagged.ifindex = probe(
        probe(skb, config(|c| &c.skb_dev)),
        config(|c| &c.dev_ifindex),
    );
    untagged.begins = Beginning::of(bytes, tail(skb));
    // SAFETY: a helper without arguments.
    untagged.time = unsafe { bpf_ktime_get_boot_ns() };
    // SAFETY: a word that is only ever set to this value; volatile, as other programs read it.
    unsafe { write_volatile(&raw mut ANY, 1) };
}

/// Whether there is a tag beside the frame, or one may have been noted.
#[inline(always)]
pub(crate) fn may_be_tagged(skb: Object) -> bool {
    let proto: u16 = skb.get(at!(skb_vlan_proto));
    if bits(skb, at!(skb_vlan_present)).unwrap_or(proto) != 0 {
        return true;
    }
    // SAFETY: as in `recall`.
    if unsafe { read_volatile(&raw const ANY) } == 0 {
        return false;
    }
    let noted = UNTAGGED.get_ptr(0);
    // SAFETY: the member of a value that is there.
    noted.is_some_and(|noted| unsafe { (*noted).skb } == skb.0 as u64)
}

/// Puts the noted tags into the record of the frame that has lost them. An interface of that VLAN shows its frames without
/// the tag, as a capture on it does.
#[inline(always)]
pub(crate) fn recall(skb: Object, bytes: &Bytes, record: &mut Record) {
    // SAFETY: a word that is only ever set to 1; volatile, as other programs set it.
    let any = unsafe { read_volatile(&raw const ANY) };
    // What never came in had no tag taken out.
    if any == 0 || record.iif == 0 || record.flags & (HAS_VLAN | LINK_HEADER) != LINK_HEADER {
        return;
    }
    recall_noted(skb.0 as u64, bytes.start, record);
}

#[inline(never)]
fn recall_noted(skb: u64, start: u64, record: &mut Record) {
    let Some(untagged) = UNTAGGED.get_ptr_mut(0) else {
        return;
    };
    // SAFETY: this processor's value; a frame is dropped while it is received, and none is received meanwhile. What was
    // received before and is dropped out of a queue may be looked for meanwhile, and then is not what was noted.
    let untagged = unsafe { &mut *untagged };
    // SAFETY: a helper without arguments.
    let now = unsafe { bpf_ktime_get_boot_ns() };
    if untagged.count == 0
        || untagged.skb != skb
        || !untagged.is_at(probe(skb, config(|c| &c.skb_head)), start, record.len)
        || untagged.ifindex != record.ifindex
        || now.wrapping_sub(untagged.time) > FRESH
        || !untagged
            .begins
            .is(&Beginning::of(&Frame::at(start), u64::MAX))
    {
        return;
    }
    record.vlan_proto = untagged.tags[0].proto;
    record.vlan_tci = untagged.tags[0].tci;
    record.flags |= HAS_VLAN;
    if untagged.count > 1 {
        record.inner_proto = untagged.tags[1].proto;
        record.inner_tci = untagged.tags[1].tci;
        record.flags |= HAS_INNER_VLAN;
    }
    // It is dropped once.
    untagged.count = 0;
}
