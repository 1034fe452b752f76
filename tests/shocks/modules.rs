//! A module that goes and comes back, elsewhere in the kernel's memory.

use std::fs;

use droprec_testbed::{Module, Pair, Recording, Site, Trace, feature, frame::Origin, until};
use rustix::process::Signal;

use crate::{DROPREC, machine};

/// Drops what is of its `EtherType` and for none of its sessions.
const PPPOE: (&str, u16) = ("pppoe", 0x8864);
/// One of these takes the place that it leaves: they need no other, and make no interfaces.
const OTHERS: [&str; 4] = ["mpls_router", "nlmon", "sch_netem", "sch_red"];

/// Where a module lies.
fn place(module: &str) -> String {
    let file = format!("/sys/module/{module}/sections/.text");
    let place = fs::read_to_string(&file).unwrap_or_else(|error| panic!("{file}: {error}"));
    place.trim().to_owned()
}

#[test]
fn drops_of_a_module_that_goes_and_comes_back_elsewhere_have_its_name_also_those_that_are_read_later()
 {
    let (module, ethertype) = PPPOE;
    let _machine = machine();
    if !feature::module(module) {
        return;
    }
    for module in OTHERS.iter().chain([&module]) {
        Module::absent(module);
    }
    let (pair, origin, trace) = (Pair::new(), Origin::new(), Trace::of_this_thread());
    let frame = |number: u8| origin.ethernet(Pair::RECEIVER_MAC, ethertype, &[number; 40]);
    let socket = pair.frames();
    let label = pair.label();
    let recording = Recording::at(DROPREC, &[&label]);
    // Of most it has nothing but counts, which have no names before the end.
    let sampled = Recording::start(DROPREC, &["-i", &label, "--sample", "1/100"]);
    let within = format!(" [{module}]");
    // Tracing looks names up when it is asked, so it is asked while the module is there.
    let drop_one = |number: u8| -> Site {
        socket.send(&frame(number));
        let mut sites = Vec::new();
        let site = until(|| {
            sites = trace.sites();
            let mut sites = sites.iter().map(|(site, _)| site);
            sites.find(|site| site.location.ends_with(&within)).cloned()
        });
        trace.clear();
        site.unwrap_or_else(|| panic!("nothing of {module}: {sites:#?}"))
    };

    let first = Module::load(module);
    let (earlier, before) = (place(module), drop_one(1));
    // Names that nobody has asked for when the module goes are gone with it.
    recording.wait_for(1, |packet| origin.sent(&packet.data));
    sampled.wait_for(1, |packet| origin.sent(&packet.data));
    // Until it goes on, droprec has read nothing of what follows.
    recording.droprec.signal(Signal::STOP);
    assert_eq!(drop_one(2), before);
    first.unload();
    let (mut others, mut elsewhere) = (Vec::new(), None);
    for other in OTHERS {
        others.push(Module::load(other));
        let again = Module::load(module);
        if place(module) != earlier {
            elsewhere = Some(again);
            break;
        }
    }
    let _elsewhere = elsewhere.expect("its place is taken by now");
    assert_eq!(drop_one(3), before);
    recording.droprec.signal(Signal::CONT);
    recording.wait_for(3, |packet| origin.sent(&packet.data));
    assert_eq!(drop_one(4), before);
    recording.wait_for(4, |packet| origin.sent(&packet.data));

    let capture = recording.finish().capture;
    let packets = capture.packets_where(|packet| origin.sent(&packet.data));
    let numbers: Vec<u8> = packets.iter().map(|packet| packet.data[14]).collect();
    assert_eq!(numbers, [1, 2, 3, 4]);
    for packet in packets {
        assert_eq!(packet.get("loc"), before.location, "{packet:?}");
    }
    let ended = sampled.finish().ended;
    let rows: Vec<&str> = ended.rows(&label).collect();
    let is_it = |row: &&str| row.trim_start().starts_with("4 ") && row.contains(&before.location);
    assert!(
        rows.len() == 1 && rows.iter().all(is_it),
        "{}",
        ended.stderr
    );
}
