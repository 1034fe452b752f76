//! Asks rtnetlink(7) for all there is of a kind, in the namespace of a socket.

use std::os::fd::BorrowedFd;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use rustix::io::Errno;
use rustix::net::netlink::SocketAddrNetlink;
use rustix::net::sockopt::{Timeout, set_socket_timeout};
use rustix::net::{RecvFlags, SendFlags};

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
const ATTEMPTS: u32 = 3;

/// The bodies of all messages that answer a request, each from behind its header on. A list that has gaps after several
/// attempts is taken as it is.
pub(crate) fn dump(route: BorrowedFd<'_>, request: &Message) -> Result<Vec<Vec<u8>>> {
    let mut list = Vec::new();
    for number in 0..ATTEMPTS {
        // What a request before this one was answered late is not taken for its answer.
        let sequence = u32::from(request.kind()) * ATTEMPTS + number;
        let (found, is_whole) = attempt(route, request, sequence)?;
        list = found;
        if is_whole {
            break;
        }
    }
    Ok(list)
}

fn attempt(
    route: BorrowedFd<'_>,
    request: &Message,
    sequence: u32,
) -> Result<(Vec<Vec<u8>>, bool)> {
    set_socket_timeout(route, Timeout::Recv, Some(PATIENCE))?;
    let name = request.name();
    rustix::net::sendto(
        route,
        &request.to_bytes(sequence),
        SendFlags::empty(),
        &SocketAddrNetlink::new(0, 0),
    )
    .with_context(|| format!("cannot send {name} to the kernel"))?;

    let (mut list, mut is_whole) = (Vec::new(), true);
    let mut datagram = vec![0; DATAGRAM];
    loop {
        let (_, length) = rustix::net::recv(route, &mut datagram[..], RecvFlags::TRUNC)
            .with_context(|| format!("the kernel did not answer {name}"))?;
        let mut rest = datagram
            .get(..length)
            .with_context(|| format!("the kernel's answer to {name} is too long"))?;
        while let Some((header, body, after)) = split(rest) {
            rest = after;
            if header.sequence != sequence {
                continue;
            }
            let Header { kind, flags, .. } = header;
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
        }
        if !rest.is_empty() {
            bail!("the kernel's answer to {name} is cut short");
        }
    }
}

/// The beginning of an answer.
struct Header {
    kind: u16,
    flags: u16,
    sequence: u32,
}

/// The first message's header and body, and what comes after it.
fn split(datagram: &[u8]) -> Option<(Header, &[u8], &[u8])> {
    let length = u32::from_ne_bytes(*datagram.first_chunk()?) as usize;
    let header = Header {
        kind: u16::from_ne_bytes(*datagram.get(4..)?.first_chunk()?),
        flags: u16::from_ne_bytes(*datagram.get(6..)?.first_chunk()?),
        sequence: u32::from_ne_bytes(*datagram.get(8..)?.first_chunk()?),
    };
    let body = datagram.get(HEADER_LENGTH..length)?;
    let after = datagram
        .get(length.next_multiple_of(4)..)
        .unwrap_or_default();
    Some((header, body, after))
}
