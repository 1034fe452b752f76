//! What goes over the socket between droprec and the keeper of namespaces: numbers in one datagram, and descriptors with them
//! (unix(7), `SCM_RIGHTS`).

use std::{
    io::{IoSlice, IoSliceMut},
    mem::MaybeUninit,
    os::fd::{AsFd, BorrowedFd, OwnedFd},
};

use rustix::{
    io::{Errno, Result, retry_on_intr},
    net::{
        RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, SendAncillaryBuffer,
        SendAncillaryMessage, SendFlags, recvmsg, sendmsg,
    },
};

/// Most descriptors of one datagram: those of a namespace.
const DESCRIPTORS: usize = 6;
/// Most numbers of one datagram.
pub(super) const NUMBERS: usize = 16_384;

/// To list the inode numbers of all namespaces.
pub(super) const LIST: u32 = 0;
/// To open the file of the one with a number.
pub(super) const OPEN: u32 = 1;
/// To look into the one whose file comes with it.
pub(super) const ENTER: u32 = 2;

/// A datagram that was received.
pub(super) struct Received {
    pub(super) numbers: Vec<u32>,
    pub(super) descriptors: Vec<OwnedFd>,
}

pub(super) fn send(
    socket: impl AsFd,
    numbers: &[u32],
    descriptors: &[BorrowedFd<'_>],
) -> Result<()> {
    let bytes: Vec<u8> = numbers.iter().flat_map(|it| it.to_ne_bytes()).collect();
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(DESCRIPTORS))];
    let mut control = SendAncillaryBuffer::new(&mut space);
    if !descriptors.is_empty() && !control.push(SendAncillaryMessage::ScmRights(descriptors)) {
        return Err(Errno::TOOBIG);
    }
    let parts = [IoSlice::new(&bytes)];
    retry_on_intr(|| sendmsg(&socket, &parts, &mut control, SendFlags::NOSIGNAL)).map(|_| ())
}

/// Waits for one. `None`: the other end is gone.
pub(super) fn receive(socket: impl AsFd) -> Result<Option<Received>> {
    let mut bytes = vec![0; NUMBERS * size_of::<u32>()];
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(DESCRIPTORS))];
    let mut control = RecvAncillaryBuffer::new(&mut space);
    let received = retry_on_intr(|| {
        let mut parts = [IoSliceMut::new(&mut bytes)];
        recvmsg(&socket, &mut parts, &mut control, RecvFlags::CMSG_CLOEXEC)
    })?;
    if received.bytes == 0 {
        return Ok(None);
    }
    let mut descriptors = Vec::new();
    for message in control.drain() {
        if let RecvAncillaryMessage::ScmRights(received) = message {
            descriptors.extend(received);
        }
    }
    let (numbers, _) = bytes[..received.bytes].as_chunks();
    let numbers = numbers.iter().map(|it| u32::from_ne_bytes(*it)).collect();
    Ok(Some(Received {
        numbers,
        descriptors,
    }))
}
