//! Sends whole frames out of an interface, as packet(7) lets root do.

use std::ptr;

use rustix::{
    fd::OwnedFd,
    net::{
        AddressFamily, SendFlags, SocketType,
        addr::{SocketAddrArg, SocketAddrLen, SocketAddrOpaque},
        bind, netdevice, send, socket,
    },
};

use crate::Namespace;

/// A packet socket bound to one interface. It receives nothing, and so keeps no packet from being dropped.
#[derive(Debug)]
pub struct FrameSocket {
    socket: OwnedFd,
}

impl FrameSocket {
    /// A socket that sends out of `interface`.
    #[must_use]
    pub fn open(namespace: &Namespace, interface: &str) -> Self {
        let open = || -> rustix::io::Result<OwnedFd> {
            let socket = socket(AddressFamily::PACKET, SocketType::RAW, None)?;
            let index = netdevice::name_to_index(&socket, interface)?;
            bind(&socket, &LinkLayerAddress::of_interface(index))?;
            Ok(socket)
        };
        let socket = namespace.enter(open).unwrap_or_else(|error| {
            panic!(
                "no packet socket on {}: {error}",
                namespace.label(interface)
            )
        });
        Self { socket }
    }

    /// Sends a frame, which begins with its Ethernet header. Unless the machine is flooded it has been received when this
    /// returns.
    pub fn send(&self, frame: &[u8]) {
        let sent = send(&self.socket, frame, SendFlags::empty());
        assert_eq!(sent, Ok(frame.len()), "a frame was not sent whole");
    }

    /// Sends a frame that is dropped on its way out, of which the sender may be told.
    pub fn send_dropped(&self, frame: &[u8]) {
        let _ = send(&self.socket, frame, SendFlags::empty());
    }

    /// Sends many.
    pub fn send_all(&self, frames: &[Vec<u8>]) {
        for frame in frames {
            self.send(frame);
        }
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
    /// Enough to send from an interface without receiving from it.
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

// SAFETY: `f` gets a pointer to a live `sockaddr_ll`, whose size is asserted above, and that size.
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
