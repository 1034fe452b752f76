//! What a person calls an interface or a namespace, and which one has that name at the moment.

use std::{
    fs::{self, File},
    io::{self, ErrorKind},
    os::fd::AsRawFd as _,
    path::{Path, PathBuf},
};

use anyhow::{Error, Result, anyhow};
use droprec_ebpf::record::Wanted;
use rustix::{
    fs::{FsWord, statfs},
    io::Errno,
    net::{AddressFamily, SocketType, netdevice, socket},
};

use super::{HERE, Interfaces, NAMED, Netns, cookie_here, files, inode, within};
use crate::text::printable;

/// `NSFS_MAGIC` (`include/uapi/linux/magic.h`).
const NSFS: FsWord = 0x6e73_6673;

/// Where something is looked for, again and again.
#[derive(Clone, Debug)]
pub struct Place {
    /// What the namespace is called. `None`: it is this process's own.
    namespace: Option<String>,
    /// Which one that was.
    was: Netns,
}

impl Place {
    /// The namespace that is called so; `None`: this process's own.
    #[must_use]
    pub fn new(namespace: Option<&str>) -> Self {
        Self {
            namespace: namespace.map(str::to_owned),
            was: Netns::default(),
        }
    }

    /// A number or a file stands for one namespace, and for no other that has it later.
    #[must_use]
    pub fn is_settled(&self) -> bool {
        let is_number = |name: &String| name.contains('/') || name.parse::<u32>().is_ok();
        self.was.inode != 0 && self.namespace.as_ref().is_some_and(is_number)
    }
}

/// Whether this is a file of a network namespace.
fn is_namespace(file: &Path) -> io::Result<bool> {
    // Others are not opened: a pipe would wait, and a device make what it likes of the request.
    if statfs(file)?.f_type != NSFS {
        return Ok(false);
    }
    let opened = File::open(file)?;
    // SAFETY: the request has no argument (ioctl_nsfs(2)).
    let kind = unsafe { libc::ioctl(opened.as_raw_fd(), libc::NS_GET_NSTYPE) };
    Ok(kind == libc::CLONE_NEWNET)
}

/// The index of the interface with this name, or this other name. For one that there is not, the kernel looks for a module.
fn index_here(name: &str) -> rustix::io::Result<Option<u32>> {
    let socket = socket(AddressFamily::UNIX, SocketType::DGRAM, None)?;
    match netdevice::name_to_index(socket, name) {
        Ok(index) => Ok(Some(index)),
        Err(Errno::NODEV | Errno::NXIO) => Ok(None),
        Err(error) => Err(error),
    }
}

/// What an interface in this thread's namespace is called.
pub(super) fn name_here(ifindex: u32) -> rustix::io::Result<Option<String>> {
    let socket = socket(AddressFamily::UNIX, SocketType::DGRAM, None)?;
    match netdevice::index_to_name(socket, ifindex) {
        Ok(name) => Ok(Some(name)),
        Err(Errno::NODEV | Errno::NXIO) => Ok(None),
        Err(error) => Err(error),
    }
}

/// The interface of that name in this thread's namespace, and those that had it and are called otherwise now.
fn called_here(name: &str, had: Option<&[Wanted]>) -> Result<Vec<Wanted>> {
    let Some(netns) = inode(Path::new(HERE)) else {
        return Ok(Vec::new());
    };
    let (mut indices, mut is_found) = (Vec::new(), false);
    for which in had.into_iter().flatten().filter(|of| of.netns == netns) {
        if let Some(now) = name_here(which.ifindex)? {
            is_found |= now == name;
            indices.push(which.ifindex);
        }
    }
    // Asked for ten times a second, it is to load no module.
    let may_be = |name: &str| had.is_none() || names_here().iter().any(|known| known == name);
    if !is_found
        && may_be(name)
        && let Some(index) = index_here(name)?
        && !indices.contains(&index)
    {
        indices.push(index);
    }
    let called = indices.into_iter().map(|ifindex| Wanted { netns, ifindex });
    Ok(called.collect())
}

/// The names of the interfaces in this thread's namespace.
fn names_here() -> Vec<String> {
    let table = fs::read("/proc/thread-self/net/dev").unwrap_or_default();
    let table = String::from_utf8_lossy(&table);
    table
        .lines()
        .filter_map(|line| Some(line.split_once(':')?.0.trim().to_owned()))
        .collect()
}

/// Each part that may be an interface's name with the part that may be its namespace's: both may contain an `@`.
fn parts(wanted: &str) -> impl Iterator<Item = (&str, &str)> {
    let ats = wanted.rmatch_indices('@');
    ats.map(|(at, _)| (&wanted[..at], &wanted[at + 1..]))
}

fn list(names: &[String]) -> String {
    let names: Vec<String> = names.iter().map(|name| printable(name)).collect();
    names.join(", ")
}

