//! Whose a packet is: the user and the inode of its socket, and the process that is sending on it at this very moment.

use aya_ebpf::helpers::{
    bpf_get_current_comm, bpf_get_current_pid_tgid,
    generated::{bpf_get_current_task, bpf_get_current_task_btf, bpf_task_pt_regs},
};
use droprec_ebpf::{
    config::ABSENT,
    record::{HAS_SOCKET, INCOMING, OWNED_DROP, Owner, Record},
};

use super::{
    config::config,
    skb::{AF_UNSPEC, Socket, probe},
};

/// States in which a `struct sock` is only the beginning of one (`include/net/tcp_states.h`).
const TCP_TIME_WAIT: u8 = 6;
const TCP_NEW_SYN_RECV: u8 = 12;

/// Fills the owner in. False: there is no socket, or it tells of none.
#[inline(always)]
pub(crate) fn find(socket: &Socket, record: &Record, owner: &mut Owner) -> bool {
    // A tun device's has no inode, and older kernels take its user from where one would be.
    record.flags & HAS_SOCKET != 0 && record.family != AF_UNSPEC && read(socket, record, owner)
}

/// Fills the owner in, of a socket.
#[inline(never)]
fn read(socket: &Socket, record: &Record, owner: &mut Owner) -> bool {
    if config(|c| &c.sock_uid) == ABSENT || config(|c| &c.sock_state) == ABSENT {
        return false;
    }
    let state: u8 = probe(socket.address, config(|c| &c.sock_state));
    if state == TCP_TIME_WAIT || state == TCP_NEW_SYN_RECV || is_kernels(socket.address) {
        return false;
    }
    owner.kind = OWNED_DROP;
    owner.destructor = socket.destructor;
    owner.is_receiver = socket.is_receiver.into();
    owner.uid = probe(socket.address, config(|c| &c.sock_uid));
    let end: u64 = probe(socket.address, config(|c| &c.sock_socket));
    owner.inode = probe(end, config(|c| &c.socket_inode));
    owner.pid = 0;
    owner.comm = [0; 16];
    // What a socket receives was sent by another.
    let is_sent = !socket.is_receiver && record.iif == 0 && record.flags & INCOMING == 0;
    if is_sent && end != 0 && is_in_system_call_on(end) {
        owner.pid = (bpf_get_current_pid_tgid() >> 32) as u32;
        if let Ok(comm) = bpf_get_current_comm() {
            owner.comm = comm;
        }
    }
    true
}

/// Whether the kernel itself has made the socket, for its own messages.
#[inline(always)]
fn is_kernels(sock: u64) -> bool {
    let byte: u8 = probe(sock, config(|c| &c.sock_kern.byte));
    (u32::from(byte) >> config(|c| &c.sock_kern.shift)) & config(|c| &c.sock_kern.mask) != 0
}

/// Whether the current task is in a system call whose first argument is a descriptor of this `struct socket`: `sendto`,
/// `write`, `sendfile` and the like. The task that an interrupt came upon, or that sends out what another has queued, is
/// in one on something else.
#[inline(always)]
fn is_in_system_call_on(socket: u64) -> bool {
    if config(|c| &c.task_regs) == ABSENT || config(|c| &c.fdt_fd) == ABSENT {
        return false;
    }
    // SAFETY: a helper without arguments.
    let task = unsafe { bpf_get_current_task() };
    let regs = registers(task);
    let number: i32 = probe(regs, config(|c| &c.regs_syscall));
    if regs == 0 || number < 0 {
        return false;
    }
    let descriptor: u32 = probe(regs, config(|c| &c.regs_argument));
    let files: u64 = probe(task, config(|c| &c.task_files));
    let table: u64 = probe(files, config(|c| &c.files_fdt));
    let entries: u32 = probe(table, config(|c| &c.fdt_max_fds));
    if descriptor >= entries {
        return false;
    }
    let entries: u64 = probe(table, config(|c| &c.fdt_fd));
    if entries == 0 {
        return false;
    }
    let file: u64 = probe(entries + u64::from(descriptor) * 8, 0);
    let of_file: u64 = probe(file, config(|c| &c.file_private_data));
    of_file == socket
}

/// Where the current task's registers were put when it entered the kernel.
#[inline(always)]
fn registers(task: u64) -> u64 {
    let offset = config(|c| &c.task_regs);
    if offset == 0 {
        // SAFETY: helpers that take nothing, and what the one before gave.
        return unsafe { bpf_task_pt_regs(bpf_get_current_task_btf()) } as u64;
    }
    let stack: u64 = probe(task, config(|c| &c.task_stack));
    if stack == 0 {
        return 0;
    }
    stack + u64::from(offset)
}
