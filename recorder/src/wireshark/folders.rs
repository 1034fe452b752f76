//! Where Wireshark looks for what is a user's own.

use std::{
    os::unix::process::CommandExt as _,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use super::user::User;

/// A home without plugins, which root's tshark would run.
const NOBODYS_HOME: &str = "/nonexistent";

/// Where Wireshark looks.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Folders {
    /// For Lua.
    pub(super) plugins: PathBuf,
    /// For profiles, a folder each.
    pub(super) profiles: PathBuf,
    /// For programs that capture.
    pub(super) extcap: PathBuf,
    /// Whether these programs are the user's own: Wireshark before 4.4 has them for all users alone.
    pub(super) has_own_extcap: bool,
    /// It was asked, and this is not what is usual.
    pub(super) is_told: bool,
}

impl Folders {
    /// As Wireshark itself tells, else as is usual since 4.4.
    pub(super) fn of(user: &User) -> Self {
        let Some(mut told) = Self::asked(&user.home, user.ids) else {
            return Self::usual(&user.home);
        };
        // Root puts a program there: what a user's own programs print must not choose the place.
        if user.ids.is_some()
            && !told.has_own_extcap
            && let Some(roots) = Self::asked(Path::new(NOBODYS_HOME), None)
        {
            told.extcap = roots.extcap;
        }
        told
    }

    /// What it tells a user. `ids`: whom to become for it, user and group.
    fn asked(home: &Path, ids: Option<(u32, u32)>) -> Option<Self> {
        let mut command = Command::new("tshark");
        command
            .args(["-G", "folders"])
            .env("HOME", home)
            .stdin(Stdio::null())
            .stderr(Stdio::null());
        if let Some((uid, gid)) = ids {
            // The standard library then takes away root's other groups too.
            command.uid(uid).gid(gid);
        }
        let output = command.output().ok()?;
        Self::told(&String::from_utf8_lossy(&output.stdout))
    }

    /// From what `tshark -G folders` prints: a name, a colon, and a path on each line.
    fn told(text: &str) -> Option<Self> {
        let folder = |name: &str| {
            text.lines().find_map(|line| {
                let path = line.strip_prefix(name)?.strip_prefix(':')?.trim();
                path.starts_with('/').then(|| PathBuf::from(path))
            })
        };
        let own = folder("Personal Extcap path");
        Some(Self {
            plugins: folder("Personal Lua Plugins")?,
            profiles: folder("Personal configuration")?.join("profiles"),
            has_own_extcap: own.is_some(),
            extcap: own.or_else(|| folder("Extcap path"))?,
            is_told: true,
        })
    }

    fn usual(home: &Path) -> Self {
        Self {
            plugins: home.join(".local/lib/wireshark/plugins"),
            profiles: home.join(".config/wireshark/profiles"),
            extcap: home.join(".local/lib/wireshark/extcap"),
            has_own_extcap: true,
            is_told: false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_are_where_each_version_says() {
        let common = "Temp:                \t/tmp\n\
            Personal configuration:\t/home/a b/.config/wireshark\n\
            Personal Plugins:    \t/home/a b/.local/lib/wireshark/plugins/4.4\n\
            Personal Lua Plugins:\t/home/a b/.local/lib/wireshark/plugins\n";
        let old = format!("{common}Extcap path:         \t/usr/lib/wireshark/extcap\n");
        let new = format!(
            "{common}Personal Extcap path:\t/home/a b/.local/lib/wireshark/extcap\n\
            Global Extcap path:  \t/usr/libexec/wireshark/extcap\n"
        );
        let usual = Folders::usual(Path::new("/home/a b"));
        let expected = Folders {
            is_told: true,
            ..usual
        };
        assert_eq!(Folders::told(&new), Some(expected));
        let told = Folders::told(&old).unwrap();
        assert_eq!(told.extcap, Path::new("/usr/lib/wireshark/extcap"));
        assert!(!told.has_own_extcap);
        assert_eq!(Folders::told(""), None);
    }
}
