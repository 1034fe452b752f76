//! Reads an skb: the fields of a record, each through an offset of the running kernel.
//!
//! A `tp_btf` program may dereference its arguments, as the verifier knows their types; so the skb's own members are read.
//! It could follow the pointers in them too, NULL and stale ones as well, as a fault of such a load reads as zero. But there
//! are kernels that do not survive one: on 5.10 a program that has functions stands twice among the symbols, and only one of
//! the two leads to the table of what to do on a fault (`jit_subprogs`, kernel/bpf/verifier.c). So whatever is behind the
//! skb is read through `bpf_probe_read_kernel`; but for what each drop is asked for, and is there for certain.

use core::{hint::black_box, mem::offset_of, ptr::read_volatile};

use aya_ebpf::helpers::bpf_probe_read_kernel;
use droprec_ebpf::{
    bit::{Bit, equal, less},
    config::{ABSENT, Bits},
    frame::{Headers, Packed},
    member,
    record::{
        DROP, HAS_CSUM, HAS_NETWORK_HEADER, HAS_PKT_TYPE, HAS_ROUTE, HAS_SOCKET,
        HAS_TRANSPORT_HEADER, HAS_VLAN, JUDGED, NO_HEADER, Record, TCP_SEGMENTS, UNJUDGED,
    },
};

use super::{
    bytes::{Bytes, cast},
    config::{config, value},
    device::{self, Known, Named, read_namespace},
    emit::modules,
};

/// `SKB_DST_NOREF` (`include/linux/skbuff.h`): the low bit of `_skb_refdst` is not part of the address.
const DST_NOREF: u64 = 1;

/// Kinds of segments (`include/linux/skbuff.h`, the same from v5.8 to v7.2).
const SKB_GSO_TCPV4: u32 = 1;
const SKB_GSO_TCPV6: u32 = 1 << 4;

/// The family of a tun or tap device's socket (`include/linux/socket.h`).
pub(crate) const AF_UNSPEC: u16 = 0;

/// The skb of the tracepoint, which the verifier lets us read.
#[derive(Clone, Copy)]
pub(crate) struct Object(pub(crate) *const u8);

/// A member whose offset is there in [`Config`], in bytes: as [`at!`] tells.
pub(crate) struct Member<const AT: usize>;

/// The [`Member`] whose offset [`Config`] calls so.
macro_rules! at {
    ($name:ident) => {
        $crate::kernel::skb::Member::<{ core::mem::offset_of!(droprec_ebpf::config::Config, $name) }>
    };
}
pub(crate) use at;

impl Object {
    /// A member, zero where the kernel lacks it (`droprec_ebpf::member`).
    #[inline(always)]
    pub(crate) fn get<T: Copy, const AT: usize>(self, _: Member<AT>) -> T {
        // SAFETY: the verifier checks that the member is there, once the user half has put its offset in; and so is the object.
        unsafe { self.read(member::BEGIN + AT) }
    }

    /// What is at an offset.
    ///
    /// # Safety
    ///
    /// The verifier knows that it is there.
    #[inline(always)]
    pub(crate) unsafe fn read<T: Copy>(self, offset: usize) -> T {
        // SAFETY: as this function's. Volatile, as others may write it, and so that it is one instruction.
        unsafe { read_volatile(self.0.wrapping_add(offset).cast::<T>()) }
    }
}

/// A member of what is at an address. Zero where it cannot be read.
#[inline(always)]
pub(crate) fn probe<T: Copy + Default>(address: u64, offset: u32) -> T {
    if address == 0 || offset == ABSENT {
        return T::default();
    }
    let at = (address + u64::from(offset)) as *const T;
    // SAFETY: the helper reads from any address, or fails.
    unsafe { bpf_probe_read_kernel(at) }.unwrap_or_default()
}

/// Fills in what the route knows: on the way out, before the device is set, it names it; on the way in, it has at least
/// the same namespace.
#[inline(never)]
fn read_route(refdst: u64, record: &mut Record, named: &mut Named) {
    let dev: u64 = probe(refdst & !DST_NOREF, config(|c| &c.dst_dev));
    let net = probe(dev, config(|c| &c.dev_net));
    if read_namespace(net, record, named) && record.iif == 0 {
        named.dev = dev;
        record.ifindex = probe(dev, config(|c| &c.dev_ifindex));
    }
}

/// Whether the route leads out of this device.
#[inline(never)]
fn leaves_at(refdst: u64, ifindex: u32) -> Bit {
    let dev: u64 = probe(refdst & !DST_NOREF, config(|c| &c.dst_dev));
    equal(probe::<u32>(dev, config(|c| &c.dev_ifindex)), ifindex)
}

