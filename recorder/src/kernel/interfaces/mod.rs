//! Network namespaces and the interfaces in them: from numbers to names and back.
//!
//! A namespace is known by the inode number of its file in procfs, which is what the kernel half sees of it; it has a
//! name if `ip netns` gave it one.

mod find;

use std::{
    collections::HashMap,
    path::Path,
    time::{Duration, Instant},
};

use droprec_ebpf::record::{Kind, Met, Record};

pub use self::find::Place;
pub use super::namespaces::SEARCH;
use super::namespaces::{self, Inside, NAMED, Namespaces, files, inode_at};
use crate::text::printable;

/// How long a name that the kernel gave is believed. A rename within it may show a drop under the other name, and only a
/// drop that no longer had its device.
pub const FRESH: Duration = Duration::from_millis(100);

/// Names that are kept. Beyond it they are all forgotten, and asked for anew.
const MAX_NAMES: usize = 16_384;

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
    /// Where they are.
    pub namespaces: Namespaces,
    /// Names that `ip netns` does not know, by inode number.
    called: HashMap<u32, String>,
    /// Names that it gave, and when they were asked for.
    names: HashMap<Netns, (Option<String>, Instant)>,
    /// The last name of each interface by namespace and index, and when it was learned.
    known: HashMap<(Netns, u32), (String, Instant)>,
}

impl Netns {
    /// Whether it is this one, as far as the inode number, which was found right, and the cookie tell.
    fn is(self, inside: &Inside) -> bool {
        self.cookie == 0 || inside.cookie().is_none_or(|cookie| cookie == self.cookie)
    }
}

impl Interfaces {
    /// Those of these namespaces.
    #[must_use]
    pub fn new(namespaces: Namespaces) -> Self {
        Self {
            namespaces,
            called: HashMap::new(),
            names: HashMap::new(),
            known: HashMap::new(),
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
        let mut named = files(NAMED).filter(|path| inode_at(path) == Some(netns.inode));
        let file = named.find(|path| {
            let inside = self.enter(path);
            inside.is_none_or(|inside| netns.is(&inside))
        });
        let name = file.and_then(|file| Some(printable(&file.file_name()?.to_string_lossy())));
        if self.names.len() >= MAX_NAMES {
            self.names.clear();
        }
        self.names.insert(netns, (name.clone(), Instant::now()));
        name
    }

    /// An interface of that name as a person would call it now: `eth0`, or `eth0@namespace` elsewhere.
    pub fn label(&mut self, netns: Netns, name: &str) -> String {
        if netns.inode == self.namespaces.own || netns.inode == 0 {
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
            self.learn(netns, ifindex, &name, now);
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
        let inside = self.inside(netns.inode);
        let found = inside.filter(|inside| netns.is(inside));
        let found = found.and_then(|inside| inside.name(ifindex).ok()?);
        let name = found
            .map(|name| printable(&name))
            .or(known.map(|(name, _)| name))?;
        self.learn(netns, ifindex, &name, now);
        Some(name)
    }

    fn learn(&mut self, netns: Netns, ifindex: u32, name: &str, now: Instant) {
        if self.known.len() >= MAX_NAMES && !self.known.contains_key(&(netns, ifindex)) {
            self.known.clear();
        }
        self.known.insert((netns, ifindex), (name.to_owned(), now));
    }

    /// The namespace with this inode number, where it can be looked into.
    fn inside(&self, netns: u32) -> Option<Inside> {
        if netns == self.namespaces.own {
            return Inside::here().ok();
        }
        let file = self.namespaces.file(netns).ok()??;
        self.namespaces.enter(&file).ok()
    }

    /// The namespace of this file, where it can be looked into.
    fn enter(&self, file: &Path) -> Option<Inside> {
        let file = namespaces::open(file).ok()??;
        self.namespaces.enter(&file).ok()
    }
}
