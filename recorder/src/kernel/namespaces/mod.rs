//! The network namespaces that there are, and looking into them.
//!
//! To find those of other users' processes, and to enter any, takes rights that droprec gives up once it records, and
//! namespaces come and go meanwhile. So a process of its own has them, the keeper, which is started before anything else.

mod inside;
mod keeper;
mod wire;

use std::{
    fs::{self, File},
    io::{self, ErrorKind},
    os::{
        fd::{AsFd, AsRawFd as _, OwnedFd},
        unix::fs::MetadataExt as _,
    },
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
    time::Duration,
};

use anyhow::{Context as _, Result};
use rustix::{
    event::{PollFd, PollFlags, Timespec, poll},
    fs::{FsWord, fstat, statfs},
    io::Errno,
    net::{AddressFamily, Shutdown, SocketFlags, SocketType, shutdown, socketpair},
    process::{Pid, WaitOptions, waitpid},
};

pub use self::inside::Inside;
pub(crate) use self::inside::Table;
use self::{
    inside::TABLES_ALL,
    wire::{ENTER, LIST, OPEN, Received, receive, send},
};

/// The file of this process's own.
const OWN: &str = "/proc/self/ns/net";
/// Where `ip netns add` keeps its names.
pub(crate) const NAMED: &str = "/run/netns";

/// How long until a namespace without a file, or its name, is looked for again.
pub const SEARCH: Duration = Duration::from_secs(1);

/// `NSFS_MAGIC` (`include/uapi/linux/magic.h`).
const NSFS: FsWord = 0x6e73_6673;

/// The namespaces that there are.
#[derive(Clone, Debug)]
pub struct Namespaces {
    keeper: Arc<Keeper>,
    /// Inode number of this process's own; 0 on a kernel that has only one.
    pub own: u32,
}

/// The keeper, from outside. It goes with the last that knows it.
#[derive(Debug)]
struct Keeper {
    socket: OwnedFd,
    /// Held by who waits for an answer.
    asking: Mutex<()>,
    process: Option<Pid>,
}

impl Drop for Keeper {
    fn drop(&mut self) {
        let _ = shutdown(&self.socket, Shutdown::Both);
        // It has nothing to do but to end.
        let _ = waitpid(self.process, WaitOptions::empty());
    }
}

impl Namespaces {
    /// Starts the keeper. To be called before there is another thread.
    pub fn start() -> io::Result<Self> {
        let (near, far) = socketpair(
            AddressFamily::UNIX,
            SocketType::SEQPACKET,
            SocketFlags::CLOEXEC,
            None,
        )?;
        // SAFETY: the new process goes on from here with what is its own, calls nothing that other threads may hold a lock of, as
        // there are none, and ends in `_exit`.
        match unsafe { libc::fork() } {
            -1 => Err(io::Error::last_os_error()),
            0 => {
                drop(near);
                let status = i32::from(keeper::serve(&far).is_err());
                // SAFETY: nothing of this process is to be done any more.
                unsafe { libc::_exit(status) }
            }
            process => Ok(Self {
                keeper: Arc::new(Keeper {
                    socket: near,
                    asking: Mutex::new(()),
                    process: Pid::from_raw(process),
                }),
                own: inode_at(Path::new(OWN)).unwrap_or(0),
            }),
        }
    }

    /// The keeper has ended, by whatever it was: others than this process's own cannot be looked into any more.
    #[must_use]
    pub fn are_out_of_reach(&self) -> bool {
        // That the other end is closed is told whether it is asked for or not.
        let mut ends = [PollFd::new(&self.keeper.socket, PollFlags::empty())];
        poll(&mut ends, Some(&Timespec::default())).is_ok()
            && ends[0].revents().contains(PollFlags::HUP)
    }

    /// The inode numbers of all, this process's own first, then those that have names. Without the keeper, its own alone.
    #[must_use]
    pub fn all(&self) -> Vec<u32> {
        self.ask(&[LIST], None)
            .map_or_else(|_| vec![self.own], |answer| answer.numbers)
    }

    /// A file of the namespace with this inode number, as long as it has a name or a process. It keeps the namespace alive, and
    /// is to be closed soon. An error: nobody could be asked whether there is one.
    pub fn file(&self, inode: u32) -> io::Result<Option<File>> {
        let answer = self.ask(&[OPEN, inode], None)?;
        Ok(answer.descriptors.into_iter().next().map(File::from))
    }

    /// Looks into the namespace of this file.
    pub fn enter(&self, namespace: &File) -> Result<Inside> {
        let answer = self.ask(&[ENTER], Some(namespace));
        let answer = answer.and_then(|answer| match answer.numbers[..] {
            [0, inode, there] => inside(inode, there, answer.descriptors),
            [error] => Err(Errno::from_raw_os_error(error.cast_signed())),
            _ => Err(Errno::PROTO),
        });
        answer.context(
            "a network namespace cannot be entered: run droprec as root, or add cap_sys_admin",
        )
    }

    fn ask(&self, numbers: &[u32], namespace: Option<&File>) -> rustix::io::Result<Received> {
        // Nothing panics while it is held.
        let Ok(_asking) = self.keeper.asking.lock() else {
            return Err(Errno::IO);
        };
        let descriptors: Vec<_> = namespace.iter().map(|file| file.as_fd()).collect();
        send(&self.keeper.socket, numbers, &descriptors)?;
        receive(&self.keeper.socket)?.ok_or(Errno::PIPE)
    }
}

/// What the keeper has handed out. `there`: a bit for each table that it has opened.
fn inside(inode: u32, there: u32, descriptors: Vec<OwnedFd>) -> rustix::io::Result<Inside> {
    let mut descriptors = descriptors.into_iter();
    let (Some(device), Some(route)) = (descriptors.next(), descriptors.next()) else {
        return Err(Errno::PROTO);
    };
    let mut tables = TABLES_ALL.map(|_| None);
    for (index, table) in tables.iter_mut().enumerate() {
        if there & 1 << index != 0 {
            *table = descriptors.next().map(File::from);
        }
    }
    Ok(Inside {
        inode,
        device,
        route,
        tables,
    })
}

/// The file, if it is one of a network namespace.
pub(crate) fn open(path: &Path) -> io::Result<Option<File>> {
    let is_none =
        |error: &io::Error| matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory);
    // Others are not opened: a pipe would wait, and a device make what it likes of the request.
    match statfs(path).map_err(io::Error::from) {
        Ok(of) if of.f_type == NSFS => {}
        Err(error) if !is_none(&error) => return Err(error),
        _ => return Ok(None),
    }
    let file = File::open(path)?;
    // SAFETY: the request has no argument (ioctl_nsfs(2)).
    let kind = unsafe { libc::ioctl(file.as_raw_fd(), libc::NS_GET_NSTYPE) };
    Ok((kind == libc::CLONE_NEWNET).then_some(file))
}

/// The inode number of an open file of a namespace.
pub(crate) fn inode(file: &File) -> Option<u32> {
    fstat(file)
        .ok()
        .and_then(|status| u32::try_from(status.st_ino).ok())
}

/// The inode number of the file of a namespace.
pub(crate) fn inode_at(path: &Path) -> Option<u32> {
    fs::metadata(path)
        .ok()
        .and_then(|metadata| u32::try_from(metadata.ino()).ok())
}

/// The files in a directory, none if there is no such directory.
pub(crate) fn files(directory: &str) -> impl Iterator<Item = PathBuf> {
    fs::read_dir(directory)
        .into_iter()
        .flatten()
        .filter_map(|entry| Some(entry.ok()?.path()))
}