/// The socket of an skb.
pub(crate) struct Socket {
    /// Where its `struct sock` is; 0: there is none.
    pub(crate) address: u64,
    /// It is the one that the skb was for.
    pub(crate) is_receiver: bool,
    /// `skb->destructor`
    pub(crate) destructor: u64,
}

impl Socket {
    /// `rx_sk`: the socket that the kernel was delivering to.
    #[inline(always)]
    fn of(skb: Object, rx_sk: u64) -> Self {
        let address: u64 = skb.get(at!(skb_sk));
        // The verifier wants a look at the pointer of its own; the compiler would make one of both.
        if address != 0 && is_address(black_box(address)) {
            return Self {
                address,
                is_receiver: false,
                destructor: skb.get(at!(skb_destructor)),
            };
        }
        Self {
            address: rx_sk,
            is_receiver: true,
            destructor: 0,
        }
    }
}

/// Whether this is in the kernel's half of all addresses: up to 6.10 a fragment of a packet that waits for the others keeps
/// a number where its socket would be.
#[inline(always)]
fn is_address(value: u64) -> bool {
    value.cast_signed() < 0
}

/// The socket's address family and, where it is not known yet, the namespace.
#[inline(never)]
fn read_socket(sock: u64, record: &mut Record, named: &mut Named) {
    record.family = probe(sock, config(|c| &c.sock_family));
    if record.netns == 0 {
        read_namespace(probe(sock, config(|c| &c.sock_net)), record, named);
    }
}

/// What a bit-field of the skb holds; `None`: the kernel lacks it.
#[inline(always)]
pub(crate) fn bits<const AT: usize>(skb: Object, field: Member<AT>) -> Option<u16> {
    let mask = value(AT + offset_of!(Bits, mask));
    if mask == 0 {
        return None;
    }
    let byte: u8 = skb.get(field);
    let bits = u32::from(byte) >> value(AT + offset_of!(Bits, shift));
    Some((bits & mask) as u16)
}

/// Into how many segments the packet is to be cut, or of how many it was put together.
#[inline(always)]
fn read_segments(skb: Object, head: u64, record: &mut Record) {
    let end: u32 = skb.get(at!(skb_end));
    let shared = head.wrapping_add(u64::from(end));
    record.gso_size = if config(|c| &c.cast) == ABSENT {
        probe(shared, config(|c| &c.shared_gso_size))
    } else {
        cast(shared, config(|c| &c.shared_type)).get(at!(shared_gso_size))
    };
    record.gso_segs = 0;
    if record.gso_size != 0 {
        record.gso_segs = probe(shared, config(|c| &c.shared_gso_segs));
        let gso_type: u32 = probe(shared, config(|c| &c.shared_gso_type));
        if gso_type & (SKB_GSO_TCPV4 | SKB_GSO_TCPV6) != 0 {
            record.flags |= TCP_SEGMENTS;
        }
    }
}

/// How the headers of the last skb lay that one of the programs has had on this processor, and what that decided: the packets
/// of a flood lie alike.
#[repr(C)]
pub(crate) struct Located {
    headers: Packed,
    /// As [`Headers::locate`] says, and what follows too.
    start: u32,
    flags: u16,
    /// Not zero: as [`Headers::is_bare_output`] says.
    is_bare_output: u16,
}

/// Decides it for other headers.
#[inline(never)]
fn locate(headers: &Packed, located: &mut Located) {
    located.headers = *headers;
    let headers = headers.unpack();
    (located.start, located.flags) = headers.locate();
    located.is_bare_output = headers.is_bare_output().flag(1);
}

/// What is at hand of a dropped skb when filters have their say.
pub(crate) struct Found {
    pub(crate) bytes: Bytes,
    pub(crate) socket: Socket,
}

