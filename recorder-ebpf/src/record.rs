//! What the kernel half and the user half tell each other: the record of a drop, and the counters.
//!
//! All of it is `repr(C)`, made of fixed-width integers in the machine's byte order without padding, so that both
//! compilers lay it out alike; the assertions below hold them to it. The user half reads a record field by field from
//! bytes and never transmutes one.

/// The most bytes of a frame that a record itself carries; what is beyond goes the way of [`MAX_REST`]. A per-CPU value may
/// hold 32 KiB (`PCPU_MIN_UNIT_SIZE`), a 9000 byte frame has to fit, and every processor pays for it three times.
pub const MAX_CAPTURE: u32 = 16_384;

/// How many bytes are captured at least of what is [`UNJUDGED`], whatever the snaplen: headers that the user half judges by.
pub const JUDGED: u32 = 4096;

/// The most bytes from `skb->data` on that a sample of the perf buffers carries beside its number: a perf record is shorter
/// than 64 KiB (`perf_event_header.size`, `include/uapi/linux/perf_event.h`).
pub const MAX_REST: u32 = 65_504;

/// The most frames of a call stack that are kept: a packet's way from a process through the stack and up again has fifty.
pub const MAX_FRAMES: usize = 64;

/// Bytes of one program's samples after which the reader is woken: a quarter of the smallest buffer that it opens.
pub const REST_WAKE: u64 = 32 * 1024;

/// The program that is called for every drop, as the per-CPU maps count.
pub const FIRST: u32 = 0;
/// The one that records what the first missed, as it was at another drop on the same processor.
pub const SPARE: u32 = 1;

/// The one that is called for every packet that the hardware has trapped.
pub const TRAP: u32 = 2;
/// How many there are.
pub const PROGRAMS: u32 = 3;

/// Kinds that are counted where all drops are, or many are left out: about 1.5 MiB, and 24 bytes each for every processor.
/// Of as many it is known what they have come to, where each is recorded only so often.
pub const KINDS: u32 = 16_384;

/// The number of a program's sample, of as many as it has put into the perf buffer of a processor by then.
#[must_use]
pub const fn sample(program: u32, count: u64) -> u64 {
    count << 2 | program as u64
}

/// The program that a [`sample`] is of.
#[must_use]
pub const fn program_of(sample: u64) -> u32 {
    (sample & 3) as u32
}

/// Bytes that are kept of the name of a trap, and of its group's, with a zero at the end. The longest of all is of 34
/// (`include/net/devlink.h`, v7.2).
pub const TRAP_NAME: usize = 64;

/// `enum devlink_trap_type` (`include/uapi/linux/devlink.h`, v5.10): what the hardware was to forward, and could not.
pub const TRAP_EXCEPTION: u32 = 1;
/// What is the processor's own business.
pub const TRAP_CONTROL: u32 = 2;

/// Whether a place where packets are dropped is a trap of the hardware's: a fingerprint of its names, whose highest bit is
/// clear, which no address of the kernel's has.
#[must_use]
pub const fn is_trap(location: u64) -> bool {
    location >> 63 == 0
}

/// [`Record::kind`]: a drop.
pub const DROP: u32 = 1;
/// [`Owner::kind`]: an owner, and behind it the record of the drop.
pub const OWNED_DROP: u32 = 2;
/// [`Notice::kind`]: a module was loaded.
pub const MODULE: u32 = 3;
/// [`Met::kind`]: the first drop of its kind, where drops are only counted.
pub const MET: u32 = 4;

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
/// [`Record::flags`]: `inner_proto` and `inner_tci` hold a second tag that is not among the captured bytes.
pub const HAS_INNER_VLAN: u16 = 1 << 10;
/// [`Record::flags`]: `csum` was read.
pub const HAS_CSUM: u16 = 1 << 11;
/// [`Record::flags`]: the segments of `gso_size` are TCP's.
pub const TCP_SEGMENTS: u16 = 1 << 12;
/// [`Record::flags`]: a sample of the perf buffer has the bytes from `skb->data` on.
pub const HAS_REST: u16 = 1 << 13;

/// [`Record::flags`]: the kernel half could not tell whether a filter wants it.
pub const UNJUDGED: u16 = 1 << 14;

