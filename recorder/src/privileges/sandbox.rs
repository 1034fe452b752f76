//! A Landlock domain (landlock(7), Linux 5.13): what a thread, and those that it starts, can still open.

use std::{
    fmt::{self, Display, Formatter},
    path::PathBuf,
    thread,
};

use landlock::{
    ABI, Access as _, AccessFs, AccessNet, BitFlags, LandlockStatus, RestrictionStatus, Ruleset,
    RulesetAttr as _, RulesetCreatedAttr as _, RulesetError, RulesetStatus, Scope, make_bitflags,
    path_beneath_rules,
};

use crate::text::printable;

/// Where what is read while drops are recorded lies: what the kernel tells of itself, namespaces that have names, debug
/// information, and time zones.
const READ: [&str; 7] = [
    "/proc",
    "/sys",
    "/run/netns",
    "/usr",
    "/lib",
    "/boot",
    "/etc/localtime",
];

/// The newest version of which anything is asked; a kernel does what its own has. 3 guards what is truncated, 4 TCP, 5 devices, 6
/// signals and abstract sockets.
const NEWEST: ABI = ABI::V6;

/// What holds for a thread.
#[derive(Debug)]
pub struct Sandbox {
    /// The kernel's version of Landlock; none: it has none, or it is off, and nothing holds.
    version: Option<ABI>,
    directories: Vec<PathBuf>,
}

/// Enters a domain in which files can be made, written and removed in these directories alone, and read there and where the kernel
/// and its debug information are. There is no way out of it.
pub fn enter(directories: &[PathBuf]) -> Result<Sandbox, RulesetError> {
    let read = make_bitflags!(AccessFs::{ReadFile | ReadDir});
    let write: BitFlags<AccessFs> =
        make_bitflags!(AccessFs::{WriteFile | Truncate | MakeReg | RemoveFile});
    let status = Ruleset::default()
        .handle_access(AccessFs::from_all(NEWEST))?
        .handle_access(AccessNet::from_all(NEWEST))?
        .scope(Scope::from_all(NEWEST))?
        .create()?
        .add_rules(path_beneath_rules(READ, read))?
        // Namespaces that have names may come later, and the directory with them.
        .add_rules(path_beneath_rules(["/run"], AccessFs::ReadDir))?
        .add_rules(path_beneath_rules(directories, read | write))?
        .restrict_self()?;
    Ok(Sandbox {
        version: version(&status),
        directories: directories.to_vec(),
    })
}

fn version(status: &RestrictionStatus) -> Option<ABI> {
    match status.landlock {
        LandlockStatus::Available { effective_abi, .. }
            if status.ruleset != RulesetStatus::NotEnforced =>
        {
            Some(effective_abi)
        }
        _ => None,
    }
}

/// The kernel's version of Landlock, found out by a thread that enters a domain and ends. `None`: it has none, or it is off.
#[must_use]
pub fn offered() -> Option<ABI> {
    let entered = thread::spawn(|| enter(&[])).join().ok()?;
    entered.ok()?.version
}

impl Display for Sandbox {
    fn fmt(&self, out: &mut Formatter<'_>) -> fmt::Result {
        let Some(version) = self.version else {
            return out.write_str("no Landlock: files are kept from it by their modes alone");
        };
        if self.directories.is_empty() {
            return write!(out, "Landlock {version}: no file is made or written");
        }
        let names = self.directories.iter().map(|path| path.to_string_lossy());
        let names: Vec<String> = names.map(|name| printable(&name)).collect();
        write!(
            out,
            "Landlock {version}: files are made and written in {} alone",
            names.join(" and ")
        )
    }
}
