//! What tells of a network namespace from within: sockets and files that stay in it, whoever has them.
//!
//! They keep the namespace alive, and are to be closed soon.

use std::{
    fs::File,
    io::{self, Read as _},
    os::fd::{AsFd, AsRawFd as _, BorrowedFd, OwnedFd},
    path::Path,
    ptr,
};

use rustix::{
    io::Errno,
    net::{AddressFamily, SocketFlags, SocketType, netdevice, socket_with},
};

use super::inode_at;

/// The file of the namespace that this thread is in.
const HERE: &str = "/proc/thread-self/ns/net";
/// Where its tables are.
const TABLES: &str = "/proc/thread-self/net";

/// `SO_NETNS_COOKIE` (`include/uapi/asm-generic/socket.h`, since v5.14).
const SO_NETNS_COOKIE: libc::c_int = 71;

/// A table of `/proc/net`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Table {
    /// The interfaces.
    Dev,
    /// Counters of IPv4 and its transports.
    Snmp,
    /// More of them.
    Netstat,
    /// Those of IPv6, which a kernel may lack.
    Snmp6,
}

/// All, as they lie in [`Inside::tables`].
pub(super) const TABLES_ALL: [(Table, &str); 4] = [
    (Table::Dev, "dev"),
    (Table::Snmp, "snmp"),
    (Table::Netstat, "netstat"),
    (Table::Snmp6, "snmp6"),
];

/// A namespace, as far as it can be looked into.
#[derive(Debug)]
pub struct Inside {
    /// Its inode number.
    pub inode: u32,
    /// For questions about interfaces: ioctl(2), netdevice(7).
    pub(super) device: OwnedFd,
    /// For lists: rtnetlink(7).
    pub(super) route: OwnedFd,
    /// Those of [`TABLES_ALL`]; none: the kernel does not have it.
    pub(super) tables: [Option<File>; TABLES_ALL.len()],
}

impl Inside {
    /// The one that this thread is in.
    pub fn here() -> io::Result<Self> {
        let open = |family, kind| socket_with(family, kind, SocketFlags::CLOEXEC, None);
        Ok(Self {
            inode: inode_at(Path::new(HERE)).unwrap_or(0),
            device: open(AddressFamily::UNIX, SocketType::DGRAM)?,
            route: open(AddressFamily::NETLINK, SocketType::RAW)?,
            tables: TABLES_ALL.map(|(_, name)| File::open(format!("{TABLES}/{name}")).ok()),
        })
    }

    /// The kernel's `net_cookie`, which no other namespace ever has. `None`: it does not tell.
    #[must_use]
    pub fn cookie(&self) -> Option<u64> {
        let (mut cookie, mut size) = (0_u64, size_of::<u64>() as libc::socklen_t);
        // SAFETY: a number and its size, both of which outlive the call.
        let failed = unsafe {
            libc::getsockopt(
                self.device.as_raw_fd(),
                libc::SOL_SOCKET,
                SO_NETNS_COOKIE,
                ptr::from_mut(&mut cookie).cast(),
                &raw mut size,
            )
        };
        (failed == 0 && cookie != 0).then_some(cookie)
    }

    /// What an interface is called.
    pub fn name(&self, ifindex: u32) -> rustix::io::Result<Option<String>> {
        found(netdevice::index_to_name(&self.device, ifindex))
    }

    /// The index of the interface with this name, or this other name. For one that there is not, the kernel may look for a module.
    pub fn index(&self, name: &str) -> rustix::io::Result<Option<u32>> {
        found(netdevice::name_to_index(&self.device, name))
    }

    /// The names of the interfaces.
    #[must_use]
    pub fn names(&self) -> Vec<String> {
        let table = self.table(Table::Dev).unwrap_or_default();
        table
            .lines()
            .filter_map(|line| Some(line.split_once(':')?.0.trim().to_owned()))
            .collect()
    }

    /// A table's text, which is read once.
    pub(crate) fn table(&self, wanted: Table) -> io::Result<String> {
        let index = TABLES_ALL.iter().position(|(table, _)| *table == wanted);
        let file = index.and_then(|index| self.tables[index].as_ref());
        let mut file = file.ok_or(io::ErrorKind::NotFound)?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }

    /// A socket for ioctl(2).
    pub(crate) fn device(&self) -> BorrowedFd<'_> {
        self.device.as_fd()
    }

    /// A socket of rtnetlink(7).
    pub(crate) fn route(&self) -> BorrowedFd<'_> {
        self.route.as_fd()
    }
}

fn found<T>(answer: rustix::io::Result<T>) -> rustix::io::Result<Option<T>> {
    match answer {
        Ok(found) => Ok(Some(found)),
        Err(Errno::NODEV | Errno::NXIO) => Ok(None),
        Err(error) => Err(error),
    }
}
