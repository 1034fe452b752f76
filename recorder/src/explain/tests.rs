//! What holds of all explanations.

use std::collections::{BTreeMap, HashSet};

use super::*;

fn all() -> impl Iterator<Item = &'static Explanation> {
    reasons::all().chain(places::all()).chain(traps::all())
}

#[test]
fn a_phrase_is_half_a_sentence_of_60_characters_at_most() {
    for Explanation { name, phrase, .. } in all() {
        let first = phrase.split(' ').next().unwrap_or_default();
        // A sentence goes on in small letters, unless a name does.
        let is_name =
            first.chars().skip(1).any(char::is_uppercase) || phrase.starts_with("Open vSwitch");
        assert!(
            is_name || first.starts_with(|c: char| c.is_ascii_lowercase()),
            "{name}: {phrase}"
        );
        assert!(phrase.chars().count() <= 60, "{name}: {phrase}");
        assert!(!phrase.ends_with(['.', ',', ':']), "{name}: {phrase}");
    }
}

#[test]
fn every_explanation_says_what_it_means_what_to_check_and_where_it_is_from() {
    for explanation in all() {
        let Explanation {
            name,
            meaning,
            check,
            source,
            ..
        } = explanation;
        assert!(
            !meaning.starts_with(char::is_lowercase),
            "{name}: {meaning}"
        );
        for text in [meaning, check] {
            assert!(text.ends_with(['.', '?']), "{name}: {text}");
            assert!(!text.contains("  "), "{name}: {text}");
        }
        assert!(
            source.ends_with(')') && source.contains(" (v"),
            "{name}: {source}"
        );
    }
}

#[test]
fn no_name_is_explained_twice() {
    let mut names = HashSet::new();
    for Explanation { name, .. } in all() {
        assert!(names.insert(name), "{name}");
    }
}

#[test]
fn a_function_that_shows_up_for_another_has_its_explanation_and_none_of_its_own() {
    for (outer, inner) in places::INLINED {
        let known = location(outer).unwrap_or_else(|| panic!("{outer}"));
        assert_eq!(known.name, *inner, "{outer}");
        assert!(
            all().all(|explanation| explanation.name != *outer),
            "{outer}"
        );
    }
}

#[test]
fn a_function_is_found_however_a_location_is_written() {
    let known = location("stp_pdu_rcv");
    assert!(known.is_some());
    for written in [
        "stp_pdu_rcv+0x1f8/0xc80",
        "stp_pdu_rcv.constprop.0+0x144",
        "stp_pdu_rcv.isra.0",
        "stp_pdu_rcv+cf [stp]",
        "stp_pdu_rcv [stp]",
    ] {
        assert_eq!(location(written), known, "{written}");
    }
    assert_eq!(location("stp_pdu_rcv_of_mine+0x1"), None);
    assert_eq!(location(""), None);
}

#[test]
fn a_reason_counts_more_than_the_place_unless_it_says_nothing() {
    let place = "stp_pdu_rcv+0x54";
    let name = |reason, location| of(reason, location).map(|explanation| explanation.name);
    assert_eq!(name(Some("NOMEM"), Some(place)), Some("NOMEM"));
    for nothing in [None, Some("NOT_SPECIFIED"), Some("196609")] {
        assert_eq!(name(nothing, Some(place)), Some("stp_pdu_rcv"));
    }
    assert_eq!(
        name(Some("NOT_SPECIFIED"), Some("mine+0x1")),
        Some("NOT_SPECIFIED")
    );
    assert_eq!(name(Some("REASON_OF_TOMORROW"), Some(place)), None);
    assert_eq!(name(None, Some("mine+0x1")), None);
    assert_eq!(name(None, None), None);
}

#[test]
fn a_place_that_knows_better_than_the_reason_tells_what_it_means_there() {
    let name = |reason, location| of(Some(reason), Some(location)).map(|of| of.name);
    for (reason, location, expected) in [
        ("NO_SOCKET", "cookie_v4_check+0x4e5", "cookie_v4_check"),
        ("NO_SOCKET", "ping_rcv+0xb3", "ping_rcv"),
        ("NO_SOCKET", "icmpv6_rcv+0x1", "ping_rcv"),
        ("NO_SOCKET", "tcp_v4_rcv+0x1", "NO_SOCKET"),
        ("SOCKET_RCVBUFF", "ping_rcv+0xb3", "SOCKET_RCVBUFF"),
        ("IP_INNOROUTES", "ip6_pkt_prohibit+0x1", "ip6_pkt_prohibit"),
        (
            "IP_OUTNOROUTES",
            "ip6_pkt_prohibit_out+0x1",
            "ip6_pkt_prohibit",
        ),
        ("IP_INNOROUTES", "ip6_pkt_discard+0x1", "IP_INNOROUTES"),
        ("IP_INADDRERRORS", "ip6_pkt_prohibit+0x1", "IP_INADDRERRORS"),
    ] {
        assert_eq!(name(reason, location), Some(expected), "{location}");
    }
    let said = phrase(Some("NO_SOCKET"), Some("ping_rcv+0xb3"), false);
    assert!(said.is_some_and(|said| said.contains("ping")));
}

