//! What a person calls an interface or a namespace, and which one has that name at the moment.

use std::{fs::File, io, path::Path};

use anyhow::{Error, Result, anyhow};
use droprec_ebpf::record::Wanted;

use super::{
    Interfaces, Netns,
    namespaces::{self, Inside, NAMED, files, inode},
};
use crate::text::printable;

/// Where something is looked for, again and again.
#[derive(Clone, Debug)]
pub struct Place {
    /// What the namespace is called. `None`: it is this process's own.
    namespace: Option<String>,
    /// Which one that was.
    was: Netns,
    /// It is gone, and only its number, which may be another's by now, could tell it from others.
    is_over: bool,
}

impl Place {
    /// The namespace that is called so; `None`: this process's own.
    #[must_use]
    pub fn new(namespace: Option<&str>) -> Self {
        Self {
            namespace: namespace.map(str::to_owned),
            was: Netns::default(),
            is_over: false,
        }
    }

    /// A number or a file stands for one namespace, and for no other that has it later.
    #[must_use]
    pub fn is_settled(&self) -> bool {
        let is_number = |name: &String| name.contains('/') || name.parse::<u32>().is_ok();
        self.was.inode != 0 && self.namespace.as_ref().is_some_and(is_number)
    }
}

/// The interface of that name in a namespace, and those that had it and are called otherwise now.
fn called(name: &str, inside: &Inside, had: Option<&[Wanted]>) -> Result<Vec<Wanted>> {
    let netns = inside.inode;
    let (mut indices, mut is_found) = (Vec::new(), false);
    for which in had.into_iter().flatten().filter(|of| of.netns == netns) {
        if let Some(now) = inside.name(which.ifindex)? {
            is_found |= now == name;
            indices.push(which.ifindex);
        }
    }
    // Asked for ten times a second, it is to load no module.
    let may_be = |name: &str| had.is_none() || inside.names().iter().any(|known| known == name);
    if !is_found
        && may_be(name)
        && let Some(index) = inside.index(name)?
        && !indices.contains(&index)
    {
        indices.push(index);
    }
    let called = indices.into_iter().map(|ifindex| Wanted { netns, ifindex });
    Ok(called.collect())
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
    fn file_called(&self, wanted: &str) -> io::Result<Option<File>> {
        match wanted.parse() {
            Ok(netns) => self.namespaces.file(netns),
            Err(_) if wanted.contains('/') => namespaces::open(Path::new(wanted)),
            Err(_) => namespaces::open(&Path::new(NAMED).join(wanted)),
        }
    }

    /// A file of the namespace: of the one that is called so, else of the one that was, if it lives on without the name.
    fn file_at(&self, place: &mut Place) -> io::Result<Option<File>> {
        let Some(name) = &place.namespace else {
            return Ok(None);
        };
        if !place.is_settled()
            && let Some(file) = self.file_called(name)?
        {
            let inode = inode(&file).unwrap_or(0);
            if inode != place.was.inode {
                let inside = self.namespaces.enter(&file).ok();
                let cookie = inside.and_then(|inside| inside.cookie()).unwrap_or(0);
                place.was = Netns { inode, cookie };
            }
            return Ok(Some(file));
        }
        let was = place.was;
        let file = if was.inode == 0 || place.is_over {
            None
        } else {
            self.namespaces.file(was.inode)?
        };
        let Some(file) = file else {
            place.is_over = was.cookie == 0 && place.is_settled();
            return Ok(None);
        };
        // Without a cookie nobody knows whether it is another's number by now.
        let is_same = if was.cookie == 0 {
            place.is_settled()
        } else {
            let inside = self.namespaces.enter(&file);
            inside.is_ok_and(|inside| was.is(&inside))
        };
        Ok(is_same.then_some(file))
    }

    /// It is this process's own.
    #[must_use]
    pub fn is_own(&self, place: &Place) -> bool {
        let is_own = |name: &String| name.parse() == Ok(self.namespaces.own);
        place.namespace.as_ref().is_none_or(is_own)
    }

    /// The inode number of the network namespace that is called so: by the name that `ip netns` gave it, that number, or a
    /// file of it.
    pub fn namespace_at(&self, place: &mut Place) -> Result<Option<u32>> {
        if self.is_own(place) {
            return Ok(Some(self.namespaces.own));
        }
        let file = self.file_at(place)?;
        Ok(file.and_then(|file| inode(&file)))
    }

    /// The interfaces that are called so in a place. `had`: those that were, which may have been renamed since.
    pub fn called(
        &self,
        name: &str,
        place: &mut Place,
        had: Option<&[Wanted]>,
    ) -> Result<Vec<Wanted>> {
        match self.inside_at(place)? {
            Some(inside) => called(name, &inside, had),
            None => Ok(Vec::new()),
        }
    }

    fn inside_at(&self, place: &mut Place) -> Result<Option<Inside>> {
        if self.is_own(place) {
            return Ok(Some(Inside::here()?));
        }
        let file = self.file_at(place)?;
        file.map(|file| self.namespaces.enter(&file)).transpose()
    }

    /// The name there of what is called so, or is printed so: with what is dangerous in it escaped.
    fn name_at(&self, wanted: &str, place: &mut Place) -> Result<Option<String>> {
        let Some(inside) = self.inside_at(place)? else {
            return Ok(None);
        };
        if !called(wanted, &inside, None)?.is_empty() {
            return Ok(Some(wanted.to_owned()));
        }
        let mut names = inside.names().into_iter();
        Ok(names.find(|name| printable(name) == wanted))
    }

    /// Where an interface is to be looked for, and how it is called there: `eth0` in these namespaces, or in this process's own
    /// where there are none; `eth0@namespace` in that one. Nowhere: there is none.
    pub fn places(&self, wanted: &str, namespaces: &[String]) -> Result<Vec<(String, Place)>> {
        let mut meant = Vec::new();
        if !namespaces.is_empty() && !wanted.contains('@') {
            for namespace in namespaces {
                let mut place = Place::new(Some(namespace));
                let name = self.name_at(wanted, &mut place)?;
                meant.push((name.unwrap_or_else(|| wanted.to_owned()), place));
            }
        } else {
            let own = (wanted, Place::new(None));
            let others = parts(wanted).map(|(name, namespace)| (name, Place::new(Some(namespace))));
            for (name, mut place) in std::iter::once(own).chain(others) {
                if let Some(name) = self.name_at(name, &mut place)? {
                    meant.push((name, place));
                    break;
                }
            }
        }
        Ok(meant)
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
    #[must_use]
    pub fn unknown_interface(&self, option: &str, wanted: &str, namespaces: &[String]) -> Error {
        let shown = printable(wanted);
        if !namespaces.is_empty() && !wanted.contains('@') {
            return anyhow!(
                "{option} {shown}: no such interface in {}",
                list(namespaces)
            );
        }
        for (_, namespace) in parts(wanted) {
            let file = self.file_called(namespace).ok().flatten();
            let inside = file.and_then(|file| self.namespaces.enter(&file).ok());
            if let Some(inside) = inside {
                let names = list(&inside.names());
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
                let names = self.enter(file).map(|inside| inside.names());
                names.is_some_and(|names| names.iter().any(|name| name == wanted))
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
            list(&Inside::here().map_or_else(|_| Vec::new(), |inside| inside.names()))
        )
    }
}
