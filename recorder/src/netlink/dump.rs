//! Asks rtnetlink(7) for all there is of a kind, in the calling thread's namespace.

use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use rustix::io::Errno;
use rustix::net::netlink::SocketAddrNetlink;
use rustix::net::sockopt::{Timeout, set_socket_timeout};
use rustix::net::{AddressFamily, RecvFlags, SendFlags, SocketFlags, SocketType};

use super::message::{HEADER_LENGTH, Message};

/// `NLMSG_ERROR` and `NLMSG_DONE` (`include/uapi/linux/netlink.h`, v6.18).
const NLMSG_ERROR: u16 = 2;
const NLMSG_DONE: u16 = 3;
/// `NLM_F_DUMP_INTR`: something changed while the list was made, so it may have gaps.
const INTERRUPTED: u16 = 0x10;

/// The kernel makes no datagram of a list larger than 32 KiB (`netlink_dump`, `net/netlink/af_netlink.c`, v6.18), unless one entry
/// alone is.
const DATAGRAM: usize = 64 * 1024;

/// How long the kernel may keep quiet: it may wait for the lock under which interfaces are made.
const PATIENCE: Duration = Duration::from_secs(1);

/// How often a list with gaps is asked for again.
const ATTEMPTS: usize = 3;

/// The bodies of all messages that answer a request, each from behind its header on. A list that has gaps after several
/// attempts is taken as it is.
pub(crate) fn dump(request: &Message) -> Result<Vec<Vec<u8>>> {
    let mut list = Vec::new();
    for _ in 0..ATTEMPTS {
        let (found, is_whole) = attempt(request)?;
        list = found;
        if is_whole {
            break;
        }
    }
    Ok(list)
}

fn attempt(request: &Message) -> Result<(Vec<Vec<u8>>, bool)> {
    let socket = rustix::net::socket_with(
        AddressFamily::NETLINK,
        SocketType::RAW,
        SocketFlags::CLOEXEC,
        None,
    )
    .context("cannot open a netlink socket")?;
    set_socket_timeout(&socket, Timeout::Recv, Some(PATIENCE))?;
    let name = request.name();
    rustix::net::sendto(
        &socket,
        &request.to_bytes(1),
        SendFlags::empty(),
        &SocketAddrNetlink::new(0, 0),
    )
    .with_context(|| format!("cannot send {name} to the kernel"))?;

    let (mut list, mut is_whole) = (Vec::new(), true);
    let mut datagram = vec![0; DATAGRAM];
    loop {
        let (_, length) = rustix::net::recv(&socket, &mut datagram[..], RecvFlags::TRUNC)
            .with_context(|| format!("the kernel did not answer {name}"))?;
        let mut rest = datagram
            .get(..length)
            .with_context(|| format!("the kernel's answer to {name} is too long"))?;
        while let Some((kind, flags, body, after)) = split(rest) {
            is_whole &= flags & INTERRUPTED == 0;
            match kind {
                NLMSG_DONE => return Ok((list, is_whole)),
                NLMSG_ERROR => {
                    let code = body
                        .first_chunk()
                        .map_or(0, |code| i32::from_ne_bytes(*code));
                    return Err(Errno::from_raw_os_error(code.saturating_neg()))
                        .with_context(|| format!("the kernel refused {name}"));
                }
                _ => list.push(body.to_vec()),
            }
            rest = after;
        }
        if !rest.is_empty() {
            bail!("the kernel's answer to {name} is cut short");
        }
    }
}

/// The first message's type, flags and body, and what comes after it.
fn split(datagram: &[u8]) -> Option<(u16, u16, &[u8], &[u8])> {
    let length = u32::from_ne_bytes(*datagram.first_chunk()?) as usize;
    let kind = u16::from_ne_bytes(*datagram.get(4..)?.first_chunk()?);
    let flags = u16::from_ne_bytes(*datagram.get(6..)?.first_chunk()?);
    let body = datagram.get(HEADER_LENGTH..length)?;
    let after = datagram
        .get(length.next_multiple_of(4)..)
        .unwrap_or_default();
    Some((kind, flags, body, after))
}
