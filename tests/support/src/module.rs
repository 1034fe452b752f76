//! A kernel module that a test loads and takes away again.

use std::{ffi::CString, io, process::Command};

use crate::{run, until};

/// A module that is loaded. Taken away when dropped.
#[derive(Debug)]
pub struct Module {
    name: &'static str,
}

impl Module {
    /// Loads it, with what it needs.
    #[must_use]
    pub fn load(name: &'static str) -> Self {
        run("modprobe", &[name]);
        Self { name }
    }

    /// Takes it away if something had loaded it. What used it may be on its way out.
    pub fn absent(name: &'static str) {
        let removed = until(|| {
            let status = Command::new("modprobe").args(["-r", "-q", name]).status();
            status.is_ok_and(|status| status.success()).then_some(())
        });
        assert_eq!(removed, Some(()), "{name} cannot be taken away");
    }

    /// Takes it away at once, and nothing of what it needs.
    pub fn unload(self) {
        drop(self);
    }
}

impl Drop for Module {
    fn drop(&mut self) {
        let Ok(name) = CString::new(self.name) else {
            return;
        };
        // A packet may be on its way through it.
        let gone = until(|| {
            // SAFETY: delete_module(2) takes a string that outlives the call, and flags.
            let deleted =
                unsafe { libc::syscall(libc::SYS_delete_module, name.as_ptr(), libc::O_NONBLOCK) };
            (deleted == 0).then_some(())
        });
        if gone.is_none() {
            // A second panic would hide the first.
            eprintln!(
                "{} is still loaded: {}",
                self.name,
                io::Error::last_os_error()
            );
        }
    }
}
