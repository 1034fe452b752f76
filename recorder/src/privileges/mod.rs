//! The rights that droprec has, and that it gives up once it records.
//!
//! What reads packets then has none that any user would not have: no capability (capabilities(7)), no way to get one by
//! executing a program, and a Landlock domain ([`sandbox`]) in which nothing but the directory of its files can be written. What
//! still takes rights is done by the keeper of [namespaces](crate::kernel::namespaces), and through descriptors that were opened
//! before. With `-Z`, all of it is another [`user`]'s.

pub mod sandbox;
pub mod user;

use std::{
    io,
    path::{Path, PathBuf},
    thread,
};

use anyhow::{Context as _, Result};
use rustix::{
    fs::{Access, AtFlags, CWD, accessat},
    io::Errno,
    thread::{
        CapabilitySet, CapabilitySets, capabilities, remove_capability_from_bounding_set,
        set_capabilities, set_no_new_privs,
    },
};

use self::sandbox::Sandbox;

/// Leaves this thread no capabilities but these, as far as it has them, and takes care that executing a program gives it none.
pub fn reduce_to(kept: CapabilitySet) -> io::Result<()> {
    // Only who may set capabilities may; without, no new privileges are enough.
    for capability in CapabilitySet::from_bits_retain(u64::MAX).iter_names() {
        match remove_capability_from_bounding_set(capability.1) {
            Ok(()) | Err(Errno::INVAL) => {}
            Err(_) => break,
        }
    }
    let kept = capabilities(None)?.permitted & kept;
    // Ambient ones go with the inheritable ones.
    set_capabilities(
        None,
        CapabilitySets {
            effective: kept,
            permitted: kept,
            inheritable: CapabilitySet::empty(),
        },
    )?;
    Ok(set_no_new_privs(true)?)
}

/// Runs `work` on a thread that has none of this process's capabilities, and ends with it.
pub fn without<T: Send>(work: impl FnOnce() -> T + Send) -> Result<T> {
    let reduced = || {
        reduce_to(CapabilitySet::empty())?;
        Ok(work())
    };
    let done: io::Result<T> = thread::scope(|scope| scope.spawn(reduced).join())
        .unwrap_or_else(|_| Err(io::Error::other("the thread without rights panicked")));
    done.context("capabilities cannot be given up")
}

/// What a thread is left with.
#[derive(Clone, Debug)]
pub struct Confinement {
    /// Those of the files that are made while drops are recorded, and written nowhere else.
    pub directories: Vec<PathBuf>,
    /// Landlock keeps it to them. Not where a date names them, or a command is run for each file, which may do what it likes.
    pub is_walled: bool,
}

impl Confinement {
    /// Takes everything else from this thread, and from those that it starts, for good. `None`: it is not walled.
    pub fn confine(&self, kept: CapabilitySet) -> Result<Option<Sandbox>> {
        // The kernel lets a thread confine itself whatever it has given up, but a directory may be hidden from it then.
        let sandbox = self.is_walled.then(|| sandbox::enter(&self.directories));
        let sandbox = sandbox.transpose();
        let sandbox = sandbox.context("Landlock knows no bounds for this process")?;
        reduce_to(kept).context("capabilities cannot be given up")?;
        Ok(sandbox)
    }

    /// The directory in which files cannot be made once capabilities are given up, if there is one.
    pub fn unfit(&self) -> Result<Option<&Path>> {
        let cannot = |directory: &&PathBuf| {
            let asked = Access::WRITE_OK | Access::EXEC_OK;
            accessat(CWD, directory.as_path(), asked, AtFlags::EACCESS).is_err()
        };
        if self.directories.is_empty() {
            return Ok(None);
        }
        let unfit = without(|| self.directories.iter().find(cannot))?;
        Ok(unfit.map(PathBuf::as_path))
    }
}
