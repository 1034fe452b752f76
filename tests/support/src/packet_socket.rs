//! A packet socket as a capturing program has it (packet(7)), which reads nothing of what it is given.

use std::{io, os::fd::AsRawFd as _, ptr};

use rustix::{
    fd::OwnedFd,
    net::{
        AddressFamily, SendFlags, SocketFlags, SocketType, netdevice, send, socket_with, sockopt,
    },
};

use crate::until;

/// A socket that is given the frames of one `EtherType` that an interface receives, whole, and can send out of it.
#[derive(Debug)]
pub struct PacketSocket {
    socket: OwnedFd,
}

impl PacketSocket {
    /// A socket of the calling thread's namespace.
    #[must_use]
    pub fn here(interface: &str, ethertype: u16) -> Self {
        let socket = socket_with(
            AddressFamily::PACKET,
            SocketType::RAW,
            SocketFlags::CLOEXEC,
            None,
        );
        let socket = socket.unwrap_or_else(|error| panic!("no packet socket: {error}"));
        let index = netdevice::name_to_index(&socket, interface)
            .unwrap_or_else(|error| panic!("no interface {interface}: {error}"));
        bind(&socket, index, ethertype)
            .unwrap_or_else(|error| panic!("a packet socket is not bound to {interface}: {error}"));
        Self { socket }
    }

    /// Lets no more wait in it than the kernel insists on: a packet or a few.
    pub fn keep_little(&self) {
        let set = sockopt::set_socket_recv_buffer_size(&self.socket, 1);
        assert_eq!(set, Ok(()), "a packet socket keeps its buffer");
    }

    /// Waits until so many packets have come to it since this was last asked.
    pub fn wait_for(&self, count: u32) {
        let mut come = 0;
        let all = until(|| {
            come += self.statistics().tp_packets;
            (come >= count).then_some(())
        });
        assert!(all.is_some(), "{come} of {count} packets came");
    }

    /// What has come to it since this was last asked.
    fn statistics(&self) -> libc::tpacket_stats {
        let mut statistics = libc::tpacket_stats {
            tp_packets: 0,
            tp_drops: 0,
        };
        let mut size = size_of_val(&statistics) as libc::socklen_t;
        // SAFETY: a `tpacket_stats` and its size, which outlive the call.
        let got = unsafe {
            libc::getsockopt(
                self.socket.as_raw_fd(),
                libc::SOL_PACKET,
                libc::PACKET_STATISTICS,
                ptr::from_mut(&mut statistics).cast(),
                &raw mut size,
            )
        };
        assert_eq!(got, 0, "no statistics: {}", io::Error::last_os_error());
        statistics
    }

    /// Has what comes from now on written to a ring of two frames; what waits is thrown away.
    pub fn set_ring(&self) {
        let ring = libc::tpacket_req {
            tp_block_size: 4096,
            tp_block_nr: 1,
            tp_frame_size: 2048,
            tp_frame_nr: 2,
        };
        // SAFETY: a `tpacket_req` that outlives the call, and its size.
        let set = unsafe {
            libc::setsockopt(
                self.socket.as_raw_fd(),
                libc::SOL_PACKET,
                libc::PACKET_RX_RING,
                ptr::from_ref(&ring).cast(),
                size_of_val(&ring) as libc::socklen_t,
            )
        };
        assert_eq!(set, 0, "no ring: {}", io::Error::last_os_error());
    }

    /// Sends a frame, which begins with its Ethernet header.
    pub fn send(&self, frame: &[u8]) -> rustix::io::Result<usize> {
        send(&self.socket, frame, SendFlags::empty())
    }
}

/// Binds a packet socket to an interface, and to what it is to see there; 0: nothing.
pub(crate) fn bind(socket: &OwnedFd, index: u32, ether_type: u16) -> io::Result<()> {
    let address = libc::sockaddr_ll {
        sll_family: libc::AF_PACKET as libc::c_ushort,
        sll_protocol: ether_type.to_be(),
        sll_ifindex: index.cast_signed(),
        sll_hatype: 0,
        sll_pkttype: 0,
        sll_halen: 0,
        sll_addr: [0; 8],
    };
    // SAFETY: a `sockaddr_ll` that outlives the call, and its size.
    let bound = unsafe {
        libc::bind(
            socket.as_raw_fd(),
            ptr::from_ref(&address).cast(),
            size_of_val(&address) as libc::socklen_t,
        )
    };
    if bound < 0 {
        return Err(io::Error::last_os_error());
    }
    Ok(())
}
