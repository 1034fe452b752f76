//! A message of which the kernel can read only the beginning: the rest of it lies in memory that is nobody's.

use std::{io, net::Ipv4Addr, ptr};

use crate::Namespace;

const PAGE: usize = 4096;

/// Sends an IPv4 packet of `len` bytes from the namespace, by a socket that takes its header from the caller, with all but
/// its first 24 bytes out of reach. It fails, as it must.
pub fn send_half_readable(namespace: &Namespace, to: Ipv4Addr, len: usize) {
    let error = namespace.enter(|| {
        // SAFETY: calls of the C library with valid arguments. The two pages are this function's own, the first stays
        // readable and writable, and the kernel reports the second instead of reading it.
        unsafe {
            let socket = libc::socket(
                libc::AF_INET,
                libc::SOCK_RAW | libc::SOCK_CLOEXEC,
                libc::IPPROTO_RAW,
            );
            assert!(socket >= 0, "{}", io::Error::last_os_error());
            let pages = libc::mmap(
                ptr::null_mut(),
                2 * PAGE,
                libc::PROT_READ | libc::PROT_WRITE,
                libc::MAP_PRIVATE | libc::MAP_ANONYMOUS,
                -1,
                0,
            )
            .cast::<u8>();
            assert_eq!(
                libc::mprotect(pages.add(PAGE).cast(), PAGE, libc::PROT_NONE),
                0
            );
            let message = pages.add(PAGE - 24);
            message.write_bytes(0x45, 24);
            let mut address: libc::sockaddr_in = std::mem::zeroed();
            address.sin_family = libc::AF_INET as libc::sa_family_t;
            address.sin_addr.s_addr = u32::from_ne_bytes(to.octets());
            let sent = libc::sendto(
                socket,
                message.cast(),
                len,
                0,
                (&raw const address).cast(),
                size_of_val(&address) as libc::socklen_t,
            );
            let error = io::Error::last_os_error();
            assert_eq!(sent, -1, "the kernel read what cannot be read");
            libc::munmap(pages.cast(), 2 * PAGE);
            libc::close(socket);
            error
        }
    });
    assert_eq!(error.raw_os_error(), Some(libc::EFAULT), "{error}");
}
