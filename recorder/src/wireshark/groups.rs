//! The reasons in groups: what the profile colours, has buttons for, and draws over time.
//!
//! All three ask for the comments that droprec writes, and so work without the plugin.

use std::fmt::Write as _;

/// What drops have in common.
struct Group {
    name: &'static str,
    /// Background in the list of packets, and the line's in the graph: red, green, blue.
    light: [u8; 3],
    dark: [u8; 3],
    /// Reasons; `*` at the end of one stands for any more. None: those that the kernel does not give one for.
    reasons: &'static [&'static str],
}

/// The first one that a reason is in is the one that colours it.
const GROUPS: &[Group] = &[
    Group {
        name: "Firewall or filter",
        light: [0xff, 0xd6, 0xd1],
        dark: [0xb3, 0x26, 0x1e],
        reasons: &[
            "NETFILTER_DROP",
            "SOCKET_FILTER",
            "BPF_CGROUP_EGRESS",
            "XDP",
            "TC_*",
            "TAP_*",
            "SECURITY_HOOK",
            "XFRM_POLICY",
            "PSP_*",
            "OVS_DROP_*",
        ],
    },
    Group {
        name: "No room",
        light: [0xff, 0xe5, 0xb8],
        dark: [0xa8, 0x5d, 0x00],
        reasons: &[
            "SOCKET_RCVBUFF",
            "SOCKET_BACKLOG",
            "PROTO_MEM",
            "NOMEM",
            "PFMEMALLOC",
            "CPU_BACKLOG",
            "FULL_RING",
            "PACKET_SOCK_ERROR",
            "IPVLAN_MULTICAST_BACKLOG",
            "MACVLAN_BROADCAST_BACKLOG",
            "QDISC_*",
            "FQ_*",
            "CAKE_FLOOD",
            "DUALPI2_STEP_DROP",
            "QUEUE_PURGE",
            "NEIGH_QUEUEFULL",
            "TCP_LISTEN_OVERFLOW",
            "TCP_OFO_QUEUE_PRUNE",
        ],
    },
    Group {
        name: "Damaged or malformed",
        light: [0xf0, 0xd9, 0xf5],
        dark: [0x8e, 0x24, 0xaa],
        reasons: &[
            "SKB_CSUM",
            "IP_CSUM",
            "ICMP_CSUM",
            "UDP_CSUM",
            "TCP_CSUM",
            "IP_INHDR",
            "HDR_TRUNC",
            "PKT_TOO_SMALL",
            "PKT_TOO_BIG",
            "DEV_HDR",
            "SKB_BAD_GSO",
            "SKB_GSO_SEG",
            "SKB_UCOPY_FAULT",
            "DUP_FRAG",
            "FRAG_*",
            "IPV6_*",
            "IP_TUNNEL_ECN",
            "VXLAN_INVALID_HDR",
            "MAC_*",
            "CAN*",
        ],
    },
    Group {
        name: "No way to go",
        light: [0xd3, 0xe7, 0xff],
        dark: [0x15, 0x65, 0xc0],
        reasons: &[
            "IP_INNOROUTES",
            "IP_OUTNOROUTES",
            "IP_RPFILTER",
            "IP_INADDRERRORS",
            "IP_INVALID_*",
            "IP_LOCAL*",
            "UNICAST_IN_L2_MULTICAST",
            "ARP_PVLAN_DISABLE",
            "NEIGH_*",
            "NO_TX_TARGET",
            "LOCAL_MAC",
            "BRIDGE_*",
            "TUNNEL_TXINFO",
            "VXLAN_*",
            "DEV_READY",
            "RECURSION_LIMIT",
        ],
    },
    Group {
        name: "Nobody takes it",
        light: [0xe4, 0xe7, 0xea],
        dark: [0x5f, 0x66, 0x6d],
        reasons: &[
            "NO_SOCKET",
            "UNHANDLED_PROTO",
            "OTHERHOST",
            "IP_NOPROTO",
            "INVALID_PROTO",
            "PTYPE_ABSENT",
            "IPV6DISABLED",
            "SOCKET_CLOSE",
            "UNIX_*",
            "SKB_CONSUMED",
        ],
    },
    Group {
        name: "TCP",
        light: [0xd8, 0xf3, 0xdc],
        dark: [0x2e, 0x7d, 0x32],
        reasons: &["TCP_*"],
    },
    Group {
        name: "Wi-Fi",
        light: [0xcf, 0xf2, 0xf4],
        dark: [0x00, 0x7c, 0x91],
        reasons: &["RX_DROP*"],
    },
    Group {
        name: "No reason given",
        light: [0xff, 0xff, 0xdc],
        dark: [0x8a, 0x7f, 0x00],
        reasons: &[],
    },
];

