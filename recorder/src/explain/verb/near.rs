//! Names that are like one that is not known.

use super::{counter, list};
use crate::explain::unhandled;

/// How many are named.
const MAX: usize = 4;

const MARTIANS: &[&str] = &[
    "IP_RPFILTER",
    "IP_LOCAL_SOURCE",
    "IP_INVALID_SOURCE",
    "IP_INVALID_DEST",
];

/// What people call the things that packets are dropped by or for, where a name does not say it.
const SUBJECTS: [(&str, &[&str]); 15] = [
    ("devlink", &["hardware"]),
    ("trap", &["hardware"]),
    (
        "rpfilter",
        &[
            "IP_RPFILTER",
            "ip_rcv_finish_core",
            "TcpExtIPReversePathFilter",
        ],
    ),
    ("martian", MARTIANS),
    ("martians", MARTIANS),
    ("logmartians", MARTIANS),
    (
        "conntrack",
        &["NETFILTER_DROP", "nf_hook_slow", "OVS_DROP_CONNTRACK"],
    ),
    (
        "nftables",
        &["NETFILTER_DROP", "nft_do_chain", "nf_hook_slow"],
    ),
    ("nft", &["NETFILTER_DROP", "nft_do_chain", "nf_hook_slow"]),
    ("iptables", &["NETFILTER_DROP", "nf_hook_slow"]),
    ("firewall", &["NETFILTER_DROP", "nf_hook_slow"]),
    (
        "vlan",
        &[
            "OTHERHOST",
            "vlan_do_receive",
            "skb_vlan_untag",
            "br_allowed_ingress",
        ],
    ),
    (
        "softnet",
        &["CPU_BACKLOG", "enqueue_to_backlog", "flow_limit_count"],
    ),
    (
        "softnetstat",
        &["CPU_BACKLOG", "enqueue_to_backlog", "flow_limit_count"],
    ),
    (
        "backlog",
        &[
            "CPU_BACKLOG",
            "SOCKET_BACKLOG",
            "enqueue_to_backlog",
            "TcpExtTCPBacklogDrop",
        ],
    ),
];

/// Those that are most like it, the nearest first.
pub(crate) fn names(word: &str) -> Vec<&'static str> {
    let subject = plain(word);
    if let Some((_, names)) = SUBJECTS.iter().find(|(of, _)| *of == subject) {
        return names.to_vec();
    }
    let names = list::names()
        .chain(unhandled::all().map(|frame| frame.kind))
        .chain(counter::names().map(|(_, name)| name));
    among(word, names)
}

/// Those of some names that are most like it, the nearest first.
pub(crate) fn among<'a>(word: &str, names: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let word = plain(word);
    if word.len() < 2 {
        return Vec::new();
    }
    let mut near: Vec<(usize, &str)> = names
        .filter_map(|name| {
            let other = plain(name);
            // A part of a name, or one with a mistake or two.
            if word.len() >= 3 && other.contains(&word) {
                return Some((1, name));
            }
            let distance = distance(&word, &other);
            (distance <= 1 + word.len() / 5).then_some((distance, name))
        })
        .collect();
    near.sort_unstable();
    near.dedup();
    near.into_iter().take(MAX).map(|(_, name)| name).collect()
}

/// Capital letters and underscores are no difference.
fn plain(name: &str) -> String {
    name.chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_lowercase())
        .collect()
}

/// How many letters are to be changed, put in or left out (Levenshtein).
fn distance(a: &str, b: &str) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (above, a) in a.bytes().enumerate() {
        let mut diagonal = above;
        row[0] = above + 1;
        for (left, b) in b.bytes().enumerate() {
            let changed = diagonal + usize::from(a != b);
            diagonal = row[left + 1];
            row[left + 1] = changed.min(diagonal + 1).min(row[left] + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_distance_is_counted_in_letters() {
        assert_eq!(distance("nosocket", "nosocket"), 0);
        assert_eq!(distance("nosockt", "nosocket"), 1);
        assert_eq!(distance("", "abc"), 3);
        assert_eq!(distance("kitten", "sitting"), 3);
    }

    #[test]
    fn what_has_no_name_leads_to_names_that_are_known() {
        for (subject, names) in SUBJECTS {
            assert_eq!(plain(subject), subject);
            assert!(names.len() <= MAX, "{subject}");
            for name in names {
                let is_counter = !counter::cards(name).is_empty();
                assert!(
                    is_counter || list::names().any(|known| known == *name),
                    "{name}"
                );
            }
        }
    }

    #[test]
    fn a_name_with_a_mistake_is_found() {
        assert_eq!(names("NO_SOKET").first(), Some(&"NO_SOCKET"));
        assert_eq!(
            names("netif_recive_skb_core").first(),
            Some(&"__netif_receive_skb_core")
        );
        assert_eq!(names("udprcvbuferors").first(), Some(&"UdpRcvbufErrors"));
        assert!(names("xyzzyplugh").is_empty());
        assert!(names("").is_empty());
    }
}
