//! Sends messages to the kernel and reads its answer to each of them.

use anyhow::{Context, Result};
use rustix::io::Errno;
use rustix::net::netlink::SocketAddrNetlink;
use rustix::net::{AddressFamily, Protocol, RecvFlags, SendFlags, SocketFlags, SocketType};

use super::message::{HEADER_LENGTH, Message};

/// `NLMSG_ERROR`: an error number, or 0 as an acknowledgement, and a copy of the request.
const NLMSG_ERROR: u16 = 2;

/// Does what `messages` ask for, in the calling thread's namespace and in one datagram, and fails with the first one that fails.
///
/// `protocol` is `None` for rtnetlink. The kernel's [`Errno`] can be found in the error with `downcast_ref`.
pub(crate) fn transact(protocol: Option<Protocol>, messages: &[Message]) -> Result<()> {
    let socket = rustix::net::socket_with(
        AddressFamily::NETLINK,
        SocketType::RAW,
        SocketFlags::CLOEXEC,
        protocol,
    )
    .context("cannot open a netlink socket")?;

    let request: Vec<u8> = messages
        .iter()
        .zip(1..)
        .flat_map(|(message, sequence)| message.to_bytes(sequence))
        .collect();
    rustix::net::sendto(
        &socket,
        &request,
        SendFlags::empty(),
        &SocketAddrNetlink::new(0, 0),
    )
    .with_context(|| format!("cannot send {} to the kernel", name(messages, 1)))?;

    let mut awaited = messages.iter().filter(|m| m.is_acknowledged()).count();
    let mut datagram = vec![0; 16 * 1024];
    while awaited > 0 {
        // The kernel has answered by the time that the send returns: it works in the sender's system call.
        let (_, length) = rustix::net::recv(&socket, &mut datagram[..], RecvFlags::DONTWAIT)
            .with_context(|| format!("the kernel did not answer {}", name(messages, 1)))?;
        let mut rest = datagram.get(..length).unwrap_or(&datagram);
        while !rest.is_empty() {
            let (answer, after) = Answer::split_from(rest).context(
                "the kernel's netlink answer is neither an acknowledgement nor an error",
            )?;
            let name = name(messages, answer.sequence);
            if let Some(errno) = answer.error {
                return Err(errno).with_context(|| format!("the kernel refused {name}"));
            }
            awaited = awaited.saturating_sub(1);
            rest = after;
        }
    }
    Ok(())
}

/// Whether a transaction failed for want of the kernel's support: no such protocol, subsystem, or kind of thing in it.
pub(crate) fn is_unsupported(error: &anyhow::Error) -> bool {
    matches!(
        error.downcast_ref(),
        Some(&(Errno::PROTONOSUPPORT | Errno::OPNOTSUPP | Errno::NOENT))
    )
}

/// What the message with this sequence number asks for. Numbers begin with 1.
fn name(messages: &[Message], sequence: u32) -> &'static str {
    (sequence as usize)
        .checked_sub(1)
        .and_then(|index| messages.get(index))
        .map_or("an unknown request", Message::name)
}

/// The kernel's answer to one message.
struct Answer {
    sequence: u32,
    error: Option<Errno>,
}

impl Answer {
    /// Takes one answer from the beginning of a datagram, and gives back the rest.
    fn split_from(datagram: &[u8]) -> Option<(Self, &[u8])> {
        let length = u32::from_ne_bytes(*datagram.first_chunk()?) as usize;
        let message = datagram.get(..length)?;
        let kind = u16::from_ne_bytes(*message.get(4..)?.first_chunk()?);
        let sequence = u32::from_ne_bytes(*message.get(8..)?.first_chunk()?);
        let code = i32::from_ne_bytes(*message.get(HEADER_LENGTH..)?.first_chunk()?);
        if kind != NLMSG_ERROR {
            return None;
        }
        let rest = datagram
            .get(length.next_multiple_of(4)..)
            .unwrap_or_default();
        let error = (code != 0).then(|| Errno::from_raw_os_error(-code));
        Some((Self { sequence, error }, rest))
    }
}
