//! Call stacks in words: each is put into words once and kept, until names may have changed.

use std::collections::HashMap;

use droprec_ebpf::record::MAX_FRAMES;

use super::names::Names;
use crate::{
    kernel::{self, debuginfo::DebugInfo, interfaces::FRESH},
    stack::{MORE, comment},
};

/// Stacks that are kept in words. Beyond it they are all forgotten, and made anew as they come.
const MAX_STACKS: usize = 4096;

/// What is between a drop and the program that records it, where it is not known from where on it is not: the function that
/// the tracepoint is in calls all that is attached to it, each of which calls a program (`include/linux/tracepoint.h`,
/// `include/trace/bpf_probe.h`, `kernel/trace/bpf_trace.c`, v6.18).
const TRACING: [&str; 6] = [
    "bpf_prog_",
    // Without the JIT compiler.
    "__bpf_prog_run",
    "___bpf_prog_run",
    "bpf_trace_run",
    "__bpf_trace_",
    "__traceiter_",
];

/// As many programs may be before that: they came after the symbols were read, and have no name.
const PROGRAMS: usize = 2;

/// Where interrupts and exceptions come in: what is below such a function on the stack has not called it, but was interrupted
/// (`arch/x86/include/asm/idtentry.h`, v5.8; `arch/arm64/kernel/entry.S`, v5.8 and v6.18).
const ENTRIES: [&str; 7] = [
    "asm_common_interrupt",
    "asm_spurious_interrupt",
    "asm_sysvec_",
    "asm_exc_",
    "el1h_64_",
    "el1_irq",
    "el1_sync",
];

/// A frame that has no name and is not behind `_stext` either.
const UNKNOWN: &str = "?";

/// The stacks of the drops that are recorded.
#[derive(Debug)]
pub struct Stacks {
    source: kernel::stacks::Stacks,
    /// Tells of lines, where there is any.
    debuginfo: Option<DebugInfo>,
    /// By their fingerprints.
    known: HashMap<u64, Stack>,
    /// Drops whose stack could not be told.
    pub missing: u64,
}

#[derive(Debug)]
struct Stack {
    addresses: Vec<u64>,
    /// The time of a record, on its own clock, from which on other names may hold.
    until: u64,
    /// The comment that tells of it; none where the kernel shows no names.
    comment: Option<String>,
}

impl Stacks {
    /// Stacks come from there, and their lines from debug information, where there is any.
    #[must_use]
    pub fn new(source: kernel::stacks::Stacks, debuginfo: Option<DebugInfo>) -> Self {
        Self {
            source,
            debuginfo,
            known: HashMap::new(),
            missing: 0,
        }
    }

    /// Finds out the stack of a drop at this location, by its fingerprint, for [`Stacks::comment`]. `time`: when that was, on the
    /// clock of records. False: there is nothing to tell of it.
    pub fn meet(&mut self, fingerprint: u64, location: u64, time: u64, names: &mut Names) -> bool {
        if !self.known.contains_key(&fingerprint) {
            // A stack that was not taken is in no map either.
            let Some(addresses) = self.source.addresses(fingerprint) else {
                return false;
            };
            if self.known.len() >= MAX_STACKS {
                self.known.clear();
            }
            let stack = Stack {
                addresses,
                until: 0,
                comment: None,
            };
            self.known.insert(fingerprint, stack);
        }
        let Some(stack) = self.known.get_mut(&fingerprint) else {
            return false;
        };
        if time >= stack.until {
            stack.describe(location, time, names, self.debuginfo.as_mut());
        }
        stack.comment.is_some()
    }

    /// The comment that tells of a stack that was met, by its fingerprint.
    #[must_use]
    pub fn comment(&self, fingerprint: u64) -> Option<&str> {
        self.known.get(&fingerprint)?.comment.as_deref()
    }

    /// A module was loaded: its functions have names, and may lie where others did.
    pub fn modules_changed(&mut self) {
        if let Some(debuginfo) = &mut self.debuginfo {
            debuginfo.modules_changed();
        }
        for stack in self.known.values_mut() {
            stack.until = 0;
        }
    }
}

impl Stack {
    fn describe(
        &mut self,
        location: u64,
        time: u64,
        names: &mut Names,
        debuginfo: Option<&mut DebugInfo>,
    ) {
        let frames = frames(&self.addresses, location, names, debuginfo);
        self.comment = frames.map(|frames| comment(&frames));
        // Like a location's: until a module comes, unless something of it has no name that stays.
        let addresses = self.addresses.iter();
        let is_settled = addresses
            .copied()
            .all(|address| names.are_settled(address, None));
        self.until = if is_settled {
            u64::MAX
        } else {
            time.saturating_add(FRESH.as_nanos() as u64)
        };
    }
}

