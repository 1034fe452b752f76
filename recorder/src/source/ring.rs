//! The ring that the kernel half fills.

use std::io;

use aya::maps::{MapData, RingBuf};
use tokio::io::{Interest, unix::AsyncFd};

/// The ring's reader.
pub struct Ring(AsyncFd<RingBuf<MapData>>);

impl Ring {
    /// Must be called within the runtime.
    pub fn new(ring: RingBuf<MapData>) -> io::Result<Self> {
        // SAFETY: a ring buffer keeps one descriptor from its making to its end.
        let ring = unsafe { AsyncFd::register_with_interest(ring, Interest::READABLE) };
        Ok(Self(ring.map_err(|error| error.into_parts().1)?))
    }

    /// Hands the next item to `take`, and gives its place back to the kernel. `None`: the ring is empty.
    pub fn next<T>(&mut self, take: impl FnOnce(&[u8]) -> T) -> Option<T> {
        let item = self.0.get_mut().next()?;
        Some(take(&item))
    }

    /// Waits until the kernel half wakes the reader. It does so when the ring fills up; what is below that mark is for the
    /// reader's timer.
    pub async fn woken(&self) -> io::Result<()> {
        self.0.readable().await?.clear_ready();
        Ok(())
    }
}
