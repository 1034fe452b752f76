//! What the kernel's own tracing says of the drops that a thread causes: the truth that droprec is measured by.

use std::{cmp::Reverse, collections::BTreeMap, fs};

use crate::tracing::{Tracing, calling_thread};

/// Where a packet was dropped, and why.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Site {
    /// `function+offset`, with ` [module]` behind it where it is in one, as the kernel prints it.
    pub location: String,
    /// The reason, without its prefix; nothing where the kernel gives none.
    pub reason: String,
}

/// The threads that do the work of interrupts that was left over, one of each processor.
pub(crate) const KSOFTIRQD: &str = "comm ~ \"ksoftirqd/*\"";

/// A tracing instance of this test's own that hears of the drops that the calling thread causes. Removed when dropped.
///
/// Most happen while the thread has the processor. On a busy machine the kernel leaves some to `ksoftirqd`
/// (`kernel/softirq.c`, up to v6.4 all while that has work already), which has those of others, too.
#[derive(Debug)]
pub struct Trace {
    tracing: Tracing,
    thread: i32,
}

impl Trace {
    /// Begins to trace the calling thread.
    #[must_use]
    pub fn of_this_thread() -> Self {
        Self::begin(KSOFTIRQD)
    }

    /// Begins to trace the threads of the machine's first process, for [`Trace::is_upon_the_first_process`].
    #[must_use]
    pub(crate) fn of_the_first_process() -> Self {
        let threads: Vec<_> = first_process()
            .iter()
            .map(|thread| format!("common_pid == {thread}"))
            .collect();
        Self::begin(&threads.join(" || "))
    }

    fn begin(others: &str) -> Self {
        let tracing = Tracing::new(1024);
        let event = "skb/kfree_skb";
        let format = tracing.read(&format!("events/{event}/format"));
        if !format.contains("location=%pS") {
            // This kernel prints an address, and the function only in the stack.
            tracing.write("options/sym-offset", "1");
            tracing.write("options/stacktrace", "1");
        }
        tracing.hear(event, Some(others));
        let thread = calling_thread();
        Self { tracing, thread }
    }

    /// Where there were drops since the beginning or since [`Trace::clear`], and how many: those that this thread had most
    /// of come first.
    #[must_use]
    pub fn sites(&self) -> Vec<(Site, usize)> {
        // By how many there were on this thread, and by how many there were in all.
        let mut sites = BTreeMap::<Site, (usize, usize)>::new();
        for (thread, site) in in_trace(&self.tracing.read("trace")) {
            let (own, all) = sites.entry(site).or_default();
            *own += usize::from(thread == Some(self.thread));
            *all += 1;
        }
        let mut sites: Vec<_> = sites.into_iter().collect();
        sites.sort_by_key(|(_, counts)| Reverse(*counts));
        sites
            .into_iter()
            .map(|(site, (_, all))| (site, all))
            .collect()
    }

    /// The site of at least so many drops, of which this thread had most: another's packets may be dropped on this thread's
    /// time too.
    #[must_use]
    pub fn most(&self, least: usize) -> Site {
        let sites = self.sites();
        let most = sites.iter().find(|(_, count)| *count >= least);
        match most {
            Some((site, _)) => site.clone(),
            None => panic!("tracing tells of fewer than {least} drops at one site: {sites:#?}"),
        }
    }

    /// Whether something was dropped, in an interrupt, while the machine's first process had the processor.
    ///
    /// There are kernels, of virtual machines that are made for one task, on which no BPF program runs then, be it whose it
    /// may: 6.18 with a first process that is the machine's own.
    #[must_use]
    pub(crate) fn is_upon_the_first_process(&self) -> bool {
        let threads = first_process();
        in_trace(&self.tracing.read("trace"))
            .iter()
            .any(|(thread, _)| thread.is_some_and(|thread| threads.contains(&thread)))
    }

    /// Forgets what was traced.
    pub fn clear(&self) {
        self.tracing.clear();
    }
}

/// The threads of the machine's first process.
fn first_process() -> Vec<i32> {
    let threads = fs::read_dir("/proc/1/task").expect("there is a first process");
    threads
        .filter_map(|thread| thread.ok()?.file_name().to_str()?.parse().ok())
        .collect()
}

/// The sites of a trace, and on which thread: an event is a line, and the lines of its stack follow it.
fn in_trace(text: &str) -> Vec<(Option<i32>, Site)> {
    let mut sites = Vec::new();
    let mut pending = None;
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if let Some((head, event)) = line.split_once(" location=") {
            let (location, because) = event.split_once(" reason: ").unwrap_or((event, ""));
            let reason = because.trim().to_owned();
            let thread = thread(head);
            match place(location) {
                Some(location) => sites.push((thread, Site { location, reason })),
                None => pending = Some((thread, reason)),
            }
        } else if line.starts_with(" => kfree_skb")
            && let Some((thread, reason)) = pending.take()
            && let Some(caller) = lines.next().and_then(|line| line.strip_prefix(" => "))
            && let Some(location) = place(caller)
        {
            sites.push((thread, Site { location, reason }));
        }
    }
    sites
}

/// The thread of `name-1234 [001] …`, as a line begins.
fn thread(line: &str) -> Option<i32> {
    let (task, _) = line.split_once(" [")?;
    let (_, number) = task.trim_end().rsplit_once('-')?;
    number.parse().ok()
}

/// `function+offset [module]` of `function+offset/size [module]`; not of an address.
pub(crate) fn place(text: &str) -> Option<String> {
    let (place, size) = text.split_once('/')?;
    let module = size.split_once(' ').map(|(_, module)| module.trim());
    Some(module.map_or_else(|| place.to_owned(), |module| format!("{place} {module}")))
}
