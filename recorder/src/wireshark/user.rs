//! Whose Wireshark it is: with sudo, that of the user who typed it.

use std::{env, path::PathBuf, process::Command};

use anyhow::{Context as _, Result, ensure};
use rustix::{
    process::{Gid, Uid, geteuid},
    thread::{set_thread_groups, set_thread_res_gid, set_thread_res_uid},
};

/// A user.
#[derive(Debug)]
pub(super) struct User {
    /// The home directory.
    pub(super) home: PathBuf,
    /// Who it is, where that is another than runs this program: name, uid and gid.
    pub(super) name: Option<String>,
    pub(super) ids: Option<(u32, u32)>,
}

impl User {
    /// The one that this is for.
    pub(super) fn of_this() -> Result<Self> {
        if geteuid().is_root()
            && let Ok(uid) = env::var("SUDO_UID")
            && uid != "0"
        {
            return Self::by_uid(&uid);
        }
        let home = env::home_dir().filter(|home| home.is_absolute());
        Ok(Self {
            home: home.context("there is no home directory: set HOME")?,
            name: None,
            ids: None,
        })
    }

    /// From the line that `getent passwd` has for it.
    fn by_uid(uid: &str) -> Result<Self> {
        let asked = Command::new("getent").args(["passwd", uid]).output();
        let output = asked.context("cannot ask getent for the home of the user behind sudo")?;
        let text = String::from_utf8_lossy(&output.stdout);
        let fields: Vec<&str> = text.trim_end().split(':').collect();
        ensure!(
            output.status.success() && fields.len() >= 6 && fields[5].starts_with('/'),
            "no user has the number {uid}, which SUDO_UID says is behind sudo: run it without sudo"
        );
        Ok(Self {
            home: fields[5].into(),
            name: Some(fields[0].to_owned()),
            ids: Some((fields[2].parse()?, fields[3].parse()?)),
        })
    }

    /// Makes this process the user's for good: what it makes from here on is theirs, and no link in their home leads root
    /// anywhere. Nothing else may run in it.
    pub(super) fn become_it(&self) -> Result<()> {
        if let Some((uid, gid)) = self.ids {
            let (uid, gid) = (Uid::from_raw(uid), Gid::from_raw(gid));
            set_thread_groups(&[gid])?;
            set_thread_res_gid(gid, gid, gid)?;
            set_thread_res_uid(uid, uid, uid)?;
        }
        Ok(())
    }
}
