//! Drops in Open vSwitch where it is a module: its own reasons, and locations in it.

use droprec_testbed::{
    Action, Datapath, Packet, Pair, Recording, Site, Trace, enumerator, feature, frame::Origin,
};

use crate::{
    DROPREC,
    compare::{is_at, same_frames},
};

const COUNT: u32 = 20;
const MODULE: &str = "openvswitch";

/// Sends frames to a datapath that does this with them; nothing: it has no flow for them. What tracing and droprec say.
fn dropped(action: Option<Action>) -> (Site, Vec<Packet>) {
    let (pair, origin) = (Pair::new(), Origin::new());
    let datapath = Datapath::new(&pair.receiver, "eth0");
    let frames = origin.unhandled(COUNT);
    if let Some(action) = action {
        datapath.add_flow(&frames[0], action);
    }
    let recording = Recording::at(DROPREC, &[&pair.label()]);
    let trace = Trace::of_this_thread();
    pair.frames().send_all(&frames);
    let site = trace.most(frames.len());
    recording.wait_for(frames.len(), |packet| origin.sent(&packet.data));
    let capture = recording.finish().capture;
    let packets = capture.packets_where(|packet| origin.sent(&packet.data));
    same_frames(&packets, &frames);
    (site, packets.into_iter().cloned().collect())
}

/// Demands that packets have the reason of that name.
fn have_reason(action: Action, reason: &str) {
    let (site, packets) = dropped(Some(action));
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

#[test]
fn a_packet_that_open_vswitch_drops_has_its_reason_by_name_and_a_location_in_the_module() {
    if !feature::module(MODULE) || !feature::kernel_type(MODULE, "ovs_drop_reason") {
        return;
    }
    have_reason(Action::None, "OVS_DROP_LAST_ACTION");
    have_reason(Action::Drop(0), "OVS_DROP_EXPLICIT");
    have_reason(Action::Drop(7), "OVS_DROP_EXPLICIT_WITH_ERROR");
}

#[test]
fn a_packet_that_open_vswitch_has_no_flow_for_is_dropped_in_the_module() {
    if !feature::module(MODULE) {
        return;
    }
    let (site, packets) = dropped(None);
    assert!(site.location.ends_with(" [openvswitch]"), "{site:?}");
    for packet in packets {
        is_at(&packet, &site);
    }
}
