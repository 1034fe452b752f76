//! Ways to have an interface drop all that it receives, before anything looks into it.

use crate::{Namespace, run};

/// Such a way: what is dropped, and how it came, does not matter to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ingress {
    /// A firewall's chain on the interface: `NETFILTER_DROP`.
    Chain,
    /// A classifier of tc's: `TC_INGRESS`.
    Classifier,
}

impl Ingress {
    /// Has an interface drop all from now on.
    pub fn drop_all(self, namespace: &Namespace, interface: &str) {
        let name = namespace.name();
        match self {
            Self::Chain => {
                let hook = format!("type filter hook ingress device {interface} priority 0; drop;");
                let table = format!("table netdev everything {{ chain in {{ {hook} }}; }}");
                run("ip", &["netns", "exec", name, "nft", &table]);
            }
            Self::Classifier => {
                run(
                    "tc",
                    &["-n", name, "qdisc", "add", "dev", interface, "clsact"],
                );
                let filter = ["-n", name, "filter", "add", "dev", interface, "ingress"];
                // Classic BPF of one instruction: `ret #TC_ACT_SHOT`.
                let program = ["bpf", "direct-action", "bytecode", "1,6 0 0 2,"];
                run("tc", &[&filter[..], &program].concat());
            }
        }
    }
}
