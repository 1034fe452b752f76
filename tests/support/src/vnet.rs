//! Frames with a header that says how the kernel is to take them (`struct virtio_net_hdr`, `include/uapi/linux/virtio_net.h`,
//! v6.18): how much of them in the linear buffer, and into what segments they are to be cut.

use std::io;

use rustix::{
    fd::OwnedFd,
    net::{AddressFamily, SendFlags, SocketFlags, SocketType, netdevice, send, socket_with},
};

use crate::{Namespace, packet_socket::bind, sniffer::set};

/// `VIRTIO_NET_HDR_F_NEEDS_CSUM`
const NEEDS_CHECKSUM: u8 = 1;
/// `VIRTIO_NET_HDR_GSO_TCPV4` and `VIRTIO_NET_HDR_GSO_TCPV6`
const TCP4: u8 = 1;
const TCP6: u8 = 4;
/// `VIRTIO_NET_HDR_GSO_UDP`
const UDP_FRAGMENTS: u8 = 3;
/// `PACKET_VNET_HDR` (`include/uapi/linux/if_packet.h`)
const PACKET_VNET_HDR: libc::c_int = 15;
/// Where a TCP header has its checksum, in bytes.
const TCP_CHECKSUM: u16 = 16;

/// How the kernel is to take a frame.
#[derive(Debug, Clone, Copy, Default)]
pub struct Vnet {
    flags: u8,
    gso_type: u8,
    hdr_len: u16,
    gso_size: u16,
    csum_start: u16,
    csum_offset: u16,
}

impl Vnet {
    /// Only its first `headers` bytes in the linear buffer, the rest in pages; the kernel takes less than a page (4096
    /// bytes) as linear all the same.
    #[must_use]
    pub fn in_pages(headers: u16) -> Self {
        Self {
            hdr_len: headers,
            ..Self::default()
        }
    }

    /// TCP to be cut into segments of `size` bytes of payload. `transport`: where the TCP header begins; `headers`: where
    /// the payload does.
    #[must_use]
    pub fn tcp(is_ipv6: bool, transport: u16, headers: u16, size: u16) -> Self {
        Self {
            flags: NEEDS_CHECKSUM,
            gso_type: if is_ipv6 { TCP6 } else { TCP4 },
            hdr_len: headers,
            gso_size: size,
            csum_start: transport,
            csum_offset: TCP_CHECKSUM,
        }
    }

    /// UDP over IPv4 without a checksum, to be cut into fragments of `size` bytes, which no interface does for the kernel.
    #[must_use]
    pub fn fragments(size: u16) -> Self {
        Self {
            gso_type: UDP_FRAGMENTS,
            hdr_len: 14 + 20 + 8,
            gso_size: size,
            ..Self::default()
        }
    }

    /// The header and the frame, as one message. Numbers are in the machine's byte order.
    #[must_use]
    pub fn before(&self, frame: &[u8]) -> Vec<u8> {
        let mut bytes = vec![self.flags, self.gso_type];
        for half in [
            self.hdr_len,
            self.gso_size,
            self.csum_start,
            self.csum_offset,
        ] {
            bytes.extend_from_slice(&half.to_ne_bytes());
        }
        bytes.extend_from_slice(frame);
        bytes
    }
}

/// A packet socket that sends such frames out of one interface.
#[derive(Debug)]
pub struct VnetSocket {
    socket: OwnedFd,
}

impl VnetSocket {
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
            set(&socket, libc::SOL_PACKET, PACKET_VNET_HDR, 1)?;
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

    /// Sends a frame, which begins with its Ethernet header.
    pub fn send(&self, how: Vnet, frame: &[u8]) {
        let message = how.before(frame);
        let sent = send(&self.socket, &message, SendFlags::empty());
        assert_eq!(
            sent,
            Ok(message.len()),
            "a frame was not sent whole: {how:?}"
        );
    }

    /// Sends a frame some of which is dropped on its way, of which the sender may be told.
    pub fn send_dropped(&self, how: Vnet, frame: &[u8]) {
        let _ = send(&self.socket, &how.before(frame), SendFlags::empty());
    }
}
