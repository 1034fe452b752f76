//! What the kernel half and the user half tell each other: the record of a drop, the counters, and the configuration.
//!
//! All of it is `repr(C)`, made of fixed-width integers in the machine's byte order without padding, so that both
//! compilers lay it out alike; the assertions below hold them to it. The user half reads a record field by field from
//! bytes and never transmutes one.

/// An offset, in [`Config`], of a member that the running kernel does not have.
pub const ABSENT: u32 = u32::MAX;

/// The most bytes of a frame that one record carries. A per-CPU value may hold 32 KiB (`PCPU_MIN_UNIT_SIZE`), a 9000 byte
/// frame has to fit, and every processor pays for it.
pub const MAX_CAPTURE: u32 = 16_384;

/// `skb->mac_header`, and what is like it here, when there is none (`include/linux/skbuff.h`).
pub const NO_HEADER: u16 = 0xffff;

/// [`Record::flags`]: the captured bytes begin with the frame's own Ethernet header.
pub const LINK_HEADER: u16 = 1;
/// [`Record::flags`]: the skb was coming in.
pub const INCOMING: u16 = 1 << 1;
/// [`Record::flags`]: the skb was going out.
pub const OUTGOING: u16 = 1 << 2;
/// [`Record::flags`]: the kernel gave a reason.
pub const HAS_REASON: u16 = 1 << 3;
/// [`Record::flags`]: `vlan_proto` and `vlan_tci` hold a tag that is not among the captured bytes.
pub const HAS_VLAN: u16 = 1 << 4;
/// [`Record::flags`]: `pkt_type` was read.
pub const HAS_PKT_TYPE: u16 = 1 << 5;
/// [`Record::flags`]: the skb had a socket, or was for one.
pub const HAS_SOCKET: u16 = 1 << 6;
/// [`Record::flags`]: the skb had a route.
pub const HAS_ROUTE: u16 = 1 << 7;
/// [`Record::flags`]: the skb had a network header.
pub const HAS_NETWORK_HEADER: u16 = 1 << 8;
/// [`Record::flags`]: its transport header was not where its network header was.
pub const HAS_TRANSPORT_HEADER: u16 = 1 << 9;

/// One dropped skb; its captured bytes follow it in the ring.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Record {
    /// When, in nanoseconds of `CLOCK_BOOTTIME`.
    pub time: u64,
    /// Address that the skb was dropped at: what `kfree_skb` would have returned to.
    pub location: u64,
    /// `net.net_cookie` of the network namespace: an inode number is another namespace's soon after its own is gone, a
    /// cookie never is. 0: the kernel gives none.
    pub netns_cookie: u64,
    /// `enum skb_drop_reason`, if [`HAS_REASON`].
    pub reason: u32,
    /// True length in bytes from the first captured byte on.
    pub len: u32,
    /// Bytes that follow this record.
    pub captured: u32,
    /// Inode number of the network namespace; 0: unknown.
    pub netns: u32,
    /// Interface that dropped it, else the one that it came in by; 0: none.
    pub ifindex: u32,
    /// Interface that it came in by (`skb->skb_iif`); 0: none.
    pub iif: u32,
    /// `net_device.name` at that moment, zero-padded; all zero: not known.
    pub name: [u8; 16],
    /// `skb->protocol` in host order.
    pub protocol: u16,
    /// `net_device.type`, an `ARPHRD_*`; [`NO_HEADER`]: no device.
    pub device_type: u16,
    /// EtherType of the tag in `vlan_tci`, host order.
    pub vlan_proto: u16,
    /// The tag that the stack or the NIC took out of the frame, host order.
    pub vlan_tci: u16,
    /// `skb->queue_mapping`.
    pub queue: u16,
    /// `sk->sk_family` of the socket, if [`HAS_SOCKET`]; 0 (`AF_UNSPEC`) is that of a tun or tap device's.
    pub family: u16,
    /// Processor.
    pub cpu: u16,
    /// `skb->pkt_type`, a `PACKET_*` of `include/uapi/linux/if_packet.h`, if [`HAS_PKT_TYPE`].
    pub pkt_type: u16,
    /// [`LINK_HEADER`] and the others.
    pub flags: u16,
    /// Always zero: keeps the length a multiple of eight.
    pub reserved: [u16; 3],
}

/// What each processor counts. No counter is ever reset.
///
/// `seen = recorded + filtered + suppressed + lost`, and `nested` beside them.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counters {
    /// 1 while the program runs on this processor.
    pub busy: u64,
    /// Drops that the program looked at.
    pub seen: u64,
    /// Put into the ring.
    pub recorded: u64,
    /// Left out because a filter said so.
    pub filtered: u64,
    /// Left out because they are another process's private data: `AF_UNIX`, netlink, vsock and the like.
    pub suppressed: u64,
    /// The ring was full.
    pub lost: u64,
    /// Drops in an interrupt while the program ran. Kernels that keep a tracing program from entering itself count them
    /// in `recursion_misses` instead.
    pub nested: u64,
}

/// What drops are counted by where they could not be recorded.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Kind {
    /// As in [`Record`].
    pub location: u64,
    /// As in [`Record`].
    pub netns_cookie: u64,
    /// As in [`Record`]; 0 where the kernel gives none.
    pub reason: u32,
    /// As in [`Record`].
    pub netns: u32,
    /// As in [`Record`].
    pub ifindex: u32,
    /// Always zero: a hash key has no padding.
    pub reserved: u32,
}

/// An interface that the filter lets through. `ifindex` 0: every one of the namespace.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Wanted {
    /// Inode number of the network namespace.
    pub netns: u32,
    /// Interface index, or 0.
    pub ifindex: u32,
}

