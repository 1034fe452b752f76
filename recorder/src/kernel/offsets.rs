//! Where the running kernel keeps what the kernel half reads: fills in its configuration from BTF.

use droprec_ebpf::config::{ABSENT, Bits, Config};

use super::btf::{Btf, Member, TypeId};

/// What is kept of a drop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    /// It goes through the ring.
    Packets,
    /// It is counted by its kind, and nothing else.
    Counts,
    /// Both.
    PacketsAndCounts,
}

/// What of the configuration the user decides.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// Most bytes to capture of a frame.
    pub snaplen: u32,
    /// Bytes in the ring from which on the reader is woken; 0: at every record.
    pub wake: u32,
    /// What filters ask: `droprec_ebpf::filter::ask`.
    pub filter: u32,
    /// Private payloads too.
    pub all: bool,
    /// What is kept of a drop.
    pub kept: Kept,
    /// The reason for what could not be copied from a process's memory, if the kernel gives one.
    pub copy_fault: Option<u32>,
    /// Call stacks too.
    pub stack: bool,
    /// Records of each kind in a second at most; 0: as many as there are.
    pub rate: u32,
    /// Of so many drops of each kind one is recorded; 0: each.
    pub sample: u32,
}

/// This kernel cannot be recorded.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum OffsetsError {
    /// The tracepoint is not in BTF.
    #[error("the kernel's BTF has no tracepoint kfree_skb")]
    NoTracepoint,
    /// It has not the arguments that it had in every kernel from 5.8 to 7.3.
    #[error("the tracepoint kfree_skb has {0} arguments where 2 to 4 are known")]
    Arguments(usize),
    /// Without this member no frame can be found.
    #[error("the kernel's {0} is not where it was up to Linux 7.3")]
    Member(&'static str),
}

/// The arguments of `kfree_skb`: 2 up to Linux 5.16, 3 with the reason, 4 with the socket; distributions carry them back.
pub fn arguments(btf: &Btf) -> Result<Vec<TypeId>, OffsetsError> {
    let arguments = btf
        .tracepoint("kfree_skb")
        .ok_or(OffsetsError::NoTracepoint)?;
    if !(2..=4).contains(&arguments.len()) {
        return Err(OffsetsError::Arguments(arguments.len()));
    }
    Ok(arguments)
}

fn bytes(member: Option<Member>) -> u32 {
    member
        .filter(|member| member.bit_width == 0)
        .map_or(ABSENT, |member| member.bit_offset / 8)
}

fn bits(member: Option<Member>) -> Bits {
    match member {
        Some(Member {
            bit_offset,
            bit_width,
            ..
        }) if (1..=8).contains(&bit_width) && bit_offset % 8 + bit_width <= 8 => Bits {
            byte: bit_offset / 8,
            shift: bit_offset % 8,
            mask: (1 << bit_width) - 1,
        },
        _ => Bits::ABSENT,
    }
}

/// `THREAD_SIZE` of x86-64 (`arch/x86/include/asm/page_64_types.h`), but for kernels that are built to be debugged.
const THREAD_SIZE: u32 = 16_384;

/// Where a task's registers are, from the beginning of its stack on; 0: the kernel has a helper that tells (since 5.15).
fn task_regs(btf: &Btf, regs: Option<TypeId>) -> u32 {
    let helpers = btf.enumerators("bpf_func_id").unwrap_or_default();
    if helpers
        .iter()
        .any(|(name, _)| *name == "BPF_FUNC_task_pt_regs")
    {
        return 0;
    }
    // Before, they end where the stack of x86-64 does (`task_pt_regs`, `arch/x86/include/asm/processor.h`, v5.14).
    let is_x86 = regs.is_some_and(|regs| btf.member(regs, "orig_ax").is_some());
    let size = regs.and_then(|regs| btf.size_of(regs)).filter(|_| is_x86);
    size.and_then(|size| THREAD_SIZE.checked_sub(size))
        .unwrap_or(ABSENT)
}

