//! What a person calls an interface or a namespace, and which one has that name at the moment.

use std::{
    fs::{self, File},
    os::fd::AsRawFd as _,
    path::{Path, PathBuf},
};

use anyhow::{Error, Result, anyhow};
use droprec_ebpf::record::Wanted;
use rustix::{
    fs::{FsWord, statfs},
    net::{AddressFamily, SocketType, netdevice, socket},
};

use super::{HERE, Interfaces, NAMED, files, inode, name_here, within};
use crate::text::printable;

/// `NSFS_MAGIC` (`include/uapi/linux/magic.h`).
const NSFS: FsWord = 0x6e73_6673;

/// The inode number of a network namespace, by a file of it.
fn namespace_of(file: &Path) -> Option<u32> {
    // Others are not opened: a pipe would wait, and a device make what it likes of the request.
    if statfs(file).ok()?.f_type != NSFS {
        return None;
    }
    let opened = File::open(file).ok()?;
    // SAFETY: the request has no argument (ioctl_nsfs(2)).
    let kind = unsafe { libc::ioctl(opened.as_raw_fd(), libc::NS_GET_NSTYPE) };
    (kind == libc::CLONE_NEWNET).then(|| inode(file))?
}

fn index_here(name: &str) -> Option<u32> {
    let socket = socket(AddressFamily::UNIX, SocketType::DGRAM, None).ok()?;
    netdevice::name_to_index(socket, name).ok()
}

/// The interface of that name in this thread's namespace, and those that had it and are called otherwise now.
fn called_here(name: &str, had: &[Wanted]) -> Vec<Wanted> {
    let Some(netns) = inode(Path::new(HERE)) else {
        return Vec::new();
    };
    let mut indices: Vec<u32> = index_here(name).into_iter().collect();
    for which in had {
        let is_new = which.netns == netns && !indices.contains(&which.ifindex);
        if is_new && name_here(which.ifindex).is_some() {
            indices.push(which.ifindex);
        }
    }
    let wanted = indices.into_iter().map(|ifindex| Wanted { netns, ifindex });
    wanted.collect()
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
    fn file_called(&mut self, wanted: &str) -> Option<PathBuf> {
        let file = match wanted.parse() {
            Ok(netns) => self.file(netns)?,
            Err(_) if wanted.contains('/') => PathBuf::from(wanted),
            Err(_) => Path::new(NAMED).join(wanted),
        };
        namespace_of(&file).map(|_| file)
    }

    /// The inode number of the network namespace that is called so: by the name that `ip netns` gave it, that number, or a
    /// file of it.
    pub fn namespace_called(&mut self, wanted: &str) -> Option<u32> {
        if wanted.parse() == Ok(self.own) {
            return Some(self.own);
        }
        inode(&self.file_called(wanted)?)
    }

    /// The interfaces that are called so: `eth0` in these namespaces, or in this process's own where there are none;
    /// `eth0@namespace` in that one. `had`: those that were, which may have been renamed since.
    pub fn called(
        &mut self,
        wanted: &str,
        namespaces: &[String],
        had: &[Wanted],
    ) -> Result<Vec<Wanted>> {
        if !namespaces.is_empty() && !wanted.contains('@') {
            let mut found = Vec::new();
            for namespace in namespaces {
                found.extend(self.called_in(wanted, namespace, had)?);
            }
            return Ok(found);
        }
        let found = called_here(wanted, had);
        if !found.is_empty() {
            return Ok(found);
        }
        for (name, namespace) in parts(wanted) {
            let found = self.called_in(name, namespace, had)?;
            if !found.is_empty() {
                return Ok(found);
            }
        }
        Ok(Vec::new())
    }

    fn called_in(&mut self, name: &str, namespace: &str, had: &[Wanted]) -> Result<Vec<Wanted>> {
        if namespace.parse() == Ok(self.own) {
            return Ok(called_here(name, had));
        }
        match self.file_called(namespace) {
            // It may have become another's by then.
            Some(file) => within(&file, || called_here(name, had)),
            None => Ok(Vec::new()),
        }
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
            if let Some(names) = self
                .file_called(namespace)
                .and_then(|file| within(&file, names_here).ok())
            {
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
            .filter(|file| within(file, || index_here(wanted)).is_ok_and(|found| found.is_some()))
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
