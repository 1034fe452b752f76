//! Locations in modules: in those that were there before, that come during the recording, and that go.

use std::sync::{Mutex, PoisonError};

use droprec_testbed::{
    Droprec, Module, Packet, Pair, Recording, Site, Trace, feature, frame::Origin, until,
};

use crate::{DROPREC, compare::is_at, kinds};

/// Each drops what is of its own `EtherType` and for none of its sessions or labels, and none is used by another test.
const PPPOE: (&str, u16) = ("pppoe", 0x8864);
const MPLS: (&str, u16) = ("mpls_router", 0x8847);

/// They are loaded and taken away by one test at a time.
static MODULES: Mutex<()> = Mutex::new(());

/// A pair, and a recording of what its receiver drops.
struct Scene {
    pair: Pair,
    origin: Origin,
    trace: Trace,
    recording: Recording,
}

impl Scene {
    fn new() -> Self {
        let pair = Pair::new();
        let recording = Recording::at(DROPREC, &[&pair.label()]);
        Self {
            origin: Origin::new(),
            trace: Trace::of_this_thread(),
            recording,
            pair,
        }
    }

    /// Sends a frame with this number.
    fn send(&self, ethertype: u16, number: u8) {
        let contents = [number; 40];
        let frame = self
            .origin
            .ethernet(Pair::RECEIVER_MAC, ethertype, &contents);
        self.pair.frames().send(&frame);
    }

    /// Where tracing says that the last frames were dropped, which must be in that module. It looks names up when it is
    /// asked, so it is asked while the module is there.
    fn site(&self, module: &str) -> Site {
        let within = format!(" [{module}]");
        let look = || {
            let sites = self.trace.sites().into_iter().map(|(site, _)| site);
            sites
                .into_iter()
                .find(|site| site.location.ends_with(&within))
        };
        // On a busy machine the frames may have to wait.
        let site = until(look).unwrap_or_else(|| panic!("{:#?}", self.trace.sites()));
        self.trace.clear();
        site
    }

    fn is_ours(&self, packet: &Packet, number: u8) -> bool {
        self.origin.sent(&packet.data) && packet.data.last() == Some(&number)
    }

    fn wait_for(&self, number: u8) {
        self.recording
            .wait_for(1, |packet| self.is_ours(packet, number));
    }

    /// Demands that each frame was dropped once, there.
    fn must_be_at(self, sites: &[(u8, Site)]) {
        let Self {
            origin, recording, ..
        } = self;
        let capture = recording.finish().capture;
        for (number, site) in sites {
            let packets = capture.packets_where(|packet| {
                origin.sent(&packet.data) && packet.data.last() == Some(number)
            });
            assert_eq!(packets.len(), 1, "number {number}");
            is_at(packets[0], site);
        }
    }
}

#[test]
fn a_drop_in_a_module_that_is_loaded_during_the_recording_is_named_with_the_module() {
    let _alone = MODULES.lock().unwrap_or_else(PoisonError::into_inner);
    let (module, ethertype) = MPLS;
    if !feature::module(module) {
        return;
    }
    Module::absent(module);
    let scene = Scene::new();
    scene.send(ethertype, 1);
    scene.wait_for(1);
    let before = scene.trace.most(1);
    scene.trace.clear();
    assert!(!before.location.contains('['), "{before:?}");
    let _loaded = Module::load(module);
    // Before the module itself could be read of again.
    scene.send(ethertype, 2);
    let after = scene.site(module);
    scene.wait_for(2);
    scene.must_be_at(&[(1, before), (2, after)]);
}

#[test]
fn a_drop_in_a_module_that_is_taken_away_right_after_it_is_named_with_the_module() {
    let _alone = MODULES.lock().unwrap_or_else(PoisonError::into_inner);
    let (module, ethertype) = PPPOE;
    if !feature::module(module) {
        return;
    }
    Module::absent(module);
    let loaded = Module::load(module);
    let scene = Scene::new();
    scene.send(ethertype, 1);
    let site = scene.site(module);
    scene.wait_for(1);
    scene.send(ethertype, 2);
    loaded.unload();
    // What comes now is nobody's, and what was before keeps its name.
    scene.send(ethertype, 3);
    scene.wait_for(3);
    let nobody = scene.trace.sites();
    let mut nobody = nobody.into_iter().map(|(site, _)| site);
    let nobody = nobody.find(|site| !site.location.contains('['));
    let nobody = nobody.expect("a frame of an EtherType that nobody handles is dropped");
    scene.must_be_at(&[(1, site.clone()), (2, site), (3, nobody)]);
}

