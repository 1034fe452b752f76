//! What the kernel tells a socket of what it has sent, in its error queue (socket(7), ip(7)).

use std::{
    io,
    net::{Ipv4Addr, SocketAddr, UdpSocket},
    time::Duration,
};

use rustix::fd::OwnedFd;

use crate::{Namespace, pause, sniffer::set};

/// When a report of a datagram is there at the latest: it is made while the datagram is sent, or right after.
const SOON: Duration = Duration::from_millis(50);

/// Sends a datagram over a socket that asks to be told when it left, with a copy of it, and of ICMP errors; and closes the
/// socket without reading either.
pub fn send_and_ignore_reports(namespace: &Namespace, target: SocketAddr, payload: &[u8]) {
    let open = || -> io::Result<UdpSocket> {
        let socket = OwnedFd::from(UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0))?);
        let when_it_left = libc::SOF_TIMESTAMPING_TX_SOFTWARE | libc::SOF_TIMESTAMPING_SOFTWARE;
        set(
            &socket,
            libc::SOL_SOCKET,
            libc::SO_TIMESTAMPING,
            when_it_left.cast_signed(),
        )?;
        set(&socket, libc::SOL_IP, libc::IP_RECVERR, 1)?;
        Ok(socket.into())
    };
    let socket = namespace.enter(open).expect("a socket with reports");
    let sent = socket.send_to(payload, target).ok();
    assert_eq!(sent, Some(payload.len()), "a datagram was not sent");
    pause(SOON);
}
