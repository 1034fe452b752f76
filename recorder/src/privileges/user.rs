//! `-Z USER`: becomes a user who has no rights of its own, as tcpdump(8) does.

use std::ffi::CString;

use anyhow::{Context as _, Result, anyhow, bail};
use nix::unistd::{Gid, Uid, User as Entry, initgroups, setresgid, setresuid};
use rustix::{
    process::geteuid,
    thread::{CapabilitySet, capabilities, set_capabilities, set_keep_capabilities},
};

/// What setting up a recording may take. None of them opens a file that the user may not open.
const SETUP: CapabilitySet = CapabilitySet::BPF
    .union(CapabilitySet::PERFMON)
    .union(CapabilitySet::SYSLOG)
    .union(CapabilitySet::SYS_ADMIN)
    .union(CapabilitySet::SYS_PTRACE)
    .union(CapabilitySet::SYS_RESOURCE)
    .union(CapabilitySet::SETPCAP);

/// A user of this machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct User {
    name: String,
    uid: Uid,
    gid: Gid,
}

impl User {
    /// The one that is called so.
    pub fn named(name: &str) -> Result<Self> {
        let entry = Entry::from_name(name).context("users cannot be looked up")?;
        let entry =
            entry.ok_or_else(|| anyhow!("there is no such user: `getent passwd` lists them"))?;
        Ok(Self {
            name: entry.name,
            uid: entry.uid,
            gid: entry.gid,
        })
    }

    /// Makes this process the user's for good, with the user's groups: what it makes from here on is theirs. It keeps the
    /// capabilities that setting up a recording takes. To be called before there is another thread.
    pub fn become_it(&self) -> Result<()> {
        if geteuid().as_raw() == self.uid.as_raw() {
            return Ok(());
        }
        if !geteuid().is_root() {
            bail!(
                "-Z {}: only root can become another user: sudo droprec …",
                self.name
            );
        }
        let name = CString::new(self.name.clone())?;
        let become_it = || -> Result<()> {
            initgroups(&name, self.gid)?;
            setresgid(self.gid, self.gid, self.gid)?;
            set_keep_capabilities(true)?;
            setresuid(self.uid, self.uid, self.uid)?;
            set_keep_capabilities(false)?;
            let mut sets = capabilities(None)?;
            sets.permitted &= SETUP;
            sets.effective = sets.permitted;
            sets.inheritable = CapabilitySet::empty();
            Ok(set_capabilities(None, sets)?)
        };
        become_it().with_context(|| format!("cannot become {}", self.name))
    }
}
