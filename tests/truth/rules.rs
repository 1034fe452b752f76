//! What drops packets by the administrator's will: firewalls, classifiers, queues without room.

use droprec_testbed::{Namespace, run};

fn inside(namespace: &Namespace, command: &[&str]) {
    run(
        "ip",
        &[&["netns", "exec", namespace.name()], command].concat(),
    );
}

/// Makes a table of firewall rules, as `nft` takes it.
pub(crate) fn nft(namespace: &Namespace, table: &str) {
    inside(namespace, &["nft", table]);
}

/// Has an interface drop what is sent to a port over IPv4 and UDP, by `tc` on the side `ingress` or `egress`.
pub(crate) fn classifier(namespace: &Namespace, interface: &str, side: &str, port: u16) {
    inside(
        namespace,
        &["tc", "qdisc", "add", "dev", interface, "clsact"],
    );
    // Classic BPF: `ldh [36]; jeq #port; ret #TC_ACT_SHOT; ret #TC_ACT_UNSPEC`.
    let program = format!("4,40 0 0 36,21 0 1 {port},6 0 0 2,6 0 0 4294967295");
    let filter = ["tc", "filter", "add", "dev", interface, side];
    let bpf = ["bpf", "da", "bytecode", &program];
    inside(namespace, &[&filter[..], &bpf].concat());
}

/// Leaves no room in the queue of an interface.
pub(crate) fn no_room(namespace: &Namespace, interface: &str) {
    let queue = ["tc", "qdisc", "replace", "dev", interface, "root"];
    inside(namespace, &[&queue[..], &["pfifo", "limit", "0"]].concat());
}
