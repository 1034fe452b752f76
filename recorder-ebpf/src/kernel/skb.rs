//! Reads an skb: the fields of a record, each through an offset of the running kernel.
//!
//! A `tp_btf` program may dereference its arguments: the verifier knows their types, follows a constant offset to the
//! member, and a bad pointer behind them reads as zero. What the kernel's types hide (an address in an integer) is read
//! through `bpf_probe_read_kernel`.

use core::ptr::read_volatile;

use aya_ebpf::helpers::{bpf_probe_read_kernel, bpf_probe_read_kernel_buf};
use droprec_ebpf::{
    frame::Headers,
    record::{
        ABSENT, HAS_NETWORK_HEADER, HAS_PKT_TYPE, HAS_ROUTE, HAS_SOCKET, HAS_TRANSPORT_HEADER,
        HAS_VLAN, NO_HEADER, Record,
    },
};

use super::config::config;

/// Inode numbers of namespaces: the first one's is fixed since 6.18 (`include/uapi/linux/nsfs.h`), the others' are handed
/// out from 0xf0000000 on (`fs/proc/generic.c`). What a pointer that no longer leads to a device leads to is none of them.
const NAMESPACES: core::ops::Range<u32> = 0xefff_fff0..0xf400_0000;

/// `SKB_DST_NOREF` (`include/linux/skbuff.h`): the low bit of `_skb_refdst` is not part of the address.
const DST_NOREF: u64 = 1;

/// The family of a tun or tap device's socket (`include/linux/socket.h`).
pub(crate) const AF_UNSPEC: u16 = 0;

/// An object of the kernel's that the verifier lets us read, or NULL.
#[derive(Clone, Copy)]
pub(crate) struct Object(pub(crate) *const u8);

impl Object {
    /// The member at `offset`, zero where the kernel lacks it.
    #[inline(always)]
    pub(crate) fn get<T: Copy + Default>(self, offset: u32) -> T {
        if offset == ABSENT {
            return T::default();
        }
        // SAFETY: the verifier has checked that the member is there, and that its size is T's; a fault reads as zero.
        unsafe { read_volatile(self.0.add(offset as usize).cast::<T>()) }
    }

    /// The object that the member at `offset` points to.
    #[inline(always)]
    pub(crate) fn follow(self, offset: u32) -> Self {
        if offset == ABSENT {
            return Self(core::ptr::null());
        }
        // SAFETY: as in `get`.
        Self(unsafe { read_volatile(self.0.add(offset as usize).cast::<*const u8>()) })
    }
}

/// A member of something that is an address to us, and no more to the verifier. Zero where it cannot be read.
#[inline(always)]
fn probe<T: Copy + Default>(address: u64, offset: u32) -> T {
    if address == 0 || offset == ABSENT {
        return T::default();
    }
    let at = (address + u64::from(offset)) as *const T;
    // SAFETY: the helper reads from any address, or fails.
    unsafe { bpf_probe_read_kernel(at) }.unwrap_or_default()
}

/// Fills the interface in, from the device that `skb->dev` points to. False: it points to none.
///
/// `skb->dev` shares its place with other things while a packet waits in a socket; the namespace tells. A kernel without
/// namespaces (`CONFIG_NET_NS=n`) has only the index to tell by.
#[inline(always)]
fn read_device(skb: Object, record: &mut Record) -> bool {
    let dev = skb.follow(config(|c| &c.skb_dev));
    let ifindex: u32 = dev.get(config(|c| &c.dev_ifindex));
    if config(|c| &c.dev_net) != ABSENT && config(|c| &c.net_inum) != ABSENT {
        let net = dev.follow(config(|c| &c.dev_net));
        let netns: u32 = net.get(config(|c| &c.net_inum));
        if !NAMESPACES.contains(&netns) {
            return false;
        }
        record.netns = netns;
        record.netns_cookie = net.get(config(|c| &c.net_cookie));
    } else if ifindex == 0 {
        return false;
    }
    record.ifindex = ifindex;
    record.device_type = dev.get(config(|c| &c.dev_type));
    let name = config(|c| &c.dev_name);
    if name != ABSENT {
        // Two words: the compiler must not make sixteen loads of it.
        let low: u64 = dev.get(name);
        let high: u64 = dev.get(name + 8);
        record.name[..8].copy_from_slice(&low.to_ne_bytes());
        record.name[8..].copy_from_slice(&high.to_ne_bytes());
    }
    true
}

/// Fills the namespace in, if there is one at that address.
#[inline(always)]
fn read_namespace(net: u64, record: &mut Record) -> bool {
    let netns: u32 = probe(net, config(|c| &c.net_inum));
    if !NAMESPACES.contains(&netns) {
        return false;
    }
    record.netns = netns;
    record.netns_cookie = probe(net, config(|c| &c.net_cookie));
    true
}

/// Fills in what the route knows: on the way out, before the device is set, it names it; on the way in, it has at least
/// the same namespace.
#[inline(never)]
fn read_route(refdst: u64, record: &mut Record) {
    let dev: u64 = probe(refdst & !DST_NOREF, config(|c| &c.dst_dev));
    if read_namespace(probe(dev, config(|c| &c.dev_net)), record) && record.iif == 0 {
        record.ifindex = probe(dev, config(|c| &c.dev_ifindex));
        record.name = probe(dev, config(|c| &c.dev_name));
    }
}

