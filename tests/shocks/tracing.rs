//! A symbol table that changes: BPF programs, probes and tracers come and go, and what is dropped meanwhile has the place that the
//! kernel's own tracing names.

use std::fs;

use droprec_testbed::{Pair, Recording, Site, Trace, classify, feature, frame::Origin};

use crate::{DROPREC, machine};

const EVENTS: &str = "/sys/kernel/tracing/kprobe_events";

/// A probe at the return of a function: while it is there, whoever called the function is a trampoline for all that looks. Taken
/// away when dropped.
struct ReturnProbe {
    name: String,
}

impl ReturnProbe {
    fn at(function: &str) -> Self {
        let probe = Self {
            name: format!("droprec{}", std::process::id()),
        };
        append(&format!("r:{} {function}", probe.name));
        probe.set("1");
        probe
    }

    fn set(&self, value: &str) {
        let file = format!("/sys/kernel/tracing/events/kprobes/{}/enable", self.name);
        fs::write(&file, value).unwrap_or_else(|error| panic!("{file}: {value}: {error}"));
    }
}

impl Drop for ReturnProbe {
    fn drop(&mut self) {
        self.set("0");
        append(&format!("-:{}", self.name));
    }
}

fn append(line: &str) {
    let file = fs::OpenOptions::new().append(true).open(EVENTS);
    let written = file.and_then(|mut file| std::io::Write::write_all(&mut file, line.as_bytes()));
    written.unwrap_or_else(|error| panic!("{EVENTS} does not take {line}: {error}"));
}

/// The function that frees what is dropped, as this kernel has it.
fn freeing() -> &'static str {
    let symbols = fs::read_to_string("/proc/kallsyms").expect("procfs is mounted");
    let is_there = |name: &&str| symbols.contains(&format!(" T {name}\n"));
    let names = ["sk_skb_reason_drop", "kfree_skb_reason", "kfree_skb"];
    names
        .into_iter()
        .find(is_there)
        .expect("one frees what is dropped")
}

struct Scene {
    pair: Pair,
    origin: Origin,
    trace: Trace,
    recording: Recording,
    sites: Vec<Site>,
}

impl Scene {
    fn new() -> Self {
        let pair = Pair::new();
        Self {
            recording: Recording::at(DROPREC, &[&pair.label()]),
            origin: Origin::new(),
            trace: Trace::of_this_thread(),
            pair,
            sites: Vec::new(),
        }
    }

    /// Has a frame dropped, and waits until it is recorded: where that was, by tracing.
    fn drop_one(&mut self) {
        self.trace.clear();
        let number = self.sites.len() as u32;
        self.pair
            .frames()
            .send(&self.origin.unhandled(number + 1)[number as usize]);
        self.recording.wait_for(self.sites.len() + 1, |packet| {
            self.origin.sent(&packet.data)
        });
        self.sites.push(self.trace.most(1));
    }

    /// The place of each frame, which must be recorded once, and where tracing says that it was dropped.
    fn places(self) -> Vec<(String, Site)> {
        let Self {
            origin,
            recording,
            sites,
            ..
        } = self;
        let capture = recording.finish().capture;
        let packets = capture.packets_where(|packet| origin.sent(&packet.data));
        assert_eq!(packets.len(), sites.len());
        let places = packets.iter().map(|packet| packet.get("loc").to_owned());
        places.zip(sites).collect()
    }
}

#[test]
fn a_probe_that_hides_where_drops_are_hides_it_no_longer_than_it_is_there() {
    let _machine = machine();
    let has_probes = fs::metadata(EVENTS).is_ok();
    if !feature::answer("probes at returns", has_probes, "no kprobe_events") {
        return;
    }
    let mut scene = Scene::new();
    for _ in 0..3 {
        scene.drop_one();
        let probe = ReturnProbe::at(freeing());
        scene.drop_one();
        drop(probe);
    }
    scene.drop_one();
    for (number, (place, site)) in scene.places().into_iter().enumerate() {
        if number % 2 == 0 {
            assert_eq!(place, site.location);
        } else {
            // What the kernel has in place of the location. Where tracing takes it from the stack, it finds it all the same.
            assert!(place.contains("trampoline"), "{place}, {site:?}");
        }
    }
}

#[test]
fn hundreds_of_bpf_programs_that_come_and_go_change_no_drops_place() {
    let _machine = machine();
    let mut scene = Scene::new();
    for _ in 0..10 {
        for _ in 0..50 {
            classify(&[0; 64]);
        }
        scene.drop_one();
    }
    for (place, site) in scene.places() {
        assert_eq!(place, site.location);
    }
}
