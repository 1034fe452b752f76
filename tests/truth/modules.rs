//! Whether the kernel has interfaces that many kernels have as modules only.

use std::sync::OnceLock;

/// Asked once: each answer takes a namespace.
macro_rules! link {
    ($name:ident, $arguments:literal) => {
        pub(crate) fn $name() -> bool {
            static ANSWER: OnceLock<bool> = OnceLock::new();
            *ANSWER.get_or_init(|| droprec_testbed::feature::link($arguments))
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