/// Any packet that droprec recorded.
const ANY: &str = r#"frame.comment contains "droprec v=""#;

impl Group {
    /// A display filter of Wireshark's. It is tied to the beginning of droprec's comment: a packet may carry any text.
    fn filter(&self) -> String {
        let pattern = if self.reasons.is_empty() {
            "(?!reason=)|reason=(NOT_SPECIFIED|SKB_NOT_DROPPED_YET|[0-9]+) ".to_owned()
        } else {
            let reasons: Vec<String> = self
                .reasons
                .iter()
                .map(|reason| reason.replace('*', "[^ ]*"))
                .collect();
            format!("reason=({}) ", reasons.join("|"))
        };
        format!("frame.comment matches \"^droprec v=1 ({pattern})\"")
    }
}

/// The rules of the list of packets.
pub(super) fn colours() -> String {
    let mut out = String::new();
    for group in GROUPS {
        colour(&mut out, group.name, &group.filter(), group.light);
    }
    colour(&mut out, "Other drops", ANY, [0xff; 3]);
    out
}

/// Names, filters and 16-bit colours, the text's last.
fn colour(out: &mut String, name: &str, filter: &str, [red, green, blue]: [u8; 3]) {
    let [red, green, blue] = [red, green, blue].map(|part| u32::from(part) * 257);
    // Writing to a String cannot fail.
    let _ = writeln!(
        out,
        "@{name}@{filter}@[{red},{green},{blue}][4626,10023,11822]"
    );
}

/// The buttons beside the display filter.
pub(super) fn buttons() -> String {
    let mut out = String::new();
    for group in GROUPS {
        let filter = in_table(&group.filter());
        let _ = writeln!(out, "\"TRUE\",\"{}\",\"{filter}\",\"\"", group.name);
    }
    out
}

/// The lines of the I/O graph.
pub(super) fn graphs() -> String {
    let mut out = String::new();
    for group in GROUPS {
        let (filter, [red, green, blue]) = (in_table(&group.filter()), group.dark);
        let _ = writeln!(
            out,
            "\"Enabled\",\"{}\",\"{filter}\",\"#{red:02X}{green:02X}{blue:02X}\",\"Line\",\"Packets\",\"\",\"None\",\"1\"",
            group.name
        );
    }
    out
}

/// A value between quotes in one of Wireshark's tables.
fn in_table(text: &str) -> String {
    text.replace('\\', "\\x5c").replace('"', "\\x22")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::explain::reasons;

    fn is_in(reason: &str, pattern: &str) -> bool {
        match pattern.strip_suffix('*') {
            Some(start) => reason.starts_with(start),
            None => reason == pattern,
        }
    }

    #[test]
    fn every_reason_that_says_something_is_in_a_group() {
        for reason in reasons::all().map(|explanation| explanation.name) {
            let says_nothing = ["NOT_SPECIFIED", "SKB_NOT_DROPPED_YET"].contains(&reason);
            let has_group = GROUPS
                .iter()
                .flat_map(|group| group.reasons)
                .any(|pattern| is_in(reason, pattern));
            assert_ne!(has_group, says_nothing, "{reason}");
        }
    }

    #[test]
    fn no_group_asks_for_a_reason_that_no_kernel_gives() {
        for pattern in GROUPS.iter().flat_map(|group| group.reasons) {
            let is_known = reasons::all().any(|explanation| is_in(explanation.name, pattern));
            assert!(is_known, "{pattern}");
        }
    }
}
