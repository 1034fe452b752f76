//! The counters beside a recording: read from before it is armed until after it has ended.

use droprec_ebpf::record::Wanted;

use crate::{
    counters::{Rise, watch::Watch},
    enrich::devices::{Device, Devices},
    kernel::interfaces::Netns,
    plan::Voice,
    report::say::show,
    text::printable,
};

/// Has them read, and keeps those that rose.
pub(super) struct Counting {
    /// None where there is no thread for it, and when it has ended.
    watch: Option<Watch>,
    /// Only drops at these interfaces are recorded; none: all.
    wanted: Vec<Wanted>,
    /// Interfaces whose namespaces the watch knows of.
    met: usize,
    /// Known at the end.
    pub(super) rises: Vec<Rise>,
}

impl Counting {
    /// Begins to read.
    pub(super) fn start(wanted: &[Wanted]) -> Self {
        Self {
            watch: Watch::start(wanted.iter().map(|wanted| wanted.netns).collect()),
            wanted: wanted.to_vec(),
            met: 0,
            rises: Vec::new(),
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

    /// Has those of namespaces read that are new among the interfaces.
    pub(super) fn meet(&mut self, devices: &[Device]) {
        if let Some(watch) = &mut self.watch {
            for device in &devices[self.met..] {
                watch.meet(device.netns.inode);
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
        self.rises.retain(|rise| is_wanted(&self.wanted, rise));
        for rise in &mut self.rises {
            let netns = Netns {
                inode: rise.netns,
                cookie: 0,
            };
            rise.label = devices.label(netns, &printable(&rise.label));
        }
    }
}

/// Of interfaces that are not recorded nothing can be said.
fn is_wanted(wanted: &[Wanted], rise: &Rise) -> bool {
    let is_of =
        |of: &Wanted| of.netns == rise.netns && (rise.ifindex == 0 || of.ifindex == rise.ifindex);
    rise.netns == 0 || wanted.is_empty() || wanted.iter().any(is_of)
}