/// What every item of the ring begins with; alone: a module was loaded.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Notice {
    /// [`MODULE`], in its first place.
    pub kind: u32,
    /// How many modules were loaded since the programs were attached.
    pub modules: u32,
    /// As in [`Record`].
    pub time: u64,
}

/// An interface that the first drop of a [`Kind`] was at, where drops are only counted: it may be gone when they are read.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Met {
    /// [`MET`]
    pub kind: u32,
    /// As in [`Record`].
    pub netns: u32,
    /// As in [`Record`].
    pub netns_cookie: u64,
    /// As in [`Record`].
    pub name: [u8; 16],
    /// As in [`Record`].
    pub ifindex: u32,
    /// Always zero: keeps the length a multiple of eight.
    pub reserved: u32,
}

/// The socket that a dropped skb is of or for. Its [`Record`] follows.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Owner {
    /// [`OWNED_DROP`]
    pub kind: u32,
    /// `sk->sk_uid`, the user.
    pub uid: u32,
    /// Inode number of the socket; 0: no process has it any more, or ever had.
    pub inode: u64,
    /// `skb->destructor`: a function that tells whether the sender's socket or the receiver's is charged for the packet.
    pub destructor: u64,
    /// Process (thread group) that was sending on the socket just then; 0: not known.
    pub pid: u32,
    /// 1: the packet was being delivered to the socket, whatever the destructor says.
    pub is_receiver: u32,
    /// Its `comm`, zero-padded.
    pub comm: [u8; 16],
}

/// One dropped skb; its captured bytes follow it.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Record {
    /// [`DROP`]
    pub kind: u32,
    /// As in [`Notice`].
    pub modules: u32,
    /// When, in nanoseconds of `CLOCK_BOOTTIME`.
    pub time: u64,
    /// Address that the skb was dropped at: what `kfree_skb` would have returned to. Where the hardware did it, see [`is_trap`].
    pub location: u64,
    /// `net.net_cookie` of the network namespace: an inode number is another namespace's soon after its own is gone, a
    /// cookie never is. 0: the kernel gives none.
    pub netns_cookie: u64,
    /// The [`sample`] that the program had put into this processor's perf buffer last. It is this record's if [`HAS_REST`],
    /// and whatever came before it belongs to records of this program that were read or lost.
    pub rest: u64,
    /// The [`fingerprint`](crate::fingerprint) of the call stack, by which its addresses are in the map `STACKS`; 0: none was taken.
    pub stack: u64,
    /// `enum skb_drop_reason`, if [`HAS_REASON`]; of a trap its type.
    pub reason: u32,
    /// True length in bytes from the first captured byte on.
    pub len: u32,
    /// Bytes that follow this record.
    pub captured: u32,
    /// Where `skb->data` points to, in bytes from the first captured one.
    pub data: i32,
    /// Inode number of the network namespace; 0: unknown.
    pub netns: u32,
    /// Interface that dropped it, else the one that it came in by; 0: none.
    pub ifindex: u32,
    /// Interface that it came in by (`skb->skb_iif`); 0: none.
    pub iif: u32,
    /// `skb->mark`
    pub mark: u32,
    /// `skb->priority`
    pub priority: u32,
    /// `skb->hash`; 0: none was computed.
    pub hash: u32,
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
    /// EtherType of the tag in `inner_tci`, host order.
    pub inner_proto: u16,
    /// The tag behind it, where the stack took out two.
    pub inner_tci: u16,
    /// `skb->queue_mapping`.
    pub queue: u16,
    /// `sk->sk_family` of the socket, if [`HAS_SOCKET`]; 0 (`AF_UNSPEC`) is that of a tun or tap device's.
    pub family: u16,
    /// Processor.
    pub cpu: u16,
    /// `skb->pkt_type`, a `PACKET_*` of `include/uapi/linux/if_packet.h`, if [`HAS_PKT_TYPE`].
    pub pkt_type: u16,
    /// `skb_shared_info.gso_size`: bytes of payload in each segment that this is to become, or was made of; 0: it is one.
    pub gso_size: u16,
    /// `skb_shared_info.gso_segs`: how many; 0: not counted.
    pub gso_segs: u16,
    /// `skb->ip_summed`, a `CHECKSUM_*` of `include/linux/skbuff.h`, if [`HAS_CSUM`].
    pub csum: u16,
    /// [`LINK_HEADER`] and the others.
    pub flags: u16,
    /// Always zero: keeps the length a multiple of eight.
    pub reserved: [u16; 2],
}