/// The socket's address family and, where it is not known yet, the namespace.
#[inline(never)]
fn read_socket(sock: u64, record: &mut Record) {
    record.family = probe(sock, config(|c| &c.sock_family));
    if record.netns == 0 {
        read_namespace(probe(sock, config(|c| &c.sock_net)), record);
    }
}

/// Where the bytes of the frame are.
pub(crate) struct Bytes {
    /// Address of the first one.
    pub(crate) start: u64,
    /// How many the skb's linear part has.
    pub(crate) linear: u32,
}

/// Fills the record in, but for what the tracepoint itself says. `rx_sk`: the socket that the kernel was delivering to.
#[inline(always)]
pub(crate) fn read(skb: Object, rx_sk: u64, record: &mut Record) -> Bytes {
    record.iif = skb.get(config(|c| &c.skb_iif));
    record.ifindex = 0;
    record.netns = 0;
    record.netns_cookie = 0;
    record.device_type = NO_HEADER;
    record.name = [0; 16];
    let has_device = read_device(skb, record);
    record.flags = 0;
    record.family = 0;
    let refdst: u64 = skb.get(config(|c| &c.skb_refdst));
    if !has_device {
        read_route(refdst, record);
    }
    if refdst & !DST_NOREF != 0 {
        record.flags |= HAS_ROUTE;
    }
    let sock: u64 = skb.get(config(|c| &c.skb_sk));
    let sock = if sock == 0 { rx_sk } else { sock };
    if sock != 0 {
        record.flags |= HAS_SOCKET;
        read_socket(sock, record);
    }

    record.protocol = u16::from_be(skb.get(config(|c| &c.skb_protocol)));
    record.queue = skb.get(config(|c| &c.skb_queue_mapping));
    record.pkt_type = u16::MAX;
    if config(|c| &c.skb_pkt_type) != ABSENT {
        let byte: u8 = skb.get(config(|c| &c.skb_pkt_type));
        record.pkt_type = ((u32::from(byte) >> config(|c| &c.skb_pkt_type_shift))
            & config(|c| &c.skb_pkt_type_mask)) as u16;
        record.flags |= HAS_PKT_TYPE;
    }
    record.vlan_tci = skb.get(config(|c| &c.skb_vlan_tci));
    record.vlan_proto = u16::from_be(skb.get(config(|c| &c.skb_vlan_proto)));
    let tagged = if config(|c| &c.skb_vlan_present) == ABSENT {
        record.vlan_proto != 0
    } else {
        // Older kernels leave the tag where it was when they clear it, and take this bit away.
        let byte: u8 = skb.get(config(|c| &c.skb_vlan_present));
        u32::from(byte) & config(|c| &c.skb_vlan_present_mask) != 0
    };
    if tagged {
        record.flags |= HAS_VLAN;
    }

    let head: u64 = skb.get(config(|c| &c.skb_head));
    let data: u64 = skb.get(config(|c| &c.skb_data));
    let data = data.wrapping_sub(head) as u32;
    let tail: u32 = skb.get(config(|c| &c.skb_tail));
    let headers = Headers {
        data,
        tail,
        mac: skb.get(config(|c| &c.skb_mac_header)),
        network: skb.get(config(|c| &c.skb_network_header)),
        device_type: record.device_type,
        pkt_type: record.pkt_type,
        ifindex: if has_device { record.ifindex } else { 0 },
        iif: record.iif,
        has_route: record.flags & HAS_ROUTE != 0,
        // That of a tun device belongs to who wrote the packet for it to come in.
        has_socket: record.family != AF_UNSPEC,
    };
    if headers.network != NO_HEADER && headers.network != 0 {
        record.flags |= HAS_NETWORK_HEADER;
    }
    let transport: u16 = skb.get(config(|c| &c.skb_transport_header));
    if transport != headers.network {
        record.flags |= HAS_TRANSPORT_HEADER;
    }
    let (start, flags) = headers.locate();
    record.flags |= flags;
    let len: u32 = skb.get(config(|c| &c.skb_len));
    record.len = len.wrapping_add(data.wrapping_sub(start));
    // Where a device has no record of its own, the packet's is the one that it came in by.
    if record.ifindex == 0 {
        record.ifindex = record.iif;
    }
    Bytes {
        start: head.wrapping_add(u64::from(start)),
        linear: tail.saturating_sub(start),
    }
}

/// Copies the beginning of the frame to `into`; returns how many bytes it was.
#[inline(always)]
pub(crate) fn copy(bytes: &Bytes, len: u32, into: &mut [u8]) -> u32 {
    let mut captured = bytes.linear;
    if captured > len {
        captured = len;
    }
    if captured > config(|c| &c.snaplen) {
        captured = config(|c| &c.snaplen);
    }
    let Some(into) = into.get_mut(..captured as usize) else {
        return 0;
    };
    // SAFETY: the helper reads from any address, or fails and zeroes `into`.
    match unsafe { bpf_probe_read_kernel_buf(bytes.start as *const u8, into) } {
        Ok(()) => captured,
        Err(_) => 0,
    }
}
