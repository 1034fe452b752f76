//! Sends whole frames out of an interface, as packet(7) lets root do.

use std::io;

use rustix::{
    fd::OwnedFd,
    net::{AddressFamily, SendFlags, SocketFlags, SocketType, netdevice, send, socket_with},
};

use crate::{Namespace, on_this_processor, packet_socket::bind};

/// A packet socket bound to one interface. It receives nothing, and so keeps no packet from being dropped.
#[derive(Debug)]
pub struct FrameSocket {
    socket: OwnedFd,
}

impl FrameSocket {
    /// A socket that sends out of `interface`.
    #[must_use]
    pub fn open(namespace: &Namespace, interface: &str) -> Self {
        let open = || -> io::Result<OwnedFd> {
            let socket = socket_with(
                AddressFamily::PACKET,
                SocketType::RAW,
                SocketFlags::CLOEXEC,
                None,
            )?;
            let index = netdevice::name_to_index(&socket, interface)?;
            bind(&socket, index, 0)?;
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

    /// Sends many, which are received in their order.
    pub fn send_all(&self, frames: &[Vec<u8>]) {
        on_this_processor(|| {
            for frame in frames {
                self.send(frame);
            }
        });
    }
}
