//! What the user half tells the kernel half before it is loaded: what is asked, and where the running kernel keeps things.
//!
//! Laid out as [`crate::record`] is.

use core::{mem::offset_of, slice::from_raw_parts};

/// An offset, in [`Config`], of a member that the running kernel does not have.
pub const ABSENT: u32 = u32::MAX;

/// A bit-field within one byte.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bits {
    /// Offset of the byte, or [`ABSENT`].
    pub byte: u32,
    /// Its lowest bit in the byte.
    pub shift: u32,
    /// Its bits, shifted down.
    pub mask: u32,
}

impl Bits {
    /// A bit-field that the kernel does not have.
    pub const ABSENT: Self = Self {
        byte: ABSENT,
        shift: 0,
        mask: 0,
    };
}

/// What the program needs to know before it is loaded. Handed over as a frozen global, so that the verifier knows each
/// value, takes an offset for a constant, and leaves out the branches that this kernel never takes.
///
/// Offsets are in bytes, [`ABSENT`] for a member that the kernel lacks. Where the verifier knows what is read, they are in the
/// instructions themselves ([`crate::member`]).
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Config {
    /// Arguments of the tracepoint `kfree_skb`: 2, 3 or 4.
    pub arguments: u32,
    /// Most bytes to capture of a frame; what is beyond [`crate::record::MAX_CAPTURE`] goes the way of [`crate::record::MAX_REST`].
    pub snaplen: u32,
    /// Bytes in the ring from which on the reader is woken; 0: at every record.
    pub wake: u32,
    /// Bits of a position that are its place in a [`crate::lane::Lane`]: its bytes less eight; 0: there are no lanes.
    pub lane_mask: u32,
    /// Bytes that wait in a lane from which on it may have no room for another record; 0: there are no lanes.
    pub lane_full: u32,
    /// What filters ask: [`crate::filter::ask`].
    pub filter: u32,
    /// 1: private payloads too.
    pub all: u32,
    /// Bytes of a frame that the program of the expression may ask for, at least 1; 0: there is none.
    pub expression: u32,
    /// 1: each drop that is to be recorded is counted by its kind.
    pub count: u32,
    /// 1: it goes into the ring, too.
    pub emit: u32,
    /// Records of each kind in a second at most; 0: as many as there are.
    pub rate: u32,
    /// Of so many drops of each kind one is recorded; 0: each.
    pub sample: u32,
    /// The reason `SKB_UCOPY_FAULT`: a process's memory could not be copied; [`ABSENT`] where there is none.
    pub copy_fault: u32,
    /// 1: call stacks are taken.
    pub stack: u32,
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
    /// `sk_buff.pkt_type`
    pub skb_pkt_type: Bits,
    /// `sk_buff.vlan_proto`
    pub skb_vlan_proto: u32,
    /// `sk_buff.vlan_tci`
    pub skb_vlan_tci: u32,
    /// `sk_buff.vlan_present`, of older kernels
    pub skb_vlan_present: Bits,
    /// `sk_buff.skb_iif`
    pub skb_iif: u32,
    /// `sk_buff.queue_mapping`
    pub skb_queue_mapping: u32,
    /// `sk_buff.mark`
    pub skb_mark: u32,
    /// `sk_buff.priority`
    pub skb_priority: u32,
    /// `sk_buff.hash`
    pub skb_hash: u32,
    /// `sk_buff.ip_summed`
    pub skb_ip_summed: Bits,
    /// `sk_buff.unreadable`
    pub skb_unreadable: Bits,
    /// `sk_buff.end`
    pub skb_end: u32,
    /// `skb_shared_info.gso_size`
    pub shared_gso_size: u32,
    /// `skb_shared_info.gso_type`
    pub shared_gso_type: u32,
    /// `skb_shared_info.gso_segs`
    pub shared_gso_segs: u32,
    /// Number of the kernel function that [casts](crate::cast); [`ABSENT`]: nothing can be cast
    pub cast: u32,
    /// Number of the type `skb_shared_info`, to cast to
    pub shared_type: u32,
    /// Number of the type `pt_regs`, to cast to
    pub words_type: u32,
    /// `sk_buff.dev`
    pub skb_dev: u32,
    /// `sk_buff.sk`
    pub skb_sk: u32,
    /// `sk_buff.destructor`
    pub skb_destructor: u32,
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
    /// `sock.__sk_common.skc_state`
    pub sock_state: u32,
    /// `sock.sk_uid`
    pub sock_uid: u32,
    /// `sock.sk_kern_sock`
    pub sock_kern: Bits,
    /// `sock.sk_socket`
    pub sock_socket: u32,
    /// `socket_alloc.vfs_inode.i_ino`, from `socket_alloc.socket` on
    pub socket_inode: u32,
    /// `task_struct.stack`
    pub task_stack: u32,
    /// `task_struct.files`
    pub task_files: u32,
    /// Where a task's `pt_regs` are, from `task_struct.stack` on; 0: the helper `bpf_task_pt_regs` tells (since 5.15)
    pub task_regs: u32,
    /// The register of a system call's first argument in `pt_regs`
    pub regs_argument: u32,
    /// The number of the system call in `pt_regs`, negative outside of one
    pub regs_syscall: u32,
    /// `files_struct.fdt`
    pub files_fdt: u32,
    /// `fdtable.max_fds`
    pub fdt_max_fds: u32,
    /// `fdtable.fd`
    pub fdt_fd: u32,
    /// `file.private_data`
    pub file_private_data: u32,
    /// `devlink_trap_metadata.trap_name`; [`ABSENT`]: the kernel reports no traps
    pub trap_name: u32,
    /// `devlink_trap_metadata.trap_group_name`
    pub trap_group: u32,
    /// `devlink_trap_metadata.input_dev`
    pub trap_input_dev: u32,
    /// `devlink_trap_metadata.trap_type`
    pub trap_type: u32,
}

impl Config {
    /// Its values, in their order.
    #[must_use]
    pub fn values(&self) -> &[u32] {
        let (first, count) = (
            (&raw const *self).cast(),
            size_of::<Self>() / size_of::<u32>(),
        );
        // SAFETY: it is made of such integers alone.
        unsafe { from_raw_parts(first, count) }
    }
}

const _: () = assert!(size_of::<Config>() == 4 * 81 && offset_of!(Bits, byte) == 0);
