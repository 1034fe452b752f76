//! Which interface a drop was at, and in which network namespace.
//!
//! Each of the six values that tell takes a call of a helper, and calls are what a drop costs most. In a flood the packets of
//! one device follow each other, so what was read of it a moment ago is believed.

use core::ptr::write_volatile;

use aya_ebpf::helpers::bpf_ktime_get_boot_ns;
use droprec_ebpf::{
    config::ABSENT,
    record::{NO_HEADER, Record},
};

use super::{config::config, skb::probe};

/// Inode numbers of namespaces: the first one's is fixed since 6.18 (`include/uapi/linux/nsfs.h`), the others' are handed
/// out from 0xf0000000 on (`fs/proc/generic.c`). What a pointer that no longer leads to a device leads to is none of them.
const NAMESPACES: core::ops::Range<u32> = 0xefff_fff0..0xf400_0000;

/// How long what was read of a device is believed, in nanoseconds: for dozens of drops of a flood, and for less than it takes
/// to rename an interface, to move it to another namespace (`synchronize_net` waits for all processors), or to have another
/// one lie in its place, and then to send a packet.
const FRESH: u64 = 20_000;

/// What has a name that is read only where filters want the drop.
#[repr(C)]
pub(crate) struct Named {
    /// Address of the `struct net_device` that the interface is; 0: not known.
    pub(crate) dev: u64,
    /// Address of the `struct net` that the namespace is; 0: not known.
    pub(crate) net: u64,
    /// Not zero: both are those of [`Known`].
    pub(crate) is_known: u64,
}

/// The device that one of the programs has read last on this processor.
#[repr(C)]
pub(crate) struct Known {
    /// As in [`Named`].
    dev: u64,
    net: u64,
    /// As in [`Record`], and what follows too. The time is when it was read.
    time: u64,
    netns_cookie: u64,
    name: [u8; 16],
    netns: u32,
    ifindex: u32,
    device_type: u16,
    padding: [u16; 3],
}

/// Nothing is known of a drop's device.
#[inline(always)]
pub(crate) fn forget(record: &mut Record, named: &mut Named) {
    record.time = 0;
    record.ifindex = 0;
    record.netns = 0;
    record.device_type = NO_HEADER;
    named.dev = 0;
    // SAFETY: a member of what is there. Volatile, as three zeros in a row would be a call of `memset`, which costs as much as a
    // tenth of all else.
    unsafe { write_volatile(&raw mut named.net, 0) };
    named.is_known = 0;
}

/// Fills the interface in, from what is known or what `dev` points to. `ifindex` stays 0: that is none.
#[inline(always)]
pub(crate) fn find(dev: u64, record: &mut Record, named: &mut Named, known: &Known) {
    if dev != 0 && dev == known.dev {
        mark_time(record);
        if record.time.wrapping_sub(known.time) < FRESH {
            record.netns = known.netns;
            record.ifindex = known.ifindex;
            record.device_type = known.device_type;
            named.dev = dev;
            named.net = known.net;
            named.is_known = 1;
            return;
        }
    }
    read(dev, record, named);
}

/// Fills the interface in, from what `dev` points to.
///
/// `skb->dev` shares its place with other things while a packet waits in a socket; the namespace tells. A kernel without
/// namespaces (`CONFIG_NET_NS=n`) has only the index to tell by.
#[inline(never)]
pub(crate) fn read(dev: u64, record: &mut Record, named: &mut Named) {
    let ifindex: u32 = probe(dev, config(|c| &c.dev_ifindex));
    if config(|c| &c.dev_net) != ABSENT && config(|c| &c.net_inum) != ABSENT {
        if !read_namespace(probe(dev, config(|c| &c.dev_net)), record, named) {
            return;
        }
    } else if ifindex == 0 {
        return;
    }
    named.dev = dev;
    named.is_known = 0;
    record.ifindex = ifindex;
    record.device_type = probe(dev, config(|c| &c.dev_type));
}

/// Fills the namespace in, if there is one at that address.
#[inline(always)]
pub(crate) fn read_namespace(net: u64, record: &mut Record, named: &mut Named) -> bool {
    let netns = netns(net);
    if netns == 0 {
        return false;
    }
    named.net = net;
    record.netns = netns;
    true
}

/// The inode number of the namespace at that address; 0: there is none.
#[inline(always)]
pub(crate) fn netns(net: u64) -> u32 {
    let netns: u32 = probe(net, config(|c| &c.net_inum));
    if NAMESPACES.contains(&netns) {
        netns
    } else {
        0
    }
}

/// Fills in what tells the interface from others, now and later, and keeps what was read of it.
#[inline(always)]
pub(crate) fn name(named: &Named, record: &mut Record, known: &mut Known) {
    if named.is_known != 0 {
        record.name = known.name;
        record.netns_cookie = known.netns_cookie;
        return;
    }
    mark_time(record);
    record.name = probe(named.dev, config(|c| &c.dev_name));
    record.netns_cookie = probe(named.net, config(|c| &c.net_cookie));
    // A route does not tell all.
    if record.device_type != NO_HEADER {
        known.dev = named.dev;
        known.net = named.net;
        known.time = record.time;
        known.netns_cookie = record.netns_cookie;
        known.name = record.name;
        known.netns = record.netns;
        known.ifindex = record.ifindex;
        known.device_type = record.device_type;
    }
}

/// Fills the time in, once.
#[inline(always)]
pub(crate) fn mark_time(record: &mut Record) {
    if record.time == 0 {
        // SAFETY: a helper without arguments.
        record.time = unsafe { bpf_ktime_get_boot_ns() };
    }
}
