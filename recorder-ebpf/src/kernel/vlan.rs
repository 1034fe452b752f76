//! Keeps the VLAN tag of a frame that the stack is about to forget.
//!
//! A tag that comes in within the frame is cut out by `skb_vlan_untag`. When no interface has that VLAN,
//! `__netif_receive_skb_core` clears it and goes on (net/core/dev.c, v6.18), and by the time the frame is dropped nothing
//! in the skb tells of it. So it is noted: as it is cut out, which frames without one never feel; on a kernel that does
//! not let a program watch a function, as the frame is received.

use core::ptr::{read_volatile, write_volatile};

use aya_ebpf::{helpers::bpf_probe_read_kernel, macros::map, maps::LruHashMap};
use droprec_ebpf::record::{HAS_VLAN, LINK_HEADER, Record, Untagged};

use super::{
    config::config,
    skb::{Bytes, Object},
};

/// Tags by the address of the skb. The oldest make way: a frame is dropped soon after, or not at all.
#[map]
static UNTAGGED: LruHashMap<u64, Untagged> = LruHashMap::with_max_entries(4096, 0);

/// Not zero once there was a tag: before that nobody looks for one.
static mut ANY: u32 = 0;

/// `ETH_P_8021Q` and `ETH_P_8021AD` (`include/uapi/linux/if_ether.h`): what `skb_vlan_untag` is called for.
const ETH_P_8021Q: u16 = 0x8100;
const ETH_P_8021AD: u16 = 0x88a8;
/// Bytes of a tag (`VLAN_HLEN`).
const TAG: u64 = 4;

/// Notes the tag of an skb that `skb_vlan_untag` returns.
#[inline(always)]
pub(crate) fn note_untagged(skb: Object) {
    let proto = u16::from_be(skb.get(config(|c| &c.skb_vlan_proto)));
    if proto != 0 {
        note(
            skb,
            mac_header(skb),
            proto,
            skb.get(config(|c| &c.skb_vlan_tci)),
        );
    }
}

/// Notes the tag of an skb that the stack has just received, and is going to untag.
#[inline(always)]
pub(crate) fn note_received(skb: Object) {
    let proto = u16::from_be(skb.get(config(|c| &c.skb_protocol)));
    if proto != ETH_P_8021Q && proto != ETH_P_8021AD {
        return;
    }
    let data: u64 = skb.get(config(|c| &c.skb_data));
    // SAFETY: the helper reads from any address, or fails.
    if let Ok(tci) = unsafe { bpf_probe_read_kernel(data as *const u16) } {
        note(skb, mac_header(skb) + TAG, proto, u16::from_be(tci));
    }
}

#[inline(always)]
fn mac_header(skb: Object) -> u64 {
    let head: u64 = skb.get(config(|c| &c.skb_head));
    let mac: u16 = skb.get(config(|c| &c.skb_mac_header));
    head.wrapping_add(u64::from(mac))
}

#[inline(always)]
fn note(skb: Object, frame: u64, proto: u16, tci: u16) {
    let ifindex = skb
        .follow(config(|c| &c.skb_dev))
        .get(config(|c| &c.dev_ifindex));
    let _ = UNTAGGED.insert(
        &(skb.0 as u64),
        &Untagged {
            frame,
            proto,
            tci,
            ifindex,
        },
        0,
    );
    // SAFETY: a word that is only ever set to this value; volatile, as other programs read it.
    unsafe { write_volatile(&raw mut ANY, 1) };
}

/// Puts the noted tag into the record of a frame that has lost it.
#[inline(always)]
pub(crate) fn recall(skb: Object, bytes: &Bytes, record: &mut Record) {
    // SAFETY: as above.
    let any = unsafe { read_volatile(&raw const ANY) };
    if any == 0 || record.flags & (HAS_VLAN | LINK_HEADER) != LINK_HEADER {
        return;
    }
    // SAFETY: a copy is made of the value before anybody else can come to change it.
    let Some(untagged) = (unsafe { UNTAGGED.get(&(skb.0 as u64)) }).copied() else {
        return;
    };
    // An interface of that VLAN shows its frames without the tag, as a capture on it does.
    if untagged.frame == bytes.start && untagged.ifindex == record.ifindex && has_moved(bytes.start)
    {
        record.vlan_proto = untagged.proto;
        record.vlan_tci = untagged.tci;
        record.flags |= HAS_VLAN;
    }
}

/// Whether a tag was cut out of the frame that begins here: the addresses were moved up by its length, and the first four
/// bytes of the destination are still where they were, too. The skb is another's if not.
#[inline(always)]
fn has_moved(frame: u64) -> bool {
    // SAFETY: the helper reads from any address, or fails.
    let bytes: Result<[u32; 2], _> =
        unsafe { bpf_probe_read_kernel((frame - TAG) as *const [u32; 2]) };
    bytes.is_ok_and(|[before, destination]| before == destination)
}
