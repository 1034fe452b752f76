//! Network namespaces and the interfaces in them: from numbers to names and back.
//!
//! A namespace is known by the inode number of its file in procfs, which is what the kernel half sees of it; it has a
//! name if `ip netns` gave it one.

mod find;

use std::{
    collections::HashMap,
    fs::{self, File},
    os::{fd::AsRawFd as _, unix::fs::MetadataExt as _},
    path::{Path, PathBuf},
    ptr, thread,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, bail};
use droprec_ebpf::record::{Kind, Met, Record};
use rustix::{
    net::{AddressFamily, SocketType, socket},
    thread::{LinkNameSpaceType, move_into_link_name_space},
};

pub use self::find::Place;
use self::find::name_here;
use crate::text::printable;

/// The file of this process's own.
pub(crate) const OWN: &str = "/proc/self/ns/net";
/// The file of the one that this thread is in.
pub(crate) const HERE: &str = "/proc/thread-self/ns/net";
/// Where `ip netns add` keeps its names.
pub(crate) const NAMED: &str = "/run/netns";

/// How long a name that the kernel gave is believed. A rename within it may show a drop under the other name, and only a
/// drop that no longer had its device.
pub const FRESH: Duration = Duration::from_millis(100);

/// How long until a namespace without a file, or its name, is looked for again.
pub const SEARCH: Duration = Duration::from_secs(1);

/// A network namespace. The inode number of one that is gone is soon another's; the cookie never is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Netns {
    /// Inode number; 0: not known.
    pub inode: u32,
    /// The kernel's `net_cookie`; 0: it gives none.
    pub cookie: u64,
}

impl From<&Record> for Netns {
    fn from(record: &Record) -> Self {
        Self {
            inode: record.netns,
            cookie: record.netns_cookie,
        }
    }
}

impl From<&Met> for Netns {
    fn from(met: &Met) -> Self {
        Self {
            inode: met.netns,
            cookie: met.netns_cookie,
        }
    }
}

impl From<&Kind> for Netns {
    fn from(kind: &Kind) -> Self {
        Self {
            inode: kind.netns,
            cookie: kind.netns_cookie,
        }
    }
}

/// The names of namespaces and interfaces, asked for as they are needed.
#[derive(Debug)]
pub struct Interfaces {
    /// Inode number of this process's namespace; 0 on a kernel that has only one.
    own: u32,
    /// Names that `ip netns` does not know, by inode number.
    called: HashMap<u32, String>,
    /// Names that it gave, and when they were asked for.
    names: HashMap<Netns, (Option<String>, Instant)>,
    /// The last name of each interface by namespace and index, and when it was learned.
    known: HashMap<(Netns, u32), (String, Instant)>,
    /// A file of each namespace that was looked into, and when it was found, or found to have none.
    files: HashMap<u32, (Option<PathBuf>, Instant)>,
}

/// `SO_NETNS_COOKIE` (`include/uapi/asm-generic/socket.h`, since v5.14).
const SO_NETNS_COOKIE: libc::c_int = 71;

/// The cookie of this thread's namespace. `None`: the kernel does not tell.
pub(crate) fn cookie_here() -> Option<u64> {
    let socket = socket(AddressFamily::UNIX, SocketType::DGRAM, None).ok()?;
    let (mut cookie, mut size) = (0_u64, size_of::<u64>() as libc::socklen_t);
    // SAFETY: a number and its size, both of which outlive the call.
    let failed = unsafe {
        libc::getsockopt(
            socket.as_raw_fd(),
            libc::SOL_SOCKET,
            SO_NETNS_COOKIE,
            ptr::from_mut(&mut cookie).cast(),
            &raw mut size,
        )
    };
    (failed == 0 && cookie != 0).then_some(cookie)
}

impl Netns {
    /// Whether this thread is in it, as far as the inode number, which was found right, and the cookie tell.
    fn is_here(self) -> bool {
        self.cookie == 0 || cookie_here().is_none_or(|cookie| cookie == self.cookie)
    }
}

