//! What a capturing program on an interface sees of its frames: the truth about what the kernel itself has built.

use std::{io, os::fd::AsRawFd as _, ptr};

use rustix::{
    fd::OwnedFd,
    net::{AddressFamily, SocketFlags, SocketType, netdevice, socket_with},
};

use crate::{Namespace, packet_socket::bind};

/// The longest that a frame of one packet can be: 64 KiB of IP and its link header.
const LONGEST: usize = 1 << 17;
/// Bytes of the two addresses that a frame begins with; a tag comes behind them.
const ADDRESSES: usize = 12;

/// A packet socket (packet(7)) that sees what an interface sends and receives.
#[derive(Debug)]
pub struct Sniffer {
    socket: OwnedFd,
}

impl Sniffer {
    /// Begins to look at an interface.
    #[must_use]
    pub fn open(namespace: &Namespace, interface: &str) -> Self {
        let open = || {
            let flags = SocketFlags::NONBLOCK | SocketFlags::CLOEXEC;
            let socket = socket_with(AddressFamily::PACKET, SocketType::RAW, flags, None)?;
            let index = netdevice::name_to_index(&socket, interface)?;
            set(&socket, libc::SOL_PACKET, libc::PACKET_AUXDATA, 1)?;
            set(&socket, libc::SOL_SOCKET, libc::SO_RCVBUFFORCE, 1 << 24)?;
            bind(&socket, index, libc::ETH_P_ALL as u16)?;
            Ok(socket)
        };
        let socket = namespace.enter(open).unwrap_or_else(|error: io::Error| {
            panic!("no sniffer on {}: {error}", namespace.label(interface))
        });
        Self { socket }
    }

    /// The frames that it has seen since it was last asked and that contain `part`, with the tag that the kernel keeps
    /// beside a frame put back into it. An interface such as `lo` shows each frame twice, as sent and as received.
    #[must_use]
    pub fn frames_with(&self, part: &[u8]) -> Vec<Vec<u8>> {
        let mut frames = Vec::new();
        while let Some(frame) = self.next() {
            if frame.windows(part.len()).any(|window| window == part) {
                frames.push(frame);
            }
        }
        frames
    }

    fn next(&self) -> Option<Vec<u8>> {
        let mut bytes = vec![0_u8; LONGEST];
        let mut control = [0_u64; 16];
        let mut part = libc::iovec {
            iov_base: bytes.as_mut_ptr().cast(),
            iov_len: bytes.len(),
        };
        // SAFETY: all zeros are a message header of nothing.
        let mut message: libc::msghdr = unsafe { std::mem::zeroed() };
        message.msg_iov = &raw mut part;
        message.msg_iovlen = 1;
        message.msg_control = control.as_mut_ptr().cast();
        message.msg_controllen = size_of_val(&control);
        // SAFETY: the header describes buffers that outlive the call.
        let had = unsafe { libc::recvmsg(self.socket.as_raw_fd(), &raw mut message, 0) };
        let Ok(had) = usize::try_from(had) else {
            let error = io::Error::last_os_error();
            assert_eq!(
                error.kind(),
                io::ErrorKind::WouldBlock,
                "a sniffer: {error}"
            );
            return None;
        };
        assert_eq!(message.msg_flags & libc::MSG_TRUNC, 0, "a frame is cut");
        bytes.truncate(had);
        if let Some(tag) = tag(&message) {
            bytes.splice(ADDRESSES..ADDRESSES, tag);
        }
        Some(bytes)
    }
}

/// The tag that is kept beside the frame (`tpacket_auxdata`, packet(7)), as it stands in one.
fn tag(message: &libc::msghdr) -> Option<[u8; 4]> {
    // SAFETY: `recvmsg` has filled the header in.
    let control = unsafe { libc::CMSG_FIRSTHDR(message).as_ref() }?;
    if (control.cmsg_level, control.cmsg_type) != (libc::SOL_PACKET, libc::PACKET_AUXDATA) {
        return None;
    }
    // SAFETY: the data of a control message of this type is this structure, whose place need not suit it.
    let data: libc::tpacket_auxdata =
        unsafe { ptr::read_unaligned(libc::CMSG_DATA(ptr::from_ref(control)).cast()) };
    if data.tp_status & libc::TP_STATUS_VLAN_VALID == 0 {
        return None;
    }
    let [p0, p1] = data.tp_vlan_tpid.to_be_bytes();
    let [t0, t1] = data.tp_vlan_tci.to_be_bytes();
    Some([p0, p1, t0, t1])
}

/// Sets an option of a socket that is a number.
pub(crate) fn set(
    socket: &OwnedFd,
    level: libc::c_int,
    option: libc::c_int,
    value: libc::c_int,
) -> io::Result<()> {
    // SAFETY: a number that outlives the call, and its size.
    let set = unsafe {
        libc::setsockopt(
            socket.as_raw_fd(),
            level,
            option,
            ptr::from_ref(&value).cast(),
            size_of_val(&value) as libc::socklen_t,
        )
    };
    if set < 0 {
        return Err(io::Error::last_os_error());
    }
    Ok(())
}
