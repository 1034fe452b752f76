//! The counters beside a recording: read from before it is armed until after it has ended.

use std::collections::{HashMap, HashSet};

use droprec_ebpf::{
    filter::{NOT, WANT},
    record::Wanted,
};

use crate::{
    counters::{Rise, watch::Watch},
    enrich::devices::{Device, Devices},
    filter::rules::Rules,
    kernel::{interfaces::Netns, namespaces::Namespaces},
    plan::Voice,
    report::say::show,
    text::printable,
};

/// Has them read, and keeps those that rose.
pub(super) struct Counting {
    /// None where there is no thread for it, and when it has ended.
    watch: Option<Watch>,
    /// Bits of the interfaces, and with index 0 of the namespaces, that filters name.
    named: HashMap<Wanted, u32>,
    /// Of these interfaces, those that were not where they are called so for a time.
    away: HashSet<Wanted>,
    /// Interfaces that the watch knows of.
    met: usize,
    /// Known at the end.
    pub(super) rises: Vec<Rise>,
}

impl Counting {
    /// Begins to read.
    pub(super) fn start(namespaces: Namespaces, rules: &Rules) -> Self {
        let named = rules.interfaces.bits.clone();
        let wanted = named.iter().filter(|(_, bits)| **bits & WANT != 0);
        Self {
            watch: Watch::start(namespaces, wanted.map(|(which, _)| which.netns).collect()),
            named,
            away: HashSet::new(),
            met: 0,
            rises: Vec::new(),
        }
    }

    /// Other interfaces have the names that filters name.
    pub(super) fn named(&mut self, bits: &HashMap<Wanted, u32>) {
        let gone = self.named.keys();
        let gone = gone.filter(|which| which.ifindex != 0 && !bits.contains_key(which));
        self.away.extend(gone);
        // Those that had them before were recorded, too.
        for (which, bits) in bits {
            *self.named.entry(*which).or_default() |= bits;
            if bits & WANT != 0
                && let Some(watch) = &mut self.watch
            {
                watch.meet(which.netns, which.ifindex);
            }
        }
    }

    /// The recording is about to be armed: waits until all have been read once, but not for long.
    pub(super) fn arming(&self) {
        if let Some(watch) = &self.watch {
            watch.arming();
        }
    }

    /// The recording is armed.
    pub(super) fn armed(&self) {
        if let Some(watch) = &self.watch {
            watch.armed();
        }
    }

    /// The recording is about to end: has all read while it still runs, but not for long.
    pub(super) fn ending(&self) {
        if let Some(watch) = &self.watch {
            watch.ending();
        }
    }

    /// Has those of interfaces read that are new, and of their namespaces.
    pub(super) fn meet(&mut self, devices: &[Device]) {
        if let Some(watch) = &mut self.watch {
            for device in &devices[self.met..] {
                watch.meet(device.netns.inode, device.ifindex);
            }
        }
        self.met = devices.len();
    }

    /// Reads them once more, and keeps those that rose, by what people call their interfaces. `armed`: when the recording
    /// began, in nanoseconds since 1970 UTC.
    pub(super) fn finish(&mut self, voice: Voice, devices: &mut Devices, armed: u64) {
        let Some(watch) = self.watch.take() else {
            return;
        };
        let outcome = watch.finish(armed);
        if voice == Voice::Verbose {
            for lack in outcome.lacks {
                show(format_args!("counters: {}", printable(&lack)));
            }
        }
        self.rises = outcome.rises;
        self.rises.retain(|rise| is_wanted(&self.named, rise));
        for rise in &mut self.rises {
            rise.was_away = self.away.contains(&Wanted {
                netns: rise.netns,
                ifindex: rise.ifindex,
            });
            let netns = Netns {
                inode: rise.netns,
                cookie: 0,
            };
            rise.label = devices.label(netns, &printable(&rise.label));
        }
    }
}

/// Of interfaces that are not recorded nothing can be said. `named`: the bits of those that filters name, as the kernel half has
/// them.
fn is_wanted(named: &HashMap<Wanted, u32>, rise: &Rise) -> bool {
    if rise.netns == 0 {
        return true;
    }
    let bits = |ifindex| {
        let netns = rise.netns;
        named.get(&Wanted { netns, ifindex }).copied().unwrap_or(0)
    };
    let wanted = || named.iter().filter(|(_, bits)| **bits & WANT != 0);
    let wants_namespaces = wanted().any(|(of, _)| of.ifindex == 0);
    let wants_interfaces = wanted().any(|(of, _)| of.ifindex != 0);
    let of_interface = if rise.ifindex == 0 {
        // What is counted of the namespace is of its interfaces, too.
        let is_one = wanted().any(|(of, _)| of.ifindex != 0 && of.netns == rise.netns);
        if is_one { WANT } else { 0 }
    } else {
        bits(rise.ifindex)
    };
    (bits(0) | of_interface) & NOT == 0
        && (!wants_namespaces || bits(0) & WANT != 0)
        && (!wants_interfaces || of_interface & WANT != 0)
}