/// What the program needs to know before it is loaded. Handed over as a frozen global, so that the verifier knows each
/// value, takes an offset for a constant, and leaves out the branches that this kernel never takes.
///
/// Offsets are in bytes, [`ABSENT`] for a member that the kernel lacks.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Config {
    /// Arguments of the tracepoint `kfree_skb`: 2, 3 or 4.
    pub arguments: u32,
    /// Most bytes to capture of a frame, at most [`MAX_CAPTURE`].
    pub snaplen: u32,
    /// Bytes in the ring from which on the reader is woken; 0: at every record.
    pub wake: u32,
    /// 1: only interfaces in the map `WANTED`.
    pub filter: u32,
    /// 1: private payloads too.
    pub all: u32,
    /// The reason `SKB_UCOPY_FAULT`: a process's memory could not be copied; [`ABSENT`] where there is none.
    pub copy_fault: u32,
    /// `sk_buff.len`
    pub skb_len: u32,
    /// `sk_buff.head`
    pub skb_head: u32,
    /// `sk_buff.data`
    pub skb_data: u32,
    /// `sk_buff.tail`
    pub skb_tail: u32,
    /// `sk_buff.mac_header`
    pub skb_mac_header: u32,
    /// `sk_buff.network_header`
    pub skb_network_header: u32,
    /// `sk_buff.transport_header`
    pub skb_transport_header: u32,
    /// `sk_buff.protocol`
    pub skb_protocol: u32,
    /// The byte of `sk_buff.pkt_type`, a bit-field
    pub skb_pkt_type: u32,
    /// Where in that byte
    pub skb_pkt_type_shift: u32,
    /// Its bits, shifted down
    pub skb_pkt_type_mask: u32,
    /// `sk_buff.vlan_proto`
    pub skb_vlan_proto: u32,
    /// `sk_buff.vlan_tci`
    pub skb_vlan_tci: u32,
    /// The byte of `sk_buff.vlan_present`, a bit-field of older kernels
    pub skb_vlan_present: u32,
    /// Its bit in that byte, in place
    pub skb_vlan_present_mask: u32,
    /// `sk_buff.skb_iif`
    pub skb_iif: u32,
    /// `sk_buff.queue_mapping`
    pub skb_queue_mapping: u32,
    /// `sk_buff.dev`
    pub skb_dev: u32,
    /// `sk_buff.sk`
    pub skb_sk: u32,
    /// `sk_buff._skb_refdst`
    pub skb_refdst: u32,
    /// `net_device.ifindex`
    pub dev_ifindex: u32,
    /// `net_device.type`
    pub dev_type: u32,
    /// `net_device.name`
    pub dev_name: u32,
    /// `net_device.nd_net.net`
    pub dev_net: u32,
    /// `net.ns.inum`
    pub net_inum: u32,
    /// `net.net_cookie`
    pub net_cookie: u32,
    /// `dst_entry.dev`
    pub dst_dev: u32,
    /// `sock.__sk_common.skc_family`
    pub sock_family: u32,
    /// `sock.__sk_common.skc_net.net`
    pub sock_net: u32,
}

/// A tag that the stack took out of a frame, kept until the frame is dropped. See `kernel/vlan.rs`.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Untagged {
    /// `skb->head + skb->mac_header` after the tag was taken out.
    pub frame: u64,
    /// As in [`Record`].
    pub proto: u16,
    /// As in [`Record`].
    pub tci: u16,
    /// The interface that it came in by.
    pub ifindex: u32,
}

const _: () = {
    assert!(size_of::<Record>() == 88 && align_of::<Record>() == 8);
    assert!(size_of::<Counters>() == 56);
    assert!(size_of::<Kind>() == 32);
    assert!(size_of::<Wanted>() == 8);
    assert!(size_of::<Untagged>() == 16);
    assert!(size_of::<Config>() == 4 * 35);
};

#[cfg(not(target_arch = "bpf"))]
mod parse {
    use super::Record;

    /// Takes fixed-width integers off the front of a record.
    struct Fields<'a>(&'a [u8]);

    impl Fields<'_> {
        fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
            let (field, rest) = self.0.split_first_chunk()?;
            self.0 = rest;
            Some(*field)
        }
        fn u16(&mut self) -> Option<u16> {
            self.take().map(u16::from_ne_bytes)
        }
        fn u32(&mut self) -> Option<u32> {
            self.take().map(u32::from_ne_bytes)
        }
        fn u64(&mut self) -> Option<u64> {
            self.take().map(u64::from_ne_bytes)
        }
    }

    impl Record {
        /// Splits an item of the ring into the record and the captured bytes. `None`: it is shorter than it says.
        #[must_use]
        pub fn parse(item: &[u8]) -> Option<(Self, &[u8])> {
            let mut fields = Fields(item);
            let record = Self {
                time: fields.u64()?,
                location: fields.u64()?,
                netns_cookie: fields.u64()?,
                reason: fields.u32()?,
                len: fields.u32()?,
                captured: fields.u32()?,
                netns: fields.u32()?,
                ifindex: fields.u32()?,
                iif: fields.u32()?,
                name: fields.take()?,
                protocol: fields.u16()?,
                device_type: fields.u16()?,
                vlan_proto: fields.u16()?,
                vlan_tci: fields.u16()?,
                queue: fields.u16()?,
                family: fields.u16()?,
                cpu: fields.u16()?,
                pkt_type: fields.u16()?,
                flags: fields.u16()?,
                reserved: [fields.u16()?, fields.u16()?, fields.u16()?],
            };
            // The ring pads an item to eight bytes; the record says where the frame ends.
            let frame = fields.0.get(..record.captured as usize)?;
            Some((record, frame))
        }
    }
}
