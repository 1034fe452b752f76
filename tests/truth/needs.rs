//! What the cases need and not every kernel has.

use std::{fs, sync::OnceLock};

use droprec_testbed::{Pair, Shapes, feature, send_segmented};

use crate::sockets;

/// Asked once: each answer takes a namespace.
macro_rules! link {
    ($name:ident, $arguments:literal) => {
        pub(crate) fn $name() -> bool {
            static ANSWER: OnceLock<bool> = OnceLock::new();
            *ANSWER.get_or_init(|| feature::link($arguments))
        }
    };
}

link!(vlan, "link add vlan0 link lower0 type vlan id 5");
link!(bond, "link add bond0 type bond");
link!(dummy, "link add dummy0 type dummy");
link!(
    gre,
    "link add gre1 type gre local 192.0.2.1 remote 192.0.2.2"
);
link!(
    gretap,
    "link add gretap1 type gretap local 192.0.2.1 remote 192.0.2.2"
);
link!(
    ipip,
    "link add ipip1 type ipip local 192.0.2.1 remote 192.0.2.2"
);
link!(
    sit,
    "link add sit1 type sit local 192.0.2.1 remote 192.0.2.2"
);
link!(
    ip6tnl,
    "link add tnl1 type ip6tnl local 2001:db8::1 remote 2001:db8::2"
);
link!(wireguard, "link add wg0 type wireguard");

/// Whether a veth pair passes UDP on in packets of several segments.
pub(crate) fn udp_segments() -> bool {
    static ANSWER: OnceLock<bool> = OnceLock::new();
    *ANSWER.get_or_init(|| {
        let pair = Pair::new();
        let (from, to) = (Pair::SENDER.into(), Pair::RECEIVER.into());
        let socket = sockets::udp(&pair.sender, from, to, 9);
        let shapes = Shapes::of_this_thread();
        send_segmented(&socket, &[0; 3000], 1000);
        let are_kept = shapes.take().iter().any(|shape| shape.gso_size == 1000);
        feature::answer(
            "segments of UDP through veth",
            are_kept,
            "no tx-udp-segmentation",
        )
    })
}

/// Whether a program can watch the function that looks for the interface of a VLAN: without, a tag that is cut out of a
/// frame is noted where the frame is received, and is lost when another interface takes it over.
pub(crate) fn vlan_function() -> bool {
    const FUNCTION: &str = "vlan_do_receive";
    let file = "/sys/kernel/tracing/available_filter_functions";
    let functions = fs::read_to_string(file).unwrap_or_default();
    let has = functions.lines().any(|function| function == FUNCTION);
    feature::answer(
        "`vlan_do_receive`, to be watched",
        has,
        "no such function in the kernel",
    )
}
