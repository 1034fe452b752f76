//! Ways to send whose bytes the kernel keeps in pages, not in a packet's linear buffer.

use std::{
    fs::File,
    io::{self, Seek as _, Write as _},
    os::fd::{AsFd, AsRawFd as _, FromRawFd as _, OwnedFd},
    ptr,
};

/// `UDP_SEGMENT` (`include/uapi/linux/udp.h`)
const UDP_SEGMENT: libc::c_int = 103;

fn fd(socket: impl AsFd) -> libc::c_int {
    socket.as_fd().as_raw_fd()
}

/// A packet that is dropped on its way out was sent too, but its sender is told.
fn must_be(had: isize, expected: usize, what: &str) {
    let error = io::Error::last_os_error();
    let is_dropped =
        had < 0 && [Some(libc::EPERM), Some(libc::ENOBUFS)].contains(&error.raw_os_error());
    assert!(
        is_dropped || usize::try_from(had) == Ok(expected),
        "{what}: {had} of {expected}: {error}"
    );
}

/// Sends a file, as sendfile(2) does.
pub fn send_file(socket: impl AsFd, bytes: &[u8]) {
    let file = || -> io::Result<File> {
        let mut file = tempfile::tempfile()?;
        file.write_all(bytes)?;
        file.rewind()?;
        Ok(file)
    };
    let file = file().unwrap_or_else(|error| panic!("no file to send: {error}"));
    // SAFETY: two descriptors that outlive the call; without an offset the file's own is taken.
    let sent =
        unsafe { libc::sendfile(fd(socket), file.as_raw_fd(), ptr::null_mut(), bytes.len()) };
    must_be(sent, bytes.len(), "sendfile");
}

/// Sends through a pipe, as splice(2) does.
pub fn send_spliced(socket: impl AsFd, bytes: &[u8]) {
    let mut ends = [0; 2];
    // SAFETY: a place for two descriptors, which nobody else has yet.
    let (made, from, to) = unsafe {
        let made = libc::pipe2(ends.as_mut_ptr(), libc::O_CLOEXEC);
        (
            made,
            OwnedFd::from_raw_fd(ends[0]),
            OwnedFd::from_raw_fd(ends[1]),
        )
    };
    assert_eq!(made, 0, "no pipe: {}", io::Error::last_os_error());
    let written = File::from(to).write_all(bytes);
    written.unwrap_or_else(|error| panic!("a pipe takes no {} bytes: {error}", bytes.len()));
    // SAFETY: two descriptors that outlive the call; neither has an offset.
    let sent = unsafe {
        libc::splice(
            from.as_raw_fd(),
            ptr::null_mut(),
            fd(socket),
            ptr::null_mut(),
            bytes.len(),
            0,
        )
    };
    must_be(sent, bytes.len(), "splice");
}

/// Sends without a copy (`MSG_ZEROCOPY`, `Documentation/networking/msg_zerocopy.rst`). The packet may refer to `bytes`
/// until it is freed.
pub fn send_uncopied(socket: impl AsFd, bytes: &[u8]) {
    let socket = fd(socket);
    set(socket, libc::SOL_SOCKET, libc::SO_ZEROCOPY, 1);
    // SAFETY: bytes and their length.
    let sent = unsafe {
        libc::send(
            socket,
            bytes.as_ptr().cast(),
            bytes.len(),
            libc::MSG_ZEROCOPY,
        )
    };
    must_be(sent, bytes.len(), "MSG_ZEROCOPY");
}

/// Sends UDP in segments of `size` bytes that the interface is to cut (`UDP_SEGMENT`, udp(7)).
pub fn send_segmented(socket: impl AsFd, bytes: &[u8], size: u16) {
    let socket = fd(socket);
    set(socket, libc::SOL_UDP, UDP_SEGMENT, libc::c_int::from(size));
    // SAFETY: bytes and their length.
    let sent = unsafe { libc::send(socket, bytes.as_ptr().cast(), bytes.len(), 0) };
    must_be(sent, bytes.len(), "UDP_SEGMENT");
}

fn set(socket: libc::c_int, level: libc::c_int, option: libc::c_int, value: libc::c_int) {
    // SAFETY: a number that outlives the call, and its size.
    let set = unsafe {
        libc::setsockopt(
            socket,
            level,
            option,
            ptr::from_ref(&value).cast(),
            size_of_val(&value) as libc::socklen_t,
        )
    };
    assert_eq!(set, 0, "option {option}: {}", io::Error::last_os_error());
}