/// The configuration for the kernel that `btf` describes.
#[expect(clippy::too_many_lines, reason = "a line for each member")]
pub fn config(btf: &Btf, settings: Settings) -> Result<Config, OffsetsError> {
    let arguments = arguments(btf)?;
    let skb = btf
        .pointee(arguments[0])
        .ok_or(OffsetsError::Member("sk_buff"))?;
    let skb_member = |name| btf.member(skb, name);
    let target = |name| btf.pointee(skb_member(name)?.type_id);
    let within = |structure: Option<TypeId>, path| {
        bytes(structure.and_then(|structure| btf.member(structure, path)))
    };

    let dev = target("dev");
    let net = dev.and_then(|dev| btf.pointee(btf.member(dev, "nd_net.net")?.type_id));
    let sock = target("sk");
    let shared = btf.structure("skb_shared_info");
    let socket = btf.structure("socket_alloc");
    let task = btf.structure("task_struct");
    let regs = btf.structure("pt_regs");
    let table = btf.structure("fdtable");
    // Since 5.10, where the kernel has devlink.
    let trap = btf
        .tracepoint("devlink_trap_report")
        .and_then(|arguments| btf.pointee(*arguments.get(2)?));
    // x86-64's name, then ARM64's.
    let register = |names: [&'static str; 2]| {
        let offsets = names.map(|name| within(regs, name));
        offsets.into_iter().find(|offset| *offset != ABSENT)
    };
    let config = Config {
        arguments: arguments.len() as u32,
        snaplen: settings.snaplen,
        wake: settings.wake,
        lane_mask: 0,
        lane_full: 0,
        filter: settings.filter,
        all: settings.all.into(),
        expression: 0,
        count: (settings.kept != Kept::Packets).into(),
        rate: settings.rate,
        sample: settings.sample,
        emit: (settings.kept != Kept::Counts).into(),
        copy_fault: settings.copy_fault.unwrap_or(ABSENT),
        stack: settings.stack.into(),
        skb_len: bytes(skb_member("len")),
        skb_head: bytes(skb_member("head")),
        skb_data: bytes(skb_member("data")),
        skb_tail: bytes(skb_member("tail")),
        skb_mac_header: bytes(skb_member("mac_header")),
        skb_network_header: bytes(skb_member("network_header")),
        skb_transport_header: bytes(skb_member("transport_header")),
        skb_protocol: bytes(skb_member("protocol")),
        skb_pkt_type: bits(skb_member("pkt_type")),
        skb_vlan_proto: bytes(skb_member("vlan_proto")),
        skb_vlan_tci: bytes(skb_member("vlan_tci")),
        skb_vlan_present: bits(skb_member("vlan_present")),
        skb_iif: bytes(skb_member("skb_iif")),
        skb_queue_mapping: bytes(skb_member("queue_mapping")),
        skb_mark: bytes(skb_member("mark")),
        skb_priority: bytes(skb_member("priority")),
        skb_hash: bytes(skb_member("hash")),
        skb_ip_summed: bits(skb_member("ip_summed")),
        skb_unreadable: bits(skb_member("unreadable")),
        skb_end: bytes(skb_member("end")),
        shared_gso_size: within(shared, "gso_size"),
        shared_gso_type: within(shared, "gso_type"),
        shared_gso_segs: within(shared, "gso_segs"),
        cast: shared
            .and(regs)
            .and_then(|_| btf.function("bpf_rdonly_cast"))
            .unwrap_or(ABSENT),
        shared_type: shared.unwrap_or(ABSENT),
        words_type: regs.unwrap_or(ABSENT),
        skb_dev: bytes(skb_member("dev")),
        skb_sk: bytes(skb_member("sk")),
        skb_destructor: bytes(skb_member("destructor")),
        skb_refdst: bytes(skb_member("_skb_refdst")),
        dev_ifindex: within(dev, "ifindex"),
        dev_type: within(dev, "type"),
        dev_name: within(dev, "name"),
        dev_net: within(dev, "nd_net.net"),
        net_inum: within(net, "ns.inum"),
        net_cookie: within(net, "net_cookie"),
        dst_dev: within(btf.structure("dst_entry"), "dev"),
        sock_family: within(sock, "__sk_common.skc_family"),
        sock_net: within(sock, "__sk_common.skc_net.net"),
        sock_state: within(sock, "__sk_common.skc_state"),
        sock_uid: within(sock, "sk_uid"),
        sock_kern: bits(sock.and_then(|sock| btf.member(sock, "sk_kern_sock"))),
        sock_socket: within(sock, "sk_socket"),
        socket_inode: within(socket, "vfs_inode.i_ino"),
        task_stack: within(task, "stack"),
        task_files: within(task, "files"),
        task_regs: task_regs(btf, regs),
        regs_argument: register(["di", "orig_x0"]).unwrap_or(ABSENT),
        regs_syscall: register(["orig_ax", "syscallno"]).unwrap_or(ABSENT),
        files_fdt: within(btf.structure("files_struct"), "fdt"),
        fdt_max_fds: within(table, "max_fds"),
        fdt_fd: within(table, "fd"),
        file_private_data: within(btf.structure("file"), "private_data"),
        trap_name: within(trap, "trap_name"),
        trap_group: within(trap, "trap_group_name"),
        trap_input_dev: within(trap, "input_dev"),
        trap_type: within(trap, "trap_type"),
    };
    // Without these the frame cannot be found; whatever else is missing is missing from the record.
    for (offset, name) in [
        (config.skb_len, "sk_buff.len"),
        (config.skb_head, "sk_buff.head"),
        (config.skb_data, "sk_buff.data"),
        (config.skb_tail, "sk_buff.tail"),
        (config.skb_mac_header, "sk_buff.mac_header"),
        (config.skb_network_header, "sk_buff.network_header"),
    ] {
        if offset == ABSENT {
            return Err(OffsetsError::Member(name));
        }
    }
    Ok(config)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::btf::builder::Builder;

    /// `BTF_KIND_STRUCT`
    const STRUCT: u32 = 4;

    #[test]
    fn registers_that_no_stack_has_room_for_are_nowhere() {
        for (size, expected) in [(168, THREAD_SIZE - 168), (THREAD_SIZE + 1, ABSENT)] {
            let mut builder = Builder::new();
            let name = builder.name("orig_ax");
            let regs = builder.entry(STRUCT, "pt_regs", 1, size, &[name, 0, 960]);
            assert_eq!(task_regs(&builder.btf(), Some(regs)), expected);
        }
    }
}
