//! A tracing instance of this test's own (`Documentation/trace/ftrace.rst`), which hears of what happens while the calling
//! thread, or another that is named, has the processor.

use std::{fmt::Write as _, fs, path::PathBuf};

use rustix::thread::gettid;

use crate::{unique, until};

const INSTANCES: &str = "/sys/kernel/tracing/instances";

/// The instance, by its directory. Removed when dropped.
#[derive(Debug)]
pub(crate) struct Tracing {
    directory: PathBuf,
}

impl Tracing {
    /// One that hears of nothing yet.
    pub(crate) fn new(kib: u32) -> Self {
        let (process, call) = unique();
        let directory = PathBuf::from(INSTANCES).join(format!("droprec-{process}-{call}"));
        fs::create_dir(&directory).unwrap_or_else(|error| {
            panic!("{}: {error}: is tracefs mounted?", directory.display())
        });
        let tracing = Self { directory };
        tracing.write("buffer_size_kb", &kib.to_string());
        tracing
    }

    /// Hears of an event on the calling thread, and on others as a filter has it, from now on. `event`: `skb/kfree_skb` or
    /// the like.
    pub(crate) fn hear(&self, event: &str, others: Option<&str>) {
        let mut filter = format!("common_pid == {}", calling_thread());
        if let Some(others) = others {
            let _ = write!(filter, " || {others}");
        }
        let event = format!("events/{event}");
        self.write(&format!("{event}/filter"), &filter);
        self.write(&format!("{event}/enable"), "1");
    }

    pub(crate) fn write(&self, file: &str, value: &str) {
        let file = self.directory.join(file);
        fs::write(&file, value)
            .unwrap_or_else(|error| panic!("{} does not take {value}: {error}", file.display()));
    }

    pub(crate) fn read(&self, file: &str) -> String {
        let file = self.directory.join(file);
        fs::read_to_string(&file)
            .unwrap_or_else(|error| panic!("{} cannot be read: {error}", file.display()))
    }

    /// Forgets what was traced.
    pub(crate) fn clear(&self) {
        self.write("trace", "");
    }
}

/// As tracing numbers the calling thread.
pub(crate) fn calling_thread() -> i32 {
    gettid().as_raw_nonzero().get()
}

impl Drop for Tracing {
    fn drop(&mut self) {
        // The events must be off before the directory can go, and a reader of it may have it for a moment longer.
        let _ = fs::write(self.directory.join("events/enable"), "0");
        if until(|| fs::remove_dir(&self.directory).ok()).is_none() {
            // A second panic would hide the first.
            eprintln!("{} is still there", self.directory.display());
        }
    }
}
