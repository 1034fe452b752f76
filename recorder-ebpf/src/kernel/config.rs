//! The configuration, read so that the verifier sees each value and the compiler does not.

use core::ptr::read_volatile;

use droprec_ebpf::config::{ABSENT, Bits, Config};

/// The user half writes it before the program is loaded, and the kernel freezes it.
#[unsafe(no_mangle)]
static CONFIG: Config = Config {
    arguments: 2,
    snaplen: 0,
    wake: 0,
    lane_mask: 0,
    lane_full: 0,
    filter: 0,
    all: 0,
    expression: 0,
    count: 0,
    emit: 1,
    rate: 0,
    sample: 0,
    copy_fault: ABSENT,
    stack: 0,
    skb_len: ABSENT,
    skb_head: ABSENT,
    skb_data: ABSENT,
    skb_tail: ABSENT,
    skb_mac_header: ABSENT,
    skb_network_header: ABSENT,
    skb_transport_header: ABSENT,
    skb_protocol: ABSENT,
    skb_pkt_type: Bits::ABSENT,
    skb_vlan_proto: ABSENT,
    skb_vlan_tci: ABSENT,
    skb_vlan_present: Bits::ABSENT,
    skb_iif: ABSENT,
    skb_queue_mapping: ABSENT,
    skb_mark: ABSENT,
    skb_priority: ABSENT,
    skb_hash: ABSENT,
    skb_ip_summed: Bits::ABSENT,
    skb_unreadable: Bits::ABSENT,
    skb_end: ABSENT,
    shared_gso_size: ABSENT,
    shared_gso_type: ABSENT,
    shared_gso_segs: ABSENT,
    cast: ABSENT,
    shared_type: ABSENT,
    words_type: ABSENT,
    skb_dev: ABSENT,
    skb_sk: ABSENT,
    skb_destructor: ABSENT,
    skb_refdst: ABSENT,
    dev_ifindex: ABSENT,
    dev_type: ABSENT,
    dev_name: ABSENT,
    dev_net: ABSENT,
    net_inum: ABSENT,
    net_cookie: ABSENT,
    dst_dev: ABSENT,
    sock_family: ABSENT,
    sock_net: ABSENT,
    sock_state: ABSENT,
    sock_uid: ABSENT,
    sock_kern: Bits::ABSENT,
    sock_socket: ABSENT,
    socket_inode: ABSENT,
    task_stack: ABSENT,
    task_files: ABSENT,
    task_regs: ABSENT,
    regs_argument: ABSENT,
    regs_syscall: ABSENT,
    files_fdt: ABSENT,
    fdt_max_fds: ABSENT,
    fdt_fd: ABSENT,
    file_private_data: ABSENT,
    trap_name: ABSENT,
    trap_group: ABSENT,
    trap_input_dev: ABSENT,
    trap_type: ABSENT,
};

/// The value at an offset in bytes.
#[inline(always)]
pub(crate) fn value(at: usize) -> u32 {
    const { assert!(size_of::<Config>().is_multiple_of(size_of::<u32>())) };
    // SAFETY: the place of a value, as [`super::skb::Member`] has it. Volatile, as below.
    unsafe { read_volatile((&raw const CONFIG).byte_add(at).cast()) }
}

/// One value of the configuration.
#[inline(always)]
pub(crate) fn config(field: impl FnOnce(&'static Config) -> &'static u32) -> u32 {
    // SAFETY: a reference to a member of a static. Volatile, because what was compiled in is not what is there at run
    // time.
    unsafe { read_volatile(field(&CONFIG)) }
}