/// What each program counts on each processor. No counter is ever reset.
///
/// `seen = recorded + filtered + suppressed + limited + lost`, and `nested` beside them.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counters {
    /// 1 while the program runs on this processor.
    pub busy: u64,
    /// Drops that the program looked at.
    pub seen: u64,
    /// Put into the ring or a lane; where nothing is, counted by kind.
    pub recorded: u64,
    /// Left out because a filter said so.
    pub filtered: u64,
    /// Left out because they are another process's private data: `AF_UNIX`, netlink, vsock and the like.
    pub suppressed: u64,
    /// Left out because there were more of its kind than are to be recorded.
    pub limited: u64,
    /// There was no room: the ring was full; where nothing goes into it, there were too many kinds.
    pub lost: u64,
    /// Drops while the program was at another. Kernels that keep a raw tracepoint's program from entering itself (since 6.1)
    /// count them in `recursion_misses` instead.
    pub nested: u64,
    /// Samples put into the perf buffer.
    pub rests: u64,
    /// Their bytes, without their numbers.
    pub rest_bytes: u64,
    /// Of the filtered, those that are noise.
    pub noise: u64,
    /// Of the recorded and the lost, those that were to be counted by kind, and were not: there were too many kinds.
    pub uncounted: u64,
}

/// What drops are counted by.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Kind {
    /// As in [`Record`].
    pub location: u64,
    /// As in [`Record`].
    pub netns_cookie: u64,
    /// As in [`Record`].
    pub stack: u64,
    /// As in [`Record`]; 0 where the kernel gives none.
    pub reason: u32,
    /// As in [`Record`].
    pub netns: u32,
    /// As in [`Record`].
    pub ifindex: u32,
    /// [`FIRST`], [`SPARE`] or [`TRAP`], which counted it: one may stand still while the other counts.
    pub program: u32,
    /// As in [`Record`]: what lies at an address may be another function after a module was loaded.
    pub modules: u32,
    /// Always zero: there is no padding.
    pub reserved: u32,
}

impl Kind {
    /// Of which kind a drop is that this program counts.
    #[inline(always)]
    #[must_use]
    pub const fn of(record: &Record, program: u32) -> Self {
        Self {
            location: record.location,
            netns_cookie: record.netns_cookie,
            stack: record.stack,
            reason: record.reason,
            netns: record.netns,
            ifindex: record.ifindex,
            program,
            modules: record.modules,
            reserved: 0,
        }
    }
}

/// How many drops of a [`Kind`] there were on a processor. No count is ever reset.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// That were to be recorded, if [`crate::config::Config::count`].
    pub drops: u64,
    /// That the ring had no room for.
    pub lost: u64,
    /// That were left out because there were more than are to be recorded.
    pub limited: u64,
}

/// What a trap of the hardware's is called, zero-padded. In words, of which its fingerprint is made.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Trap {
    /// `devlink_trap.name`
    pub name: [u64; TRAP_NAME / 8],
    /// `devlink_trap_group.name`
    pub group: [u64; TRAP_NAME / 8],
}

/// An interface that a filter names. `ifindex` 0: the namespace.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Wanted {
    /// Inode number of the network namespace.
    pub netns: u32,
    /// Interface index, or 0.
    pub ifindex: u32,
}

const _: () = {
    assert!(size_of::<Notice>() == 16);
    assert!(size_of::<Met>() == 40 && align_of::<Met>() == 8);
    assert!(size_of::<Owner>() == 48 && align_of::<Owner>() == 8);
    assert!(size_of::<Record>() == 136 && align_of::<Record>() == 8);
    assert!(size_of::<Counters>() == 96);
    assert!(size_of::<Wanted>() == 8);
    assert!(size_of::<Trap>() == 128);
    assert!(size_of::<Kind>() == 48);
    assert!(size_of::<Tally>() == 24);
};
