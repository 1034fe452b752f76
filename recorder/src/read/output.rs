//! Standard output, as long as somebody reads it.

use std::{
    fs::File,
    io::{self, BufWriter, ErrorKind, Write},
    os::fd::AsFd as _,
};

use anyhow::{Context as _, Result};
use rustix::event::{PollFd, PollFlags, poll};

/// What is written at once, in bytes.
const PIECE: usize = 128 * 1024;

/// Standard output, in pieces.
pub fn stdout() -> Result<BufWriter<Patient>> {
    let file = io::stdout().as_fd().try_clone_to_owned();
    let file = file.context("there is no standard output")?.into();
    Ok(BufWriter::with_capacity(PIECE, Patient(file)))
}

/// A file that is waited for where it takes nothing at the moment.
#[derive(Debug)]
pub struct Patient(File);

impl Write for Patient {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        loop {
            match self.0.write(bytes) {
                // Another process that has the same pipe may have told it not to wait.
                Err(error) if error.kind() == ErrorKind::WouldBlock => {
                    poll(&mut [PollFd::new(&self.0, PollFlags::OUT)], None)?;
                }
                written => return written,
            }
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
