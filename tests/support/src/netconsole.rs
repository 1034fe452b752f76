//! The kernel's messages, sent over a network by a driver that may not sleep (`Documentation/networking/netconsole.rst`).

use std::{
    fs::{self, OpenOptions},
    io::Write as _,
    path::{Path, PathBuf},
    process::Command,
};

use tempfile::TempDir;

use crate::run;

/// A target of netconsole's, in the tests' own namespace. It goes when dropped; the module stays.
#[derive(Debug)]
pub struct NetConsole {
    target: PathBuf,
    configfs: TempDir,
}

impl NetConsole {
    /// Has messages sent out of an interface that is up. The module must be loaded.
    #[must_use]
    pub fn new(interface: &str) -> Self {
        let configfs = tempfile::tempdir();
        let configfs = configfs.unwrap_or_else(|error| panic!("no place for configfs: {error}"));
        let place = configfs.path().to_string_lossy();
        run("mount", &["-t", "configfs", "none", &place]);
        let target = configfs.path().join("netconsole").join(interface);
        let console = Self { target, configfs };
        fs::create_dir(&console.target)
            .unwrap_or_else(|error| panic!("no target of netconsole: {error}"));
        for (file, value) in [
            ("dev_name", interface),
            ("local_ip", "192.0.2.1"),
            ("remote_ip", "192.0.2.2"),
            ("remote_mac", "02:00:00:00:00:02"),
            ("enabled", "1"),
        ] {
            console.write(file, value);
        }
        console
    }

    fn write(&self, file: &str, value: &str) {
        write(&self.target.join(file), value);
    }

    /// Has the kernel say something that goes to every console.
    pub fn say(&self, message: &str) {
        write(Path::new("/dev/kmsg"), &format!("<0>{message}\n"));
    }
}

fn write(file: &Path, value: &str) {
    let opened = OpenOptions::new().write(true).open(file);
    opened
        .and_then(|mut opened| opened.write_all(value.as_bytes()))
        .unwrap_or_else(|error| panic!("{} does not take {value}: {error}", file.display()));
}

impl Drop for NetConsole {
    fn drop(&mut self) {
        let _ = fs::write(self.target.join("enabled"), "0");
        let removed = fs::remove_dir(&self.target);
        let unmounted = Command::new("umount").arg(self.configfs.path()).status();
        if removed.is_err() || !unmounted.is_ok_and(|status| status.success()) {
            // A second panic would hide the first.
            eprintln!("{} is still there", self.target.display());
        }
    }
}
