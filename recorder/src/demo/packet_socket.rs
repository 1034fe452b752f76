//! Sends whole frames, link header and all, out of one interface, as packet(7) lets root do.
//!
//! It never receives: a socket of protocol 0 is handed no packets, and so keeps none from being dropped.

use std::ptr;

use anyhow::{Context, Result, ensure};
use rustix::fd::OwnedFd;
use rustix::net::addr::{SocketAddrArg, SocketAddrLen, SocketAddrOpaque};
use rustix::net::{AddressFamily, SendFlags, SocketFlags, SocketType, netdevice};

/// A packet socket bound to one interface.
pub(crate) struct PacketSocket {
    socket: OwnedFd,
}

impl PacketSocket {
    /// Opens a socket in the calling thread's namespace and binds it to the interface `name`.
    pub(crate) fn open(name: &str) -> Result<Self> {
        let socket = rustix::net::socket_with(
            AddressFamily::PACKET,
            SocketType::RAW,
            SocketFlags::CLOEXEC,
            None,
        )
        .context("cannot open a packet socket: run it as root, or with CAP_NET_RAW, on a kernel with CONFIG_PACKET")?;
        let index = netdevice::name_to_index(&socket, name)
            .with_context(|| format!("the demo's interface {name} is gone"))?;
        rustix::net::bind(&socket, &LinkLayerAddress::of_interface(index))
            .with_context(|| format!("cannot bind a packet socket to the demo's {name}"))?;
        Ok(Self { socket })
    }

    /// Sends one frame, which begins with its Ethernet header.
    pub(crate) fn send(&self, frame: &[u8]) -> Result<()> {
        let sent = rustix::net::send(&self.socket, frame, SendFlags::empty())
            .context("cannot send a frame inside the demo's namespaces")?;
        ensure!(
            sent == frame.len(),
            "only {sent} of {} bytes of a frame were sent",
            frame.len()
        );
        Ok(())
    }
}

/// `struct sockaddr_ll` of `include/uapi/linux/if_packet.h` (v6.18).
#[repr(C)]
struct LinkLayerAddress {
    family: u16,
    protocol: u16,
    interface_index: i32,
    hardware_type: u16,
    packet_type: u8,
    address_length: u8,
    address: [u8; 8],
}

const _: () = assert!(size_of::<LinkLayerAddress>() == 20);

impl LinkLayerAddress {
    /// Enough to bind a socket to an interface without receiving from it.
    fn of_interface(index: u32) -> Self {
        Self {
            family: AddressFamily::PACKET.as_raw(),
            protocol: 0,
            interface_index: index.cast_signed(),
            hardware_type: 0,
            packet_type: 0,
            address_length: 0,
            address: [0; 8],
        }
    }
}

// SAFETY: `f` gets a pointer to a live `sockaddr_ll`, whose layout is asserted above, and its size.
unsafe impl SocketAddrArg for LinkLayerAddress {
    unsafe fn with_sockaddr<R>(
        &self,
        f: impl FnOnce(*const SocketAddrOpaque, SocketAddrLen) -> R,
    ) -> R {
        f(
            ptr::from_ref(self).cast(),
            size_of::<Self>() as SocketAddrLen,
        )
    }
}
