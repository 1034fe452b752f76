//! What the kernel's own tracing says of the drops that a thread causes: the truth that droprec is measured by.

use std::{collections::BTreeMap, fs, path::PathBuf};

use rustix::thread::gettid;

use crate::{unique, until};

const INSTANCES: &str = "/sys/kernel/tracing/instances";

/// Where a packet was dropped, and why.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Site {
    /// `function+offset`, as the kernel prints it.
    pub location: String,
    /// The reason, without its prefix.
    pub reason: String,
}

/// A tracing instance of this test's own that hears of the drops that happen while the calling thread has the processor.
/// Removed when dropped.
#[derive(Debug)]
pub struct Trace {
    directory: PathBuf,
}

impl Trace {
    /// Begins to trace the calling thread.
    #[must_use]
    pub fn of_this_thread() -> Self {
        let (process, call) = unique();
        let directory = PathBuf::from(INSTANCES).join(format!("droprec-{process}-{call}"));
        fs::create_dir(&directory).unwrap_or_else(|error| {
            panic!("{}: {error}: is tracefs mounted?", directory.display())
        });
        let trace = Self { directory };
        trace.write("buffer_size_kb", "512");
        let thread = gettid().as_raw_nonzero();
        let event = "events/skb/kfree_skb";
        trace.write(
            &format!("{event}/filter"),
            &format!("common_pid == {thread}"),
        );
        trace.write(&format!("{event}/enable"), "1");
        trace
    }

    fn write(&self, file: &str, value: &str) {
        let file = self.directory.join(file);
        fs::write(&file, value)
            .unwrap_or_else(|error| panic!("{} does not take {value}: {error}", file.display()));
    }

    /// How many drops there were at each site since the beginning or since [`Trace::clear`].
    #[must_use]
    pub fn sites(&self) -> BTreeMap<Site, usize> {
        let file = self.directory.join("trace");
        let text = fs::read_to_string(&file)
            .unwrap_or_else(|error| panic!("{} cannot be read: {error}", file.display()));
        let mut sites = BTreeMap::new();
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            if let Some(site) = site(line) {
                *sites.entry(site).or_insert(0) += 1;
            }
        }
        sites
    }

    /// The site of most drops, which must be `least` or more: another's packets may be dropped on this thread's time too.
    #[must_use]
    pub fn most(&self, least: usize) -> Site {
        let sites = self.sites();
        let most = sites.iter().max_by_key(|(_, count)| **count);
        match most {
            Some((site, count)) if *count >= least => site.clone(),
            _ => panic!("tracing tells of fewer than {least} drops at one site: {sites:#?}"),
        }
    }

    /// Forgets what was traced.
    pub fn clear(&self) {
        self.write("trace", "");
    }
}

/// The site of `… location=ip_rcv_core+0x22c/0x460 reason: OTHERHOST`.
fn site(line: &str) -> Option<Site> {
    let (location, reason) = line.split_once(" location=")?.1.split_once(" reason: ")?;
    let (location, _size) = location.split_once('/')?;
    Some(Site {
        location: location.to_owned(),
        reason: reason.trim().to_owned(),
    })
}

impl Drop for Trace {
    fn drop(&mut self) {
        // The events must be off before the directory can go, and a reader of it may have it for a moment longer.
        let _ = fs::write(self.directory.join("events/enable"), "0");
        if until(|| fs::remove_dir(&self.directory).ok()).is_none() {
            // A second panic would hide the first.
            eprintln!("{} is still there", self.directory.display());
        }
    }
}
