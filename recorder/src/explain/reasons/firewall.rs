//! What rules refuse.

use crate::explain::{Explanation, Verdict::Depends};

pub(super) const ALL: &[Explanation] = &[
    Explanation {
        name: "BPF_CGROUP_EGRESS",
        phrase: "a BPF program of its cgroup refused it",
        meaning: "The process that sends belongs to a cgroup whose BPF program does not let this packet out (systemd's \
            IPAddressDeny=, a container runtime's rules).",
        verdict: Depends,
        check: "`bpftool cgroup tree` lists the programs; `systemctl show UNIT -p IPAddressDeny -p IPAddressAllow`.",
        counters: &[],
        kernels: ("5.18", "7.2"),
        source: "net/ipv4/ip_output.c: ip_finish_output, ip_mc_finish_output; net/ipv6/ip6_output.c: ip6_finish_output \
            (v7.2)",
    },
    Explanation {
        name: "NETFILTER_DROP",
        phrase: "a firewall rule dropped it",
        meaning: "A rule of nftables, iptables, ebtables or IPVS said drop or reject, or a chain's policy did. That is what \
            firewalls are for.",
        verdict: Depends,
        check: "`nft list ruleset` (or `iptables-save -c`): counters tell which rule; `nft add rule … meta nftrace set 1` \
            and `nft monitor trace` follow a packet through all of them.",
        counters: &["nft list ruleset: counter packets", "iptables -nvL: pkts"],
        kernels: ("5.18", "7.2"),
        source: "net/netfilter/core.c: nf_hook_slow; net/netfilter/nf_tables_core.c: nft_do_chain (v7.2)",
    },
];