pub(crate) fn inode(path: &Path) -> Option<u32> {
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

/// A file of the namespace: its own name, else that of a process in it.
fn namespace_file(netns: u32) -> Option<PathBuf> {
    let processes = files("/proc").map(|process| process.join("ns/net"));
    files(NAMED)
        .chain(processes)
        .find(|path| inode(path) == Some(netns))
}

/// Runs `work` in another namespace, on a thread that ends with it.
pub(crate) fn within<T: Send>(namespace: &Path, work: impl FnOnce() -> T + Send) -> Result<T> {
    let file = File::open(namespace)
        .with_context(|| format!("{} cannot be opened", namespace.display()))?;
    let enter = || -> Result<T> {
        move_into_link_name_space(
            std::os::fd::AsFd::as_fd(&file),
            Some(LinkNameSpaceType::Network),
        )
        .with_context(|| {
            format!(
                "{} cannot be entered: run droprec as root, or add cap_sys_admin",
                namespace.display()
            )
        })?;
        Ok(work())
    };
    thread::scope(|scope| scope.spawn(enter).join())
        .unwrap_or_else(|_| bail!("the thread in the namespace panicked"))
}

impl Default for Interfaces {
    fn default() -> Self {
        Self::new()
    }
}

impl Interfaces {
    /// Learns this process's own namespace.
    #[must_use]
    pub fn new() -> Self {
        Self {
            own: inode(Path::new(OWN)).unwrap_or(0),
            called: HashMap::new(),
            names: HashMap::new(),
            known: HashMap::new(),
            files: HashMap::new(),
        }
    }

    /// Gives a namespace a name that `ip netns` does not know.
    pub fn call(&mut self, inode: u32, name: &str) {
        self.called.insert(inode, name.to_owned());
    }

    /// The name that `ip netns`, or droprec itself, gave a namespace, fit to print.
    pub fn namespace(&mut self, netns: Netns) -> Option<String> {
        if netns.inode == 0 {
            return None;
        }
        if let Some(name) = self.called.get(&netns.inode) {
            return Some(name.clone());
        }
        if let Some((name, asked)) = self.names.get(&netns)
            && asked.elapsed() < SEARCH
        {
            return name.clone();
        }
        // Where it may not be entered, the inode number must do.
        let mut named = files(NAMED).filter(|path| inode(path) == Some(netns.inode));
        let file = named.find(|path| within(path, || netns.is_here()).unwrap_or(true));
        let name = file.and_then(|file| Some(printable(&file.file_name()?.to_string_lossy())));
        self.names.insert(netns, (name.clone(), Instant::now()));
        name
    }

    /// An interface of that name as a person would call it now: `eth0`, or `eth0@namespace` elsewhere.
    pub fn label(&mut self, netns: Netns, name: &str) -> String {
        if netns.inode == self.own || netns.inode == 0 {
            return name.to_owned();
        }
        match self.namespace(netns) {
            Some(namespace) => format!("{name}@{namespace}"),
            None => format!("{name}@{}", netns.inode),
        }
    }

    /// The interface's own name; of one that has none any more, its index. `name`: what it was called when it dropped the
    /// packet, if that was still at hand.
    pub fn name(&mut self, netns: Netns, ifindex: u32, name: &str) -> String {
        if !name.is_empty() {
            let name = printable(name);
            let now = Instant::now();
            self.known.insert((netns, ifindex), (name.clone(), now));
            return name;
        }
        self.name_now(netns, ifindex)
            .unwrap_or_else(|| format!("ifindex {ifindex}"))
    }

    /// What the interface is called now, or was when it was last seen.
    pub fn name_now(&mut self, netns: Netns, ifindex: u32) -> Option<String> {
        let now = Instant::now();
        let known = self.known.get(&(netns, ifindex)).cloned();
        if let Some((name, learned)) = &known
            && now - *learned < FRESH
        {
            return Some(name.clone());
        }
        let found = if netns.inode == self.own {
            name_here(ifindex).ok().flatten()
        } else {
            self.file(netns.inode).and_then(|file| {
                within(&file, || {
                    netns.is_here().then(|| name_here(ifindex).ok()?)?
                })
                .ok()?
            })
        };
        let name = found
            .map(|name| printable(&name))
            .or(known.map(|(name, _)| name))?;
        self.known.insert((netns, ifindex), (name.clone(), now));
        Some(name)
    }

    /// A file of the namespace. To look for one takes a look at every process, so one that is good still is kept, and one
    /// that there is not is not looked for again at once.
    fn file(&mut self, netns: u32) -> Option<PathBuf> {
        if let Some((file, asked)) = self.files.get(&netns) {
            match file {
                Some(file) if inode(file) == Some(netns) => return Some(file.clone()),
                None if asked.elapsed() < SEARCH => return None,
                _ => {}
            }
        }
        let file = namespace_file(netns);
        self.files.insert(netns, (file.clone(), Instant::now()));
        file
    }
}