#[test]
fn of_a_capturing_programs_losses_it_is_said_that_not_all_are_recorded() {
    let reason = reason("PACKET_SOCK_ERROR");
    for told in [reason, location("packet_rcv"), location("tpacket_rcv")] {
        let told = told.expect("it is explained");
        assert!(told.meaning.contains("without the tracepoint"), "{told:?}");
        assert!(told.check.contains("all its losses"), "{told:?}");
    }
}

#[test]
fn where_a_datagram_finds_no_socket_ipsec_may_be_against_it() {
    for place in ["__udp4_lib_rcv", "__udp6_lib_rcv", "udp_rcv", "udpv6_rcv"] {
        let told = of(Some("NOT_SPECIFIED"), Some(place)).expect("it is explained");
        assert!(
            told.phrase.contains("IPsec") && told.check.contains("xfrm"),
            "{told:?}"
        );
        let counters = told.counters.concat();
        assert!(counters.contains("XfrmInPolBlock"), "{counters}");
    }
}

#[test]
fn what_knows_better_is_known_and_so_is_the_reason() {
    for (reason, function, place) in places::BETTER {
        assert!(self::reason(reason).is_some(), "{reason}");
        assert!(location(function).is_some(), "{function}");
        assert_eq!(location(place).map(|of| of.name), Some(*place));
        assert_eq!(within(function), *function);
    }
}

#[test]
fn a_tagged_frame_for_another_host_may_be_of_a_vlan_that_this_one_lacks() {
    let tells_of_vlan = |reason, location, is_tagged| {
        phrase(reason, Some(location), is_tagged).is_some_and(|phrase| phrase.contains("VLAN"))
    };
    for reason in [Some("OTHERHOST"), None] {
        assert!(tells_of_vlan(reason, "ip_rcv_core+0x1", true));
        assert!(!tells_of_vlan(reason, "ip_rcv_core+0x1", false));
    }
    assert!(!tells_of_vlan(Some("IP_CSUM"), "ip_rcv_core+0x1", true));
    assert!(!tells_of_vlan(None, "tcp_v4_rcv+0x1", true));
}

/// The reasons that kernels have, with the first and the last of them, as `reasons/names.txt` says.
fn of_kernels() -> BTreeMap<&'static str, (&'static str, &'static str)> {
    let text = include_str!("reasons/names.txt");
    let mut kernels: BTreeMap<&str, (&str, &str)> = BTreeMap::new();
    let (mut kernel, mut is_part) = ("", false);
    let mut present: HashSet<&str> = HashSet::new();
    let words = text
        .lines()
        .filter(|line| !line.starts_with('#'))
        .flat_map(str::split_ascii_whitespace);
    for word in words.chain(["end:"]) {
        if let Some(next) = word.strip_suffix(':') {
            // Of one of which a part is told nothing else is known.
            let is_whole = !std::mem::take(&mut is_part);
            for name in present.iter().filter(|_| is_whole) {
                kernels.entry(name).or_insert((kernel, kernel)).1 = kernel;
            }
            kernel = next;
        } else if let Some(name) = word.strip_prefix('~') {
            kernels.insert(name, (kernel, kernel));
            is_part = true;
        } else if let Some(name) = word.strip_prefix('+') {
            assert!(present.insert(name), "{kernel}: {name}");
        } else if let Some(name) = word.strip_prefix('-') {
            assert!(present.remove(name), "{kernel}: {name}");
        }
    }
    kernels
}

#[test]
fn every_reason_of_every_kernel_is_explained_and_has_the_kernels_that_it_is_in() {
    let of_kernels = of_kernels();
    assert!(of_kernels.len() > 250, "{}", of_kernels.len());
    for (name, kernels) in &of_kernels {
        let explained = reason(name).unwrap_or_else(|| panic!("{name} of {kernels:?}"));
        assert_eq!(explained.kernels, *kernels, "{name}");
    }
    for Explanation { name, .. } in reasons::all() {
        assert!(of_kernels.contains_key(name), "no kernel has {name}");
    }
}
