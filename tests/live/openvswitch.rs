//! Drops in Open vSwitch where it is a module: its own reasons, and locations in it.

use std::sync::{Mutex, PoisonError};

use droprec_testbed::{
    Action, Datapath, Module, Packet, Pair, Recording, Site, Trace, enumerator, feature,
    frame::Origin, run,
};

use crate::{
    DROPREC,
    compare::{is_at, same_frames},
};

const COUNT: u32 = 20;
const MODULE: &str = "openvswitch";

/// It is used, or taken away, by one test at a time.
pub(crate) static ALONE: Mutex<()> = Mutex::new(());

/// When the recording begins.
#[derive(Clone, Copy)]
enum Begin {
    /// Once all is ready for the frames.
    Late,
    /// Before the module is loaded.
    Early,
}

/// Sends frames to a datapath that does this with them; nothing: it has no flow for them. What tracing and droprec say.
fn dropped(action: Option<Action>, begin: Begin) -> (Site, Vec<Packet>) {
    let (pair, origin) = (Pair::new(), Origin::new());
    let early = match begin {
        Begin::Late => None,
        Begin::Early => {
            Module::absent(MODULE);
            Some(Recording::at(DROPREC, &[&pair.label()]))
        }
    };
    run("modprobe", &[MODULE]);
    let datapath = Datapath::new(&pair.receiver, "eth0");
    let frames = origin.unhandled(COUNT);
    if let Some(action) = action {
        datapath.add_flow(&frames[0], action);
    }
    let recording = early.unwrap_or_else(|| Recording::at(DROPREC, &[&pair.label()]));
    let trace = Trace::of_this_thread();
    pair.frames().send_all(&frames);
    recording.wait_for(frames.len(), |packet| origin.sent(&packet.data));
    let site = trace.most(frames.len());
    let capture = recording.finish().capture;
    let packets = capture.packets_where(|packet| origin.sent(&packet.data));
    same_frames(&packets, &frames);
    (site, packets.into_iter().cloned().collect())
}

/// Demands that packets have the reason of that name.
fn have_reason(action: Action, reason: &str, begin: Begin) {
    let (site, packets) = dropped(Some(action), begin);
    // Tracing knows no reasons of modules, and prints their numbers.
    let number = format!("{:#x}", enumerator(MODULE, reason));
    assert_eq!(site.reason, number);
    assert!(site.location.ends_with(" [openvswitch]"), "{site:?}");
    let named = Site {
        reason: reason.to_owned(),
        ..site
    };
    for packet in packets {
        is_at(&packet, &named);
    }
}

/// Whether the kernel's Open vSwitch is a module that gives reasons.
fn gives_reasons() -> bool {
    feature::module(MODULE) && feature::kernel_type(MODULE, "ovs_drop_reason")
}

#[test]
fn a_packet_that_open_vswitch_drops_has_its_reason_by_name_and_a_location_in_the_module() {
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    if !gives_reasons() {
        return;
    }
    have_reason(Action::None, "OVS_DROP_LAST_ACTION", Begin::Late);
    have_reason(Action::Drop(0), "OVS_DROP_EXPLICIT", Begin::Late);
    let error = "OVS_DROP_EXPLICIT_WITH_ERROR";
    have_reason(Action::Drop(7), error, Begin::Late);
}

#[test]
fn open_vswitch_has_its_names_where_it_is_loaded_during_the_recording() {
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    if !gives_reasons() {
        return;
    }
    have_reason(Action::None, "OVS_DROP_LAST_ACTION", Begin::Early);
}

#[test]
fn a_packet_that_open_vswitch_has_no_flow_for_is_dropped_in_the_module() {
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    if !feature::module(MODULE) {
        return;
    }
    for begin in [Begin::Late, Begin::Early] {
        let (site, packets) = dropped(None, begin);
        assert!(site.location.ends_with(" [openvswitch]"), "{site:?}");
        for packet in packets {
            is_at(&packet, &site);
        }
    }
}
