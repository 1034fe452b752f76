//! A drop for want of room in the receive buffer of a socket.

use std::net::{Ipv4Addr, UdpSocket};

use anyhow::{Context, Result, bail};

use super::super::host::Host;
use super::super::lab::STRANGER;
use super::datagram::{DISCARD_PORT, PAYLOAD};
use super::udp_table::Usage;
use super::{Kind, Outcome, datagram};

/// Far more datagrams than fit: the smallest buffer is of some 2300 bytes (`SOCK_MIN_RCVBUF`, `include/net/sock.h`, v6.18), and each
/// takes up its `struct sk_buff` besides its data.
const ENOUGH: usize = 64;

pub(super) const SOCKET_BUFFER: Kind = Kind {
    name: "full socket buffer",
    expect: "SOCKET_RCVBUFF: the application does not read as fast as packets come",
    cause: |lab| {
        lab.receiver
            .enter(|| overfill(&lab.receiver))
            .map(|()| Outcome::Dropped)
    },
};

/// Sends datagrams to a socket that does not read them, one by one, until one is dropped.
///
/// How many fit differs between kernels, so each datagram's fate is awaited before the next is sent.
fn overfill(host: &Host) -> Result<()> {
    let socket = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, DISCARD_PORT))
        .context("cannot open a UDP socket in the demo's receiver")?;
    // The kernel makes the smallest buffer that it allows of it.
    rustix::net::sockopt::set_socket_recv_buffer_size(&socket, 0)
        .context("cannot make a socket's receive buffer small")?;

    let frame = datagram::frame(STRANGER, host.address);
    let mut before = Usage::of_only_socket()?;
    for _ in 0..ENOUGH {
        host.deliver(&frame)?;
        let after = before.wait_for_change()?;
        if after.dropped > before.dropped {
            return drain(&socket);
        }
        before = after;
    }
    bail!("the smallest receive buffer of this kernel takes more than {ENOUGH} small datagrams")
}

/// Takes out what is queued, which would count as dropped if the socket were closed over it.
fn drain(socket: &UdpSocket) -> Result<()> {
    socket
        .set_nonblocking(true)
        .context("cannot make a UDP socket non-blocking")?;
    let mut datagram = [0; PAYLOAD.len()];
    while socket.recv(&mut datagram).is_ok() {}
    Ok(())
}
