//! What the kernel's own tracing says of the drops that a thread causes: the truth that droprec is measured by.

use std::collections::BTreeMap;

use crate::tracing::Tracing;

/// Where a packet was dropped, and why.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Site {
    /// `function+offset`, with ` [module]` behind it where it is in one, as the kernel prints it.
    pub location: String,
    /// The reason, without its prefix; nothing where the kernel gives none.
    pub reason: String,
}

/// A tracing instance of this test's own that hears of the drops that happen while the calling thread has the processor.
/// Removed when dropped.
#[derive(Debug)]
pub struct Trace {
    tracing: Tracing,
}

impl Trace {
    /// Begins to trace the calling thread.
    #[must_use]
    pub fn of_this_thread() -> Self {
        let tracing = Tracing::new(1024);
        let event = "skb/kfree_skb";
        let format = tracing.read(&format!("events/{event}/format"));
        if !format.contains("location=%pS") {
            // This kernel prints an address, and the function only in the stack.
            tracing.write("options/sym-offset", "1");
            tracing.write("options/stacktrace", "1");
        }
        tracing.hear(event);
        Self { tracing }
    }

    /// How many drops there were at each site since the beginning or since [`Trace::clear`].
    #[must_use]
    pub fn sites(&self) -> BTreeMap<Site, usize> {
        let mut sites = BTreeMap::new();
        for site in in_trace(&self.tracing.read("trace")) {
            *sites.entry(site).or_insert(0) += 1;
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
        self.tracing.clear();
    }
}

/// The sites of a trace: an event is a line, and the lines of its stack follow it.
fn in_trace(text: &str) -> Vec<Site> {
    let mut sites = Vec::new();
    let mut reason = None;
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if let Some((_, event)) = line.split_once(" location=") {
            let (location, because) = event.split_once(" reason: ").unwrap_or((event, ""));
            match place(location) {
                Some(location) => sites.push(Site {
                    location,
                    reason: because.trim().to_owned(),
                }),
                None => reason = Some(because.trim().to_owned()),
            }
        } else if line.starts_with(" => kfree_skb")
            && let Some(reason) = reason.take()
            && let Some(caller) = lines.next().and_then(|line| line.strip_prefix(" => "))
            && let Some(location) = place(caller)
        {
            sites.push(Site { location, reason });
        }
    }
    sites
}

/// `function+offset [module]` of `function+offset/size [module]`; not of an address.
fn place(text: &str) -> Option<String> {
    let (place, size) = text.split_once('/')?;
    let module = size.split_once(' ').map(|(_, module)| module.trim());
    Some(module.map_or_else(|| place.to_owned(), |module| format!("{place} {module}")))
}
