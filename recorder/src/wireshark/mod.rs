//! `droprec wireshark`: makes Wireshark know what droprec's comments say, and lists droprec among its interfaces.

mod folders;
mod groups;
mod pieces;
mod plugin;
mod stamp;
mod user;

use std::{
    env,
    fmt::Display,
    fs,
    io::{self, Write as _},
    path::Path,
};

use anyhow::{Context as _, Result};
use clap::Args;
use rustix::{
    fs::{Access, access},
    process::geteuid,
};

use self::{
    folders::Folders,
    pieces::{Piece, pieces},
    stamp::{State, state},
    user::User,
};
use crate::{
    kernel::checks::CAPABILITIES,
    text::{printable, shell_word},
};

/// What is to be done.
#[derive(Args, Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wireshark {
    /// Put them where Wireshark looks for what is yours. A file that you have changed is left as it is
    #[arg(long)]
    pub install: bool,

    /// Take them away again, but for what you have changed
    #[arg(long, conflicts_with = "install")]
    pub uninstall: bool,
}

impl Wireshark {
    /// Does it, and says of each file what became of it. True: all of them are as they are to be.
    pub fn run(self) -> Result<bool> {
        let user = User::of_this()?;
        let folders = Folders::of(&user);
        let program = env::current_exe().context("droprec does not know where it is")?;
        if let Some(name) = &user.name {
            let (name, home) = (printable(name), shown(&user.home));
            line(format_args!("For {name}, who is behind sudo, in {home}:"));
        }
        if user.name.is_none() && geteuid().is_root() {
            line(
                "For root. From 4.4 on, Wireshark loads no plugin of root's: better run it as another user.",
            );
        }
        if !folders.is_told {
            line(
                "No tshark to ask for its folders: these are the usual ones of Wireshark 4.4 and later.",
            );
        }
        let (own, shared): (Vec<Piece>, Vec<Piece>) = pieces(&folders, &program)
            .into_iter()
            .partition(|piece| piece.is_own);
        let mut is_done = true;
        // What is for all users needs root, who is gone once this is the user's process.
        for piece in &shared {
            is_done &= self.handle(piece, &program);
        }
        user.become_it()
            .context("cannot become the user behind sudo")?;
        for piece in &own {
            is_done &= self.handle(piece, &program);
        }
        self.hint(is_done, &program);
        Ok(is_done)
    }

    /// Says what became of a piece. True: it is as it is to be.
    fn handle(self, piece: &Piece, program: &Path) -> bool {
        let path = shown(&piece.path);
        match self.done(piece) {
            Ok(what) => {
                line(format_args!("{what:<13} {path}"));
                true
            }
            Err(error) => {
                line(format_args!("{:<13} {path}: {error}", "CANNOT"));
                if !piece.is_own {
                    let option = if self.uninstall { "un" } else { "" };
                    line(format_args!(
                        "{:<13} Wireshark before 4.4 has one folder for all users, which is root's: \
                         sudo {} wireshark --{option}install",
                        "",
                        typed(program)
                    ));
                }
                false
            }
        }
    }

    fn done(self, piece: &Piece) -> io::Result<&'static str> {
        const CHANGED: &str = "changed, left";
        let path = &piece.path;
        let state = match state(path, &piece.text)? {
            State::Changed | State::Outdated if piece.is_wiresharks => State::Current,
            state => state,
        };
        Ok(match (self.install, self.uninstall, state) {
            (true, _, State::Missing) => {
                piece.write()?;
                "installed"
            }
            (true, _, State::Outdated) => {
                piece.write()?;
                "updated"
            }
            (_, true, State::Missing) => "is not there",
            (_, true, State::Current | State::Outdated) => {
                fs::remove_file(path)?;
                // Where it was the last one in it.
                if let Some(folder) = path.parent().filter(|_| piece.is_of_profile) {
                    let _ = fs::remove_dir(folder);
                }
                "removed"
            }
            (_, _, State::Changed) => CHANGED,
            (_, _, State::Current) => "is there",
            (false, false, State::Missing) => "would install",
            (false, false, State::Outdated) => "would update",
        })
    }

    fn hint(self, is_done: bool, program: &Path) {
        if self.uninstall {
            return;
        }
        if !self.install {
            line("Nothing was done: --install does it, --uninstall takes it away.");
            return;
        }
        let program_typed = typed(program);
        if access(program, Access::EXEC_OK).is_err() {
            line(format_args!(
                "Wireshark will not find {program_typed}, which its user may not run: copy it to /usr/local/bin, and run this from there."
            ));
        } else if is_done {
            line(format_args!(
                "Choose the profile with: wireshark -C droprec. \"Dropped packets\" is among the interfaces; to record without root, once:\n    \
                 sudo setcap {CAPABILITIES} {program_typed}"
            ));
        }
    }
}

/// A program as it is typed.
fn typed(program: &Path) -> String {
    printable(&shell_word(&program.to_string_lossy()))
}

fn shown(path: &Path) -> String {
    printable(&path.to_string_lossy())
}

fn line(text: impl Display) {
    // A reader who has read enough misses nothing.
    let _ = writeln!(io::stdout(), "{text}");
}
