//! What the kernel's own tracing says of call stacks of drops (`options/stacktrace`, `Documentation/trace/ftrace.rst`).

use crate::{
    trace::{KSOFTIRQD, place},
    tracing::Tracing,
};

/// A tracing instance of this test's own that keeps the call stack of each drop that the calling thread causes, or that
/// interrupts leave to `ksoftirqd`. Removed when dropped.
#[derive(Debug)]
pub struct Stacks {
    tracing: Tracing,
}

impl Stacks {
    /// Begins to trace the calling thread.
    #[must_use]
    pub fn of_this_thread() -> Self {
        let tracing = Tracing::new(4096);
        tracing.write("options/sym-offset", "1");
        tracing.write("options/stacktrace", "1");
        tracing.hear("skb/kfree_skb", Some(KSOFTIRQD));
        Self { tracing }
    }

    /// Each stack that goes through a place, called as the kernel prints it without its size, from there outward.
    #[must_use]
    pub fn from(&self, location: &str) -> Vec<Vec<String>> {
        let all = stacks(&self.tracing.read("trace")).into_iter();
        all.filter_map(|stack| {
            let first = stack.iter().position(|frame| frame == location)?;
            Some(stack[first..].to_vec())
        })
        .collect()
    }
}

/// The stacks of a trace, the innermost frame first. What has no name has an address.
fn stacks(text: &str) -> Vec<Vec<String>> {
    let mut stacks = Vec::new();
    for line in text.lines() {
        if line.ends_with("<stack trace>") {
            stacks.push(Vec::new());
        } else if let (Some(frame), Some(stack)) = (line.strip_prefix(" => "), stacks.last_mut()) {
            stack.push(place(frame).unwrap_or_else(|| frame.trim_end().to_owned()));
        }
    }
    stacks
}