/// The frames from the location on, the innermost first. `None`: none has a name.
fn frames(
    addresses: &[u64],
    location: u64,
    names: &mut Names,
    mut debuginfo: Option<&mut DebugInfo>,
) -> Option<Vec<String>> {
    let first = addresses.iter().position(|address| *address == location);
    let first = first.unwrap_or_else(|| behind_tracing(addresses, names));
    let mut frames = Vec::new();
    let mut is_interrupted = false;
    let mut is_named = false;
    for address in &addresses[first..] {
        // What is returned to is told by the call before it.
        let at = address - u64::from(!is_interrupted);
        let name = names.named(at, *address);
        is_named |= name.is_some();
        let name = name.unwrap_or_else(|| UNKNOWN.to_owned());
        is_interrupted = ENTRIES.iter().any(|entry| name.starts_with(entry));
        match (&mut debuginfo, names.module_of(at)) {
            (Some(debuginfo), Some(module)) => frames.extend(debuginfo.frames(name, at, module)),
            _ => frames.push(name),
        }
    }
    // Whether there are more is not known.
    if addresses.len() == MAX_FRAMES {
        frames.push(MORE.to_owned());
    }
    is_named.then_some(frames)
}

/// Where the tracepoint is, which is where the drop is if its location is none of the addresses.
fn behind_tracing(addresses: &[u64], names: &mut Names) -> usize {
    let mut is_tracing = |address: &u64| {
        let name = names.named(address - 1, *address).unwrap_or_default();
        TRACING.iter().any(|tracing| name.starts_with(tracing))
    };
    let Some(start) = addresses
        .iter()
        .take(PROGRAMS + 1)
        .position(&mut is_tracing)
    else {
        return 0;
    };
    let tracing = addresses[start..]
        .iter()
        .take_while(|address| is_tracing(address));
    start + tracing.count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::{reasons::Reasons, symbols::Symbols};

    const KALLSYMS: &str = "\
ffffffff81000000 T _stext
ffffffff81000000 T startup
ffffffff81000100 T bpf_trace_run4
ffffffff81000200 T __traceiter_kfree_skb
ffffffff81000300 T net_tx_action
ffffffff81000400 T asm_sysvec_apic_timer_interrupt
ffffffff81000500 T do_group_exit
ffffffff81000600 T __x64_sys_exit_group
ffffffff81000700 T _etext
ffffffffc0000000 t hook\t[nf_tables]
";
    const MODULES: &str = "nf_tables 4096 0 - Live 0xffffffffc0000000\n";
    const TEXT: u64 = 0xffff_ffff_8100_0000;

    /// The frames of a stack whose addresses are so far into the kernel.
    fn frames(offsets: &[u64], location: u64) -> Vec<String> {
        let mut names = Names::new(Symbols::parse(KALLSYMS, MODULES), Reasons::default());
        let addresses: Vec<u64> = offsets.iter().map(|offset| TEXT + offset).collect();
        super::frames(&addresses, TEXT + location, &mut names, None).unwrap()
    }

    #[test]
    fn a_stack_begins_at_the_location_and_not_with_what_recorded_it() {
        let frames = frames(&[0x110, 0x220, 0x3f00_0010, 0x510], 0x3f00_0010);
        assert_eq!(frames, ["hook+0x10 [nf_tables]", "do_group_exit+0x10"]);
    }

    #[test]
    fn where_nothing_returns_to_the_location_it_begins_where_the_tracepoint_is() {
        let expected = ["net_tx_action+0x50", "bpf_trace_run4+0x20"];
        assert_eq!(frames(&[0x110, 0x220, 0x350, 0x120], 0x300), expected);
        // With the program before it.
        let stack = [0x3f1e_d4f3, 0x110, 0x220, 0x350, 0x120];
        assert_eq!(frames(&stack, 0x300), expected);
    }

    #[test]
    fn the_caller_of_what_never_returns_is_named_and_not_what_is_behind_it() {
        let frames = frames(&[0x310, 0x600], 0x310);
        assert_eq!(frames, ["net_tx_action+0x10", "do_group_exit+0x100"]);
    }

    #[test]
    fn what_was_interrupted_at_its_first_instruction_is_named() {
        let frames = frames(&[0x310, 0x410, 0x500, 0x600], 0x310);
        let expected = [
            "net_tx_action+0x10",
            "asm_sysvec_apic_timer_interrupt+0x10",
            "do_group_exit+0x0",
            "do_group_exit+0x100",
        ];
        assert_eq!(frames, expected);
    }

    #[test]
    fn what_has_no_name_is_told_by_how_far_it_is_from_the_kernels_beginning() {
        let mut names = Names::new(Symbols::parse(KALLSYMS, MODULES), Reasons::default());
        let stack = [TEXT + 0x310, TEXT + 0x1234_5678, TEXT - 0x10];
        let frames = super::frames(&stack, TEXT + 0x310, &mut names, None).unwrap();
        assert_eq!(frames, ["net_tx_action+0x10", "_stext+0x12345678", "?"]);
    }

    #[test]
    fn a_stack_that_may_go_on_says_so() {
        let frames = frames(&[0x310; MAX_FRAMES], 0x310);
        assert_eq!(frames.len(), MAX_FRAMES + 1);
        assert_eq!(frames.last().map(String::as_str), Some(MORE));
    }

    #[test]
    fn where_the_kernel_shows_no_names_there_is_no_stack() {
        let mut names = Names::new(Symbols::default(), Reasons::default());
        assert_eq!(super::frames(&[TEXT], TEXT, &mut names, None), None);
    }
}
