//! Sockets that send what they are given, and what their interface sees of it.

use std::net::{IpAddr, SocketAddr, TcpListener, TcpStream, UdpSocket};

use droprec_testbed::{Namespace, Sniffer};
use rustix::{
    fd::OwnedFd,
    net::{
        AddressFamily, SendFlags, SocketAddrAny, SocketFlags, SocketType, ipproto, sendto,
        socket_with,
    },
};

use crate::{case::Mark, judge::is_about_another};

/// A UDP socket of a namespace, connected.
pub(crate) fn udp(namespace: &Namespace, from: IpAddr, to: IpAddr, port: u16) -> UdpSocket {
    let socket = namespace
        .enter(|| UdpSocket::bind((from, crate::frames::SOURCE)))
        .expect("the namespace has the address");
    socket
        .connect(SocketAddr::new(to, port))
        .expect("there is a way");
    socket
}

/// A TCP connection between two namespaces: the side that connects, and what must be kept for it to last.
pub(crate) fn tcp(
    [from, to]: [&Namespace; 2],
    address: IpAddr,
    port: u16,
) -> (TcpStream, (TcpStream, TcpListener)) {
    let listener = to
        .enter(|| TcpListener::bind((address, port)))
        .expect("the namespace has the address");
    let stream = from
        .enter(|| TcpStream::connect((address, port)))
        .expect("somebody listens");
    let (other, _) = listener.accept().expect("somebody connects");
    (stream, (other, listener))
}

/// Sends whole IP packets, which it routes by their destination.
#[derive(Debug)]
pub(crate) struct RawIp {
    ipv4: OwnedFd,
    ipv6: OwnedFd,
}

impl RawIp {
    pub(crate) fn open(namespace: &Namespace) -> Self {
        let open = |family| {
            let raw = || {
                socket_with(
                    family,
                    SocketType::RAW,
                    SocketFlags::CLOEXEC,
                    Some(ipproto::RAW),
                )
            };
            namespace.enter(raw).expect("root may open a raw socket")
        };
        Self {
            ipv4: open(AddressFamily::INET),
            ipv6: open(AddressFamily::INET6),
        }
    }

    /// Sends a packet that is dropped, of which the sender may be told.
    pub(crate) fn send(&self, packet: &[u8]) {
        let (socket, target): (_, IpAddr) = if packet[0] >> 4 == 4 {
            let target: [u8; 4] = packet[16..20].try_into().expect("four bytes");
            (&self.ipv4, target.into())
        } else {
            let target: [u8; 16] = packet[24..40].try_into().expect("sixteen bytes");
            (&self.ipv6, target.into())
        };
        let target = SocketAddrAny::from(SocketAddr::new(target, 0));
        // Whether it was dropped is seen in the recording.
        let _ = sendto(socket, packet, SendFlags::empty(), &target);
    }
}

/// What an interface has sent with this mark from this link address: not what was said about it.
pub(crate) fn sent(sniffer: &Sniffer, mark: &Mark, from: [u8; 6]) -> Vec<Vec<u8>> {
    let mut frames = sniffer.frames_with(mark.bytes());
    frames.retain(|frame| frame[6..12] == from && !is_about_another(frame));
    frames
}

/// As [`sent`], of a connection: what was sent again in single segments, and passed, left out.
pub(crate) fn sent_at_once(sniffer: &Sniffer, mark: &Mark, from: [u8; 6]) -> Vec<Vec<u8>> {
    const SEGMENT: usize = 1600;
    let mut frames = sent(sniffer, mark, from);
    frames.retain(|frame| frame.len() > SEGMENT);
    frames
}
