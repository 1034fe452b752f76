//! Many files in place of one: the arguments, which are tcpdump's.

use std::{path::PathBuf, time::Duration};

use clap::Args;

use super::values::{file_size, period};
use crate::sink::writer::OnFull;

/// When a recording goes on in another file, and how many there are.
#[derive(Args, Clone, Debug, Default, PartialEq, Eq)]
pub struct Rotation {
    /// Go on in another file before the packet that comes when this one is larger: SIZE million bytes, or with k, m or g behind
    /// it, KiB, MiB or GiB. The files are FILE, FILE1, FILE2 …
    #[arg(short = 'C', long, value_name = "SIZE", value_parser = file_size, global = true, help_heading = ROTATION)]
    pub file_size: Option<u64>,

    /// Go on in another file after this time, whatever has come: 60, 10m, 24h. FILE is a format of strftime(3) for the time at
    /// which it begins: drops-%F-%T.pcapng
    #[arg(short = 'G', long, value_name = "TIME", value_parser = period, global = true, help_heading = ROTATION)]
    pub rotate_seconds: Option<Duration>,

    /// With -C, begin again with the first file after N, in place of what is in it; with -G, end after N files; with both, it is
    /// for the names alone. With -C they have as many digits as N needs
    #[arg(short = 'W', long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..), global = true, help_heading = ROTATION)]
    pub file_count: Option<u64>,

    /// Run COMMAND FILE for each file when it is closed, at the lowest priority, without waiting for it
    #[arg(short = 'z', long, value_name = "COMMAND", global = true, help_heading = ROTATION)]
    pub postrotate_command: Option<PathBuf>,

    /// What to do when the disk is full
    #[arg(
        long,
        value_name = "WHAT",
        value_enum,
        default_value_t,
        global = true,
        help_heading = ROTATION
    )]
    pub on_full: OnFull,
}

const ROTATION: &str = "Files";

impl Rotation {
    /// There is more than one file.
    #[must_use]
    pub fn is_any(&self) -> bool {
        self.file_size.is_some() || self.rotate_seconds.is_some()
    }

    /// What means nothing without another argument. `has_file`: there is one of -w, and not standard output.
    pub(super) fn incomplete(&self, has_file: bool) -> Option<&'static str> {
        if self.is_any() && !has_file {
            return Some("-C and -G write many files: name them with -w FILE");
        }
        if self.on_full != OnFull::Stop && !has_file {
            return Some("--on-full is for files: name one with -w FILE");
        }
        if self.is_any() {
            return None;
        }
        if self.on_full == OnFull::DropOldest {
            return Some(
                "--on-full drop-oldest removes the oldest of many files: add -C SIZE or -G TIME",
            );
        }
        if self.file_count.is_some() {
            return Some("-W says how many files there are: add -C SIZE or -G TIME");
        }
        self.postrotate_command
            .is_some()
            .then_some("-z is for each of many files: add -C SIZE or -G TIME")
    }
}