impl Interfaces {
    /// A file of the network namespace that has this name with `ip netns`, or this inode number, or that is this file.
    fn file_called(&mut self, wanted: &str) -> io::Result<Option<PathBuf>> {
        let file = match wanted.parse() {
            Ok(netns) => self.file(netns),
            Err(_) if wanted.contains('/') => Some(PathBuf::from(wanted)),
            Err(_) => Some(Path::new(NAMED).join(wanted)),
        };
        let Some(file) = file else { return Ok(None) };
        match is_namespace(&file) {
            Ok(is_one) => Ok(is_one.then_some(file)),
            Err(error)
                if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) =>
            {
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    /// A file of the namespace: of the one that is called so, else of the one that was, if it lives on without the name.
    fn file_at(&mut self, place: &mut Place) -> io::Result<Option<PathBuf>> {
        let Some(name) = &place.namespace else {
            return Ok(None);
        };
        if !place.is_settled()
            && let Some(file) = self.file_called(name)?
        {
            let inode = inode(&file).unwrap_or(0);
            if inode != place.was.inode {
                let cookie = within(&file, cookie_here).ok().flatten();
                let cookie = cookie.unwrap_or(0);
                place.was = Netns { inode, cookie };
            }
            return Ok(Some(file));
        }
        let was = place.was;
        let Some(file) = Some(was.inode)
            .filter(|inode| *inode != 0)
            .and_then(|inode| self.file(inode))
        else {
            return Ok(None);
        };
        // Without a cookie nobody knows whether it is another's number by now.
        let is_same = if was.cookie == 0 {
            place.is_settled()
        } else {
            within(&file, || was.is_here()).unwrap_or(false)
        };
        Ok(is_same.then_some(file))
    }

    /// The inode number of the network namespace that is called so: by the name that `ip netns` gave it, that number, or a
    /// file of it.
    pub fn namespace_at(&mut self, place: &mut Place) -> Result<Option<u32>> {
        let is_own = |name: &String| name.parse() == Ok(self.own);
        if place.namespace.as_ref().is_none_or(is_own) {
            return Ok(Some(self.own));
        }
        let file = self.file_at(place)?;
        Ok(file.and_then(|file| inode(&file)))
    }

    /// The interfaces that are called so in a place. `had`: those that were, which may have been renamed since.
    pub fn called(
        &mut self,
        name: &str,
        place: &mut Place,
        had: Option<&[Wanted]>,
    ) -> Result<Vec<Wanted>> {
        let is_own = |name: &String| name.parse() == Ok(self.own);
        if place.namespace.as_ref().is_none_or(is_own) {
            return called_here(name, had);
        }
        match self.file_at(place)? {
            Some(file) => within(&file, || called_here(name, had))?,
            None => Ok(Vec::new()),
        }
    }

    /// Where an interface is to be looked for, and how it is called there: `eth0` in these namespaces, or in this process's own
    /// where there are none; `eth0@namespace` in that one. Nowhere: there is none.
    pub fn places(&mut self, wanted: &str, namespaces: &[String]) -> Result<Vec<(String, Place)>> {
        let mut meant = Vec::new();
        if !namespaces.is_empty() && !wanted.contains('@') {
            for namespace in namespaces {
                meant.push((wanted, Place::new(Some(namespace))));
            }
        } else {
            let own = (wanted, Place::new(None));
            let others = parts(wanted).map(|(name, namespace)| (name, Place::new(Some(namespace))));
            for (name, mut place) in std::iter::once(own).chain(others) {
                if !self.called(name, &mut place, None)?.is_empty() {
                    meant.push((name, place));
                    break;
                }
            }
        }
        Ok(meant
            .into_iter()
            .map(|(name, place)| (name.to_owned(), place))
            .collect())
    }

    /// What to say where no namespace is called so.
    #[must_use]
    pub fn unknown_namespace(option: &str, wanted: &str) -> Error {
        anyhow!(
            "{option} {}: no such network namespace: `ip netns` lists those that have names, `lsns -t net` all with their numbers",
            printable(wanted)
        )
    }

    /// What to say where no interface is called so.
    pub fn unknown_interface(
        &mut self,
        option: &str,
        wanted: &str,
        namespaces: &[String],
    ) -> Error {
        let shown = printable(wanted);
        if !namespaces.is_empty() && !wanted.contains('@') {
            return anyhow!(
                "{option} {shown}: no such interface in {}",
                list(namespaces)
            );
        }
        for (_, namespace) in parts(wanted) {
            let file = self.file_called(namespace).ok().flatten();
            if let Some(names) = file.and_then(|file| within(&file, names_here).ok()) {
                let names = list(&names);
                return anyhow!("{option} {shown}: no such interface; that namespace has {names}");
            }
        }
        if let Some((_, namespace)) = wanted.rsplit_once('@') {
            return anyhow!(
                "{option} {shown}: no network namespace '{}': `ip netns` lists those that have names, others go by inode number",
                printable(namespace)
            );
        }
        let elsewhere: Vec<String> = files(NAMED)
            .filter(|file| {
                within(file, names_here).is_ok_and(|names| names.iter().any(|name| name == wanted))
            })
            .filter_map(|file| Some(format!("{wanted}@{}", file.file_name()?.to_string_lossy())))
            .collect();
        let hint = if elsewhere.is_empty() {
            "one in another namespace is called NAME@NAMESPACE".to_owned()
        } else {
            format!("elsewhere there is {}", list(&elsewhere))
        };
        anyhow!(
            "{option} {shown}: no such interface; here there is {}; {hint}",
            list(&names_here())
        )
    }
}