#[test]
fn modules_that_take_turns_are_never_mistaken_for_each_other() {
    let _alone = MODULES.lock().unwrap_or_else(PoisonError::into_inner);
    if !feature::module(PPPOE.0) || !feature::module(MPLS.0) {
        return;
    }
    Module::absent(PPPOE.0);
    Module::absent(MPLS.0);
    let scene = Scene::new();
    let mut sites = Vec::new();
    for turn in 0..6 {
        let (module, ethertype) = [PPPOE, MPLS][turn as usize % 2];
        let loaded = Module::load(module);
        scene.send(ethertype, 2 * turn);
        let site = scene.site(module);
        scene.wait_for(2 * turn);
        scene.send(ethertype, 2 * turn + 1);
        loaded.unload();
        scene.trace.clear();
        sites.push((2 * turn, site.clone()));
        sites.push((2 * turn + 1, site));
    }
    scene.must_be_at(&sites);
}

#[test]
fn a_drop_by_a_rule_of_nf_tables_is_named_with_the_module_where_it_is_in_one() {
    if !feature::module("nf_tables") {
        return;
    }
    let (pair, origin) = (Pair::new(), Origin::new());
    pair.receiver.nft("input", "udp dport 7777 drop");
    let frames = kinds::udp_to(origin, Pair::RECEIVER.octets(), 7777, 64);
    let recording = Recording::at(DROPREC, &[&pair.label()]);
    let trace = Trace::of_this_thread();
    pair.frames().send_all(&frames);
    recording.wait_for(frames.len(), |packet| origin.sent(&packet.data));
    let site = trace.most(frames.len());
    // Up to v6.7 the hook's caller frees, which is in the kernel itself.
    let is_within = site.location.ends_with(" [nf_tables]");
    let _ = feature::answer("drops within nf_tables", is_within, &site.location);
    let capture = recording.finish().capture;
    let packets = capture.packets_where(|packet| origin.sent(&packet.data));
    assert_eq!(packets.len(), frames.len());
    for packet in packets {
        is_at(packet, &site);
    }
}

#[test]
fn drops_that_are_only_counted_are_named_with_the_module_that_was_there() {
    let _alone = MODULES.lock().unwrap_or_else(PoisonError::into_inner);
    if !feature::module(PPPOE.0) || !feature::module(MPLS.0) {
        return;
    }
    Module::absent(PPPOE.0);
    Module::absent(MPLS.0);
    let (pair, origin) = (Pair::new(), Origin::new());
    let label = pair.label();
    let droprec = Droprec::start(DROPREC, &["--interval", "100ms", "-i", &label]);
    for turn in 0..6 {
        let (module, ethertype) = [PPPOE, MPLS][turn % 2];
        let loaded = Module::load(module);
        let frame = origin.ethernet(Pair::RECEIVER_MAC, ethertype, &[0; 40]);
        pair.frames().send(&frame);
        let named = format!(" [{module}] ");
        let is_named = || {
            let text = droprec.stdout();
            let lines = text.lines().filter(|line| line.contains(&named));
            let drops =
                lines.filter_map(|line| line.split_whitespace().nth(1)?.parse::<usize>().ok());
            (drops.sum::<usize>() > turn / 2 * 2).then_some(())
        };
        assert!(until(is_named).is_some(), "{turn}: {}", droprec.stdout());
        // In the same table as the module that comes next, perhaps.
        pair.frames().send(&frame);
        loaded.unload();
    }
    let ended = droprec.stop().succeeded();
    assert_eq!(ended.accounting().written, 12);
    for (module, _) in [PPPOE, MPLS] {
        let named = format!(" [{module}]");
        let row = ended.rows(&label).find(|row| row.contains(&named));
        assert!(
            row.is_some_and(|row| row.trim_start().starts_with("6 ")),
            "{}",
            ended.stderr
        );
    }
}
