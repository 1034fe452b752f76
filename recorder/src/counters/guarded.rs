//! Memory for answers whose length only their writer knows: behind it is a page that nobody can write to.

use std::{
    io,
    ops::{Deref, DerefMut},
    ptr::{self, NonNull},
    slice,
};

/// Bytes, zeroes at first. Who writes on behind them, the kernel too, ends at an inaccessible page (`EFAULT`) before it comes to
/// anything else.
pub(super) struct Guarded {
    start: NonNull<u8>,
    /// Of the bytes.
    length: usize,
    /// Of all, with the inaccessible page.
    mapped: usize,
}

impl Guarded {
    pub(super) fn new(length: usize) -> io::Result<Self> {
        let page = rustix::param::page_size();
        let open = length.next_multiple_of(page);
        let mapped = open + page;
        // SAFETY: new memory of the kernel's choice, which nobody else knows of.
        let start = unsafe {
            libc::mmap(
                ptr::null_mut(),
                mapped,
                libc::PROT_NONE,
                libc::MAP_PRIVATE | libc::MAP_ANONYMOUS,
                -1,
                0,
            )
        };
        if start == libc::MAP_FAILED {
            return Err(io::Error::last_os_error());
        }
        let start = NonNull::new(start.cast::<u8>()).ok_or(io::ErrorKind::OutOfMemory)?;
        let guarded = Self {
            start,
            length,
            mapped,
        };
        // SAFETY: pages of the mapping that was just made, all but the last.
        let opened = unsafe {
            libc::mprotect(
                start.as_ptr().cast(),
                open,
                libc::PROT_READ | libc::PROT_WRITE,
            )
        };
        if opened < 0 {
            return Err(io::Error::last_os_error());
        }
        Ok(guarded)
    }
}

impl Deref for Guarded {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        // SAFETY: `new` has mapped as many bytes, all of them written by the kernel, and nobody else has them.
        unsafe { slice::from_raw_parts(self.start.as_ptr(), self.length) }
    }
}

impl DerefMut for Guarded {
    fn deref_mut(&mut self) -> &mut [u8] {
        // SAFETY: as above.
        unsafe { slice::from_raw_parts_mut(self.start.as_ptr(), self.length) }
    }
}

impl Drop for Guarded {
    fn drop(&mut self) {
        // SAFETY: the mapping of `new`, which is not used any more.
        let _ = unsafe { libc::munmap(self.start.as_ptr().cast(), self.mapped) };
    }
}

#[cfg(test)]
mod tests {
    use std::{
        io::Write as _,
        os::{fd::AsRawFd as _, unix::net::UnixStream},
    };

    use super::*;

    #[test]
    fn a_writer_of_more_than_there_is_room_for_comes_no_further_than_the_page_behind() {
        let mut memory = Guarded::new(100).expect("there is memory");
        let (mut writer, reader) = UnixStream::pair().expect("a pair of sockets");
        let sent = vec![7; 64 * 1024];
        writer.write_all(&sent).expect("it waits there");
        let (to, length) = (memory.as_mut_ptr().cast(), sent.len());
        // SAFETY: behind the memory is a page that the kernel cannot write to, as this shows.
        let got = unsafe { libc::read(reader.as_raw_fd(), to, length) };
        assert!(got <= rustix::param::page_size().cast_signed(), "{got}");
    }
}
