//! A network namespace without a name, held by its descriptor alone, and threads that work in it.
//!
//! A namespace bound under `/run/netns` must be removed by somebody; one that only descriptors hold goes with the process,
//! even after SIGKILL.

use std::fs::File;
use std::os::fd::{AsFd, BorrowedFd};
use std::thread;

use anyhow::{Context, Result};
use rustix::thread::{LinkNameSpaceType, UnshareFlags, move_into_link_name_space, unshare_unsafe};

/// A network namespace of the demo's own.
pub(crate) struct Namespace {
    file: File,
}

impl Namespace {
    /// Makes a namespace in which there is nothing but a loopback interface that is down.
    pub(crate) fn new() -> Result<Self> {
        on_a_thread_of_its_own(|| {
            // SAFETY: only the network namespace is unshared; the descriptor table stays common to all threads.
            unsafe { unshare_unsafe(UnshareFlags::NEWNET) }.context(
                "cannot make a network namespace: run it as root, or with CAP_SYS_ADMIN and CAP_NET_ADMIN",
            )?;
            let file = File::open("/proc/thread-self/ns/net")
                .context("cannot open /proc/thread-self/ns/net: is /proc mounted?")?;
            Ok(Self { file })
        })
    }

    /// Runs `work` on a new thread inside the namespace. The calling thread stays where it is.
    ///
    /// Sockets and files below `/proc/thread-self/net` that `work` opens stay in the namespace wherever they are used.
    pub(crate) fn enter<T: Send>(&self, work: impl FnOnce() -> Result<T> + Send) -> Result<T> {
        on_a_thread_of_its_own(|| {
            move_into_link_name_space(self.file.as_fd(), Some(LinkNameSpaceType::Network))
                .context("cannot enter the demo's network namespace: run it as root")?;
            work()
        })
    }

    /// The inode number, by which the kernel's `net->ns.inum` and `ls -i /proc/self/ns/net` name the namespace.
    pub(crate) fn inode(&self) -> Result<u32> {
        let status = rustix::fs::fstat(&self.file)
            .context("cannot read the inode of the demo's network namespace")?;
        u32::try_from(status.st_ino).context("the inode of a namespace is a 32-bit number")
    }
}

impl AsFd for Namespace {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.file.as_fd()
    }
}

/// The caller's own thread is never moved: if it could not get back, it would do all its further work in the demo's namespace.
fn on_a_thread_of_its_own<T: Send>(work: impl FnOnce() -> Result<T> + Send) -> Result<T> {
    thread::scope(|scope| {
        thread::Builder::new()
            .name("droprec-demo".to_owned())
            .spawn_scoped(scope, work)
            .context("cannot start a thread for the demo's network namespace")?
            .join()
            .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    })
}