/// Fills in what filters and the beginning of the frame are decided by. `rx_sk`: the socket that the kernel was delivering to.
#[inline(always)]
pub(crate) fn find(
    skb: Object,
    rx_sk: u64,
    record: &mut Record,
    named: &mut Named,
    known: &Known,
    located: &mut Located,
) -> Found {
    record.kind = DROP;
    record.modules = modules();
    record.iif = skb.get(at!(skb_iif));
    device::forget(record, named);
    let dev: u64 = skb.get(at!(skb_dev));
    device::find(dev, record, named, known);
    let ifindex = record.ifindex;
    let has_device = Bit::of(ifindex.into());
    record.family = 0;
    let refdst: u64 = skb.get(at!(skb_refdst));
    if !has_device.is_set() {
        read_route(refdst, record, named);
    }
    let has_route = Bit::of(refdst & !DST_NOREF);
    record.flags |= has_route.flag(HAS_ROUTE);
    let socket = Socket::of(skb, rx_sk);
    if socket.address != 0 {
        record.flags |= HAS_SOCKET;
        read_socket(socket.address, record, named);
    }

    record.protocol = u16::from_be(skb.get(at!(skb_protocol)));
    record.pkt_type = u16::MAX;
    if let Some(pkt_type) = bits(skb, at!(skb_pkt_type)) {
        record.pkt_type = pkt_type;
        record.flags |= HAS_PKT_TYPE;
    }
    record.vlan_tci = skb.get(at!(skb_vlan_tci));
    record.vlan_proto = u16::from_be(skb.get(at!(skb_vlan_proto)));
    record.inner_proto = 0;
    record.inner_tci = 0;
    // Older kernels leave the tag where it was when they clear it, and take this bit away.
    let present = bits(skb, at!(skb_vlan_present)).unwrap_or(record.vlan_proto);
    record.flags |= Bit::of(present.into()).flag(HAS_VLAN);

    let head: u64 = skb.get(at!(skb_head));
    let data: u64 = skb.get(at!(skb_data));
    let data = data.wrapping_sub(head) as u32;
    let tail: u32 = skb.get(at!(skb_tail));
    let mac: u16 = skb.get(at!(skb_mac_header));
    let network: u16 = skb.get(at!(skb_network_header));
    // Of what is where it came in, and has no link header before it, nobody asks.
    let may_leave = has_device
        & has_route
        & Bit::of(record.iif.into())
        & (!equal(record.iif, ifindex) | equal(mac, data));
    let headers = Headers {
        data,
        mac,
        network,
        device_type: record.device_type,
        pkt_type: record.pkt_type,
        ifindex,
        iif: record.iif,
        has_route,
        leaves_here: if may_leave.is_set() {
            leaves_at(refdst, ifindex)
        } else {
            Bit::from_bool(false)
        },
        // That of a tun device belongs to who wrote the packet for it to come in.
        has_socket: !equal(record.family, AF_UNSPEC),
        is_cut: less(tail, network),
    };
    let has_network = !equal(network, NO_HEADER) & Bit::of(network.into());
    record.flags |= has_network.flag(HAS_NETWORK_HEADER);
    let transport: u16 = skb.get(at!(skb_transport_header));
    record.flags |= (!equal(transport, network)).flag(HAS_TRANSPORT_HEADER);
    let packed = headers.pack();
    if !packed.is(&located.headers) {
        locate(&packed, located);
    }
    // SAFETY: members of what is there. Volatile, so that the verifier goes on in one way, whichever it came by.
    let (start, flags, is_bare_output) = unsafe {
        (
            read_volatile(&raw const located.start),
            read_volatile(&raw const located.flags),
            read_volatile(&raw const located.is_bare_output),
        )
    };
    // A tunnel leaves its own device in what it wraps, until IP sends it out (`iptunnel_xmit`,
    // net/ipv4/ip_tunnel_core.c, v6.18): before that, the route's is the one.
    if is_bare_output != 0 && ifindex != 0 {
        let out: u64 = probe(refdst & !DST_NOREF, config(|c| &c.dst_dev));
        if out != dev {
            device::find(out, record, named, known);
        }
    }
    record.flags |= flags;
    let len: u32 = skb.get(at!(skb_len));
    let before_data = data.wrapping_sub(start);
    record.data = before_data.cast_signed();
    record.len = len.wrapping_add(before_data);
    // Where a device has no record of its own, the packet's is the one that it came in by.
    if record.ifindex == 0 {
        record.ifindex = record.iif;
    }
    Found {
        bytes: Bytes {
            start: head.wrapping_add(u64::from(start)),
            linear: tail.saturating_sub(start),
        },
        socket,
    }
}

/// Fills in what else there is to tell of a drop.
#[inline(always)]
pub(crate) fn describe(skb: Object, record: &mut Record) {
    record.queue = skb.get(at!(skb_queue_mapping));
    record.mark = skb.get(at!(skb_mark));
    record.priority = skb.get(at!(skb_priority));
    record.hash = skb.get(at!(skb_hash));
    record.csum = 0;
    if let Some(csum) = bits(skb, at!(skb_ip_summed)) {
        record.csum = csum;
        record.flags |= HAS_CSUM;
    }
    read_segments(skb, skb.get(at!(skb_head)), record);
}

/// How many bytes of a frame are captured, at most.
#[inline(always)]
pub(crate) fn snaplen(record: &Record) -> u32 {
    let snaplen = config(|c| &c.snaplen);
    if record.flags & UNJUDGED != 0 && snaplen < JUDGED {
        return JUDGED;
    }
    snaplen
}
