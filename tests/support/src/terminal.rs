//! A terminal of a given size, and what is drawn on it.

use std::{fs::File, io, os::fd::FromRawFd as _, process::Stdio, ptr};

use rustix::termios::{Winsize, tcsetwinsize};

use crate::Output;

/// Takes the cursor to the first column of the first line, and away what is on the screen.
const CLEAR: &str = "\x1b[H\x1b[J";

/// A terminal (pty(7)). What it shows is kept as it comes.
#[derive(Debug)]
pub struct Terminal {
    master: File,
    output: Output,
}

fn size(columns: u16, rows: u16) -> Winsize {
    Winsize {
        ws_col: columns,
        ws_row: rows,
        ws_xpixel: 0,
        ws_ypixel: 0,
    }
}

impl Terminal {
    /// A terminal of so many columns and rows, and what a program is to write to.
    #[must_use]
    pub fn new(columns: u16, rows: u16) -> (Self, Stdio) {
        let (mut master, mut slave) = (0, 0);
        // SAFETY: two descriptors to be filled in; neither a name nor settings are asked for.
        let opened = unsafe {
            libc::openpty(
                &raw mut master,
                &raw mut slave,
                ptr::null_mut(),
                ptr::null(),
                ptr::null(),
            )
        };
        assert_eq!(opened, 0, "no terminal: {}", io::Error::last_os_error());
        // SAFETY: they were just opened, and nobody else has them.
        let (master, slave) = unsafe { (File::from_raw_fd(master), File::from_raw_fd(slave)) };
        let reader = master.try_clone().expect("a descriptor can be copied");
        let terminal = Self {
            master,
            output: Output::read(reader),
        };
        terminal.resize(columns, rows);
        (terminal, slave.into())
    }

    /// Gives it another size.
    pub fn resize(&self, columns: u16, rows: u16) {
        tcsetwinsize(&self.master, size(columns, rows)).expect("a terminal has a size");
    }

    /// The lines of each picture that was drawn so far, the last of which may still be on its way. What was there before the
    /// first one comes first.
    #[must_use]
    pub fn pictures(&self) -> Vec<Vec<String>> {
        pictures(&self.output.text())
    }

    /// All of them, once nobody draws any more.
    #[must_use]
    pub fn to_end(self) -> Vec<Vec<String>> {
        pictures(&String::from_utf8_lossy(&self.output.to_end()))
    }
}

fn pictures(text: &str) -> Vec<Vec<String>> {
    let lines = |picture: &str| picture.lines().map(str::to_owned).collect();
    text.split(CLEAR).map(lines).collect()
}
