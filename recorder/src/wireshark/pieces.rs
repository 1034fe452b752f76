//! The files that Wireshark is given.

use std::{
    fs::{self, Permissions},
    io,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
};

use super::{folders::Folders, groups, plugin, stamp::stamped};
use crate::text::shell_word;

/// A file for Wireshark.
#[derive(Debug)]
pub(super) struct Piece {
    /// Where it belongs.
    pub(super) path: PathBuf,
    /// All that is in it.
    pub(super) text: String,
    pub(super) mode: u32,
    /// It is in the user's home, not in a folder for all users.
    pub(super) is_own: bool,
    /// It is in a folder of its own: the profile's.
    pub(super) is_of_profile: bool,
    /// Wireshark writes it anew whenever it ends.
    pub(super) is_wiresharks: bool,
}

impl Piece {
    /// Puts it in its place, whole or not at all: half of it would be taken for somebody's change.
    pub(super) fn write(&self) -> io::Result<()> {
        let Self {
            path, text, mode, ..
        } = self;
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        // Wireshark takes no file of this name for a plugin or a program.
        let new = path.with_file_name(format!(".{name}.new"));
        let put = || {
            if let Some(folder) = path.parent() {
                fs::create_dir_all(folder)?;
            }
            fs::write(&new, text)?;
            fs::set_permissions(&new, Permissions::from_mode(*mode))?;
            fs::rename(&new, path)
        };
        put().inspect_err(|_| {
            // What matters is the first error.
            let _ = fs::remove_file(&new);
        })
    }
}

/// All of them. `program`: droprec.
pub(super) fn pieces(folders: &Folders, program: &Path) -> Vec<Piece> {
    let profile = folders.profiles.join("droprec");
    let of_profile = |name: &str, text: &str| Piece {
        path: profile.join(name),
        text: stamped(text, "#"),
        mode: 0o644,
        is_own: true,
        is_of_profile: true,
        is_wiresharks: false,
    };
    vec![
        Piece {
            path: folders.plugins.join("droprec.lua"),
            text: stamped(&plugin::text(), "--"),
            mode: 0o644,
            is_own: true,
            is_of_profile: false,
            is_wiresharks: false,
        },
        of_profile("preferences", include_str!("../../wireshark/preferences")),
        of_profile("colorfilters", &groups::colours()),
        of_profile("dfilter_buttons", &groups::buttons()),
        of_profile("io_graphs", &groups::graphs()),
        Piece {
            is_wiresharks: true,
            ..of_profile("recent", include_str!("../../wireshark/recent"))
        },
        Piece {
            path: folders.extcap.join("droprec"),
            text: stamped(&start(program), "#"),
            mode: 0o755,
            is_own: folders.has_own_extcap,
            is_of_profile: false,
            is_wiresharks: false,
        },
    ]
}

/// What Wireshark runs, with arguments that all begin with `--extcap`.
fn start(program: &Path) -> String {
    let program = program.to_string_lossy();
    let program = shell_word(&program);
    format!(
        "#!/bin/sh\n\
         # Lists \"Dropped packets\" among Wireshark's interfaces.\n\
         exec {program} extcap \"$@\"\n"
    )
}
