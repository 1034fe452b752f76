//! The keeper of namespaces: a process of its own, which alone has the rights to find and to enter them while drops are
//! recorded, and parses nothing but numbers.
//!
//! It says which namespaces there are, opens the file of one, and hands out sockets and files of one whose file it is given
//! ([`Inside`]). It ends when the other end of its socket is closed, however that comes.

use std::{
    collections::{HashMap, HashSet},
    fs::File,
    io,
    os::fd::{AsFd, BorrowedFd, OwnedFd},
    path::{Path, PathBuf},
    time::Instant,
};

use rustix::{
    fs::{Mode, OFlags, open},
    io::Errno,
    process::{DumpableBehavior, set_dumpable_behavior},
    stdio::{dup2_stderr, dup2_stdin, dup2_stdout},
    thread::{CapabilitySet, LinkNameSpaceType, move_into_link_name_space, set_name},
};

use super::{
    NAMED, OWN, SEARCH, files, inode, inode_at,
    inside::Inside,
    open as open_namespace,
    wire::{ENTER, LIST, NUMBERS, OPEN, Received, receive, send},
};
use crate::privileges;

/// What it keeps, as far as droprec has it: `setns(2)` takes the first, `/proc/PID/ns` of other users' processes the second.
const RIGHTS: CapabilitySet = CapabilitySet::SYS_ADMIN.union(CapabilitySet::SYS_PTRACE);

/// Signals that end a recording, or have it do something. A terminal sends its own to this process too.
const IGNORED: [libc::c_int; 6] = [
    libc::SIGINT,
    libc::SIGTERM,
    libc::SIGHUP,
    libc::SIGQUIT,
    libc::SIGUSR1,
    libc::SIGUSR2,
];

/// Files that are kept. Beyond it they are all forgotten, and looked for anew.
const MAX_FILES: usize = 16_384;

struct Keeper {
    /// The namespace in which it is while it does nothing: being in another one would keep that alive.
    own: File,
    /// A file of each namespace that was asked for, and when it was found, or found to have none.
    files: HashMap<u32, (Option<PathBuf>, Instant)>,
}

/// Serves until the other end of the socket is closed. Called in a process that does nothing else, and ends with it.
pub(super) fn serve(socket: &OwnedFd) -> io::Result<()> {
    for signal in IGNORED {
        // SAFETY: no handler is installed.
        unsafe { libc::signal(signal, libc::SIG_IGN) };
    }
    // Whoever reads droprec's output is to see its end.
    let null = open("/dev/null", OFlags::RDWR | OFlags::CLOEXEC, Mode::empty())?;
    dup2_stdin(&null)?;
    dup2_stdout(&null)?;
    dup2_stderr(&null)?;
    drop(null);
    set_name(c"droprec-netns")?;
    // A process of the same user is not to look into it.
    set_dumpable_behavior(DumpableBehavior::NotDumpable)?;
    privileges::reduce_to(RIGHTS)?;
    let mut keeper = Keeper {
        own: File::open(OWN)?,
        files: HashMap::new(),
    };
    while let Some(asked) = receive(socket)? {
        keeper.answer(socket, &asked)?;
    }
    Ok(())
}

impl Keeper {
    fn answer(&mut self, socket: &OwnedFd, asked: &Received) -> io::Result<()> {
        let answered = match (&asked.numbers[..], &asked.descriptors[..]) {
            ([LIST], []) => send(socket, &list(), &[]),
            ([OPEN, inode], []) => match self.file(*inode) {
                Some(file) => send(socket, &[0], &[file.as_fd()]),
                None => send(socket, &failure(Errno::NOENT), &[]),
            },
            ([ENTER], [namespace]) => match self.enter(namespace.as_fd())? {
                Ok(inside) => hand_out(socket, &inside),
                Err(error) => send(socket, &failure(error), &[]),
            },
            _ => send(socket, &failure(Errno::INVAL), &[]),
        };
        Ok(answered?)
    }

    /// A file of the namespace. To look for one takes a look at every process, so one that is good still is kept, and one
    /// that there is not is not looked for again at once.
    fn file(&mut self, netns: u32) -> Option<File> {
        let of_it = |path: &Path| {
            let file = open_namespace(path).ok()??;
            (inode(&file) == Some(netns)).then_some(file)
        };
        match self.files.get(&netns) {
            Some((Some(path), _)) if let Some(file) = of_it(path) => return Some(file),
            Some((None, asked)) if asked.elapsed() < SEARCH => return None,
            _ => {}
        }
        let found = paths().find(|(_, inode)| *inode == netns);
        let path = found.map(|(path, _)| path);
        let file = path.as_deref().and_then(of_it);
        let path = path.filter(|_| file.is_some());
        if self.files.len() >= MAX_FILES {
            self.files.clear();
        }
        self.files.insert(netns, (path, Instant::now()));
        file
    }

    /// What tells of the namespace. An error of the outer kind: this process cannot get back to its own.
    fn enter(&self, namespace: BorrowedFd<'_>) -> io::Result<Result<Inside, Errno>> {
        let network = Some(LinkNameSpaceType::Network);
        if let Err(error) = move_into_link_name_space(namespace, network) {
            return Ok(Err(error));
        }
        let inside = Inside::here();
        move_into_link_name_space(self.own.as_fd(), network)?;
        Ok(inside.map_err(|error| Errno::from_io_error(&error).unwrap_or(Errno::IO)))
    }
}

/// An answer without what was asked for.
fn failure(error: Errno) -> [u32; 1] {
    [error.raw_os_error().unsigned_abs()]
}

/// Success, the inode number, which tables there are, and all descriptors.
fn hand_out(socket: &OwnedFd, inside: &Inside) -> rustix::io::Result<()> {
    let mut there = 0;
    let mut descriptors = vec![inside.device.as_fd(), inside.route.as_fd()];
    for (index, table) in inside.tables.iter().enumerate() {
        if let Some(table) = table {
            there |= 1 << index;
            descriptors.push(table.as_fd());
        }
    }
    send(socket, &[0, inside.inode, there], &descriptors)
}

/// Files of namespaces, and their inode numbers: those that have names, and those of running processes.
fn paths() -> impl Iterator<Item = (PathBuf, u32)> {
    let processes = files("/proc").map(|process| process.join("ns/net"));
    let paths = files(NAMED).chain(processes);
    paths.filter_map(|path| Some((path.clone(), inode_at(&path)?)))
}

/// The inode numbers of all namespaces, the own one first.
fn list() -> Vec<u32> {
    let mut seen = HashSet::new();
    let own = inode_at(Path::new(OWN));
    let all = own.into_iter().chain(paths().map(|(_, inode)| inode));
    all.filter(|inode| seen.insert(*inode))
        .take(NUMBERS)
        .collect()
}
