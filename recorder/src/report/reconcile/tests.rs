//! Tests of the reconciliation.

use super::{lines::lines, *};
use crate::report::accounting::Accounting;

/// Drops of eth0 in namespace 7.
pub(super) fn rows(of: &[(Option<&str>, &str, u64)]) -> Rows {
    let mut rows = Rows::default();
    for (reason, location, drops) in of {
        let index = rows.of(Place {
            reason: reason.map(str::to_owned),
            location: (*location).to_owned(),
            interface: "eth0".to_owned(),
            netns: 7,
            ifindex: 2,
        });
        for _ in 0..*drops {
            rows.count(index, None, "", None);
        }
    }
    rows
}

pub(super) fn rise(source: Source, name: &str, by: u64) -> Rise {
    let is_interfaces = matches!(source, Source::Link | Source::Ethtool | Source::Qdisc);
    Rise {
        netns: if source == Source::Softnet { 0 } else { 7 },
        ifindex: if is_interfaces { 2 } else { 0 },
        label: if is_interfaces {
            "eth0".to_owned()
        } else {
            String::new()
        },
        source,
        part: String::new(),
        name: name.to_owned(),
        before: 100,
        after: 100 + by,
        since: None,
        margin: 0,
        was_away: false,
        driver: String::new(),
        ring: None,
    }
}

pub(super) fn said(rows: &Rows, rises: &[Rise]) -> Vec<String> {
    lines(&reconcile(rows, rises), None)
}

pub(super) const CORE: &str = "__netif_receive_skb_core.constprop.0+0x144";

#[test]
fn what_explains_a_part_of_a_rise_is_told_with_what_is_left() {
    let rows = rows(&[
        (Some("UNHANDLED_PROTO"), CORE, 200),
        (Some("NO_SOCKET"), "__udp4_lib_rcv+0x1", 3),
    ]);
    assert_eq!(
        said(&rows, &[rise(Source::Link, "rx_dropped", 206)]),
        [
            format!(
                "rx_dropped of eth0 rose by 206: 200 UNHANDLED_PROTO at {CORE}; 6 not explained: a driver counts here too \
                 what it, or an XDP program, drops before an skb exists"
            ),
            "eth0: 200 of the 206 of rx_dropped are the kernel's; no counter of the ring or the NIC rose".to_owned(),
        ]
    );
}

#[test]
fn a_counter_of_the_ring_is_explained_by_no_drop_and_told_with_its_remedy() {
    let mut missed = rise(Source::Link, "rx_missed_errors", 31);
    missed.ring = Some((512, 4096));
    let lines = said(&rows(&[(Some("UNHANDLED_PROTO"), CORE, 9)]), &[missed]);
    assert_eq!(lines.len(), 2, "{lines:#?}");
    assert!(lines[0].starts_with(
        "rx_missed_errors of eth0 rose by 31: 31 not recorded: the NIC's ring was full"
    ));
    assert!(lines[0].contains("it is 512 of 4096 now"), "{lines:#?}");
    assert_eq!(
        lines[1],
        "eth0: the ring had no room for 31 (rx_missed_errors)"
    );
}

#[test]
fn counters_that_the_same_drops_raise_are_told_in_one_line() {
    let rows = rows(&[(Some("SOCKET_RCVBUFF"), "__udp_queue_rcv_skb+0x9", 5)]);
    let rises = [
        rise(Source::Snmp, "UdpInErrors", 5),
        rise(Source::Snmp, "UdpRcvbufErrors", 5),
    ];
    assert_eq!(
        said(&rows, &rises),
        ["UdpInErrors and UdpRcvbufErrors rose by 5: 5 SOCKET_RCVBUFF at __udp_queue_rcv_skb+0x9"]
    );
}

#[test]
fn without_a_reason_a_function_that_drops_for_several_makes_nothing_certain() {
    let rows = rows(&[(None, "udp_queue_rcv_one_skb+0x9", 8)]);
    let findings = reconcile(&rows, &[rise(Source::Snmp, "UdpRcvbufErrors", 5)]);
    let [
        Finding {
            parts,
            rest: 0,
            surplus: 0,
            ..
        },
    ] = &findings[..]
    else {
        panic!("{findings:?}");
    };
    assert_eq!(
        (parts[0].explains, parts[0].drops, parts[0].is_certain),
        (5, 8, false)
    );
}

#[test]
fn drops_that_a_counter_did_not_tell_of_are_not_hidden() {
    let rows = rows(&[(Some("UDP_CSUM"), "udp_queue_rcv_one_skb+0x9", 8)]);
    let findings = reconcile(&rows, &[rise(Source::Snmp, "UdpInCsumErrors", 5)]);
    assert_eq!((findings[0].rest, findings[0].surplus), (0, 3));
}

#[test]
fn drops_of_another_interface_or_reason_explain_nothing() {
    let found = |reason, ifindex| {
        let rows = rows(&[(Some(reason), CORE, 3)]);
        let mut dropped = rise(Source::Link, "rx_dropped", 3);
        dropped.ifindex = ifindex;
        reconcile(&rows, &[dropped])[0].rest
    };
    assert_eq!(found("UNHANDLED_PROTO", 2), 0);
    assert_eq!(found("UNHANDLED_PROTO", 3), 3);
    assert_eq!(found("TC_INGRESS", 2), 3);
}

#[test]
fn a_counter_that_tells_of_no_loss_is_not_shown() {
    let rises = [
        rise(Source::Link, "rx_packets", 3),
        rise(Source::Snmp, "IpInReceives", 3),
        rise(Source::Softnet, "time_squeeze", 3),
        rise(Source::Ethtool, "rx_queue_0_packets", 3),
    ];
    assert_eq!(said(&Rows::default(), &rises), [""; 0]);
}

#[test]
fn the_backlogs_of_all_processors_are_one() {
    let mut second = rise(Source::Softnet, "dropped", 2);
    second.part = "cpu 1".to_owned();
    let mut first = rise(Source::Softnet, "dropped", 3);
    first.part = "cpu 0".to_owned();
    let rows = rows(&[(Some("CPU_BACKLOG"), "enqueue_to_backlog+0x1", 5)]);
    assert_eq!(
        said(&rows, &[first, second]),
        ["dropped (softnet_stat, cpu 0, cpu 1) rose by 5: 5 CPU_BACKLOG at enqueue_to_backlog+0x1"]
    );
}

#[test]
fn what_one_interface_did_not_hand_to_another_is_counted_at_both() {
    let rows = rows(&[(None, "__dev_forward_skb2+0x87", 4)]);
    let mut other = rise(Source::Link, "rx_dropped", 4);
    (other.netns, other.ifindex, other.label) = (8, 5, "eth0@other".to_owned());
    let nic = rise(Source::Link, "tx_dropped", 4);
    assert_eq!(reconcile(&rows, &[other.clone()])[0].rest, 4);
    other.driver = "veth".to_owned();
    assert_eq!(
        said(&rows, &[nic, other]),
        [
            "tx_dropped of eth0 rose by 4: perhaps 4 at __dev_forward_skb2+0x87",
            "rx_dropped of eth0@other rose by 4: perhaps 4 at __dev_forward_skb2+0x87 (eth0)",
            "eth0@other: perhaps all 4 of rx_dropped are the kernel's; no counter of the ring or the NIC rose",
        ]
    );
}

#[test]
fn what_may_be_elsewhere_is_blamed_on_nobody_and_what_is_too_much_for_that_is() {
    let books = Accounting {
        beyond: 5,
        filtered: 9,
        // The filters were of interfaces alone.
        elsewhere: 9,
        ..Accounting::default()
    };
    let said = |by, margin| {
        let mut rise = rise(Source::Link, "rx_dropped", by);
        rise.margin = margin;
        lines(&reconcile(&Rows::default(), &[rise]), Some(books)).swap_remove(0)
    };
    assert_eq!(
        said(7, 2),
        "rx_dropped of eth0 rose by 7: 7 not explained: perhaps among the 5 that came after the last one of -c or --until and the 2 \
         that it rose by while the recording began or ended"
    );
    assert_eq!(
        said(7, 0),
        "rx_dropped of eth0 rose by 7: 7 not explained: up to 5 of them perhaps among the 5 that came after the last one of \
         -c or --until; a driver counts here too what it, or an XDP program, drops before an skb exists"
    );
    let books_of_others = Accounting {
        elsewhere: 0,
        ..books
    };
    let one = rise(Source::Link, "rx_dropped", 7);
    assert_eq!(
        lines(&reconcile(&Rows::default(), &[one]), Some(books_of_others))[0],
        "rx_dropped of eth0 rose by 7: 7 not explained: perhaps among the 9 that a filter left out and the 5 that came after the \
         last one of -c or --until"
    );
    let mut away = rise(Source::Link, "rx_dropped", 12);
    away.was_away = true;
    assert_eq!(
        lines(&reconcile(&Rows::default(), &[away]), Some(books))[0],
        "rx_dropped of eth0 rose by 12: 12 not explained: the interface was not in that namespace all the time; perhaps among \
         the 9 that a filter left out and the 5 that came after the last one of -c or --until"
    );
    let namespaces = rise(Source::Snmp, "UdpInErrors", 3);
    assert_eq!(
        lines(&reconcile(&Rows::default(), &[namespaces]), Some(books)),
        [
            "UdpInErrors rose by 3: 3 not explained: perhaps among the 9 that a filter left out and the 5 that came after the \
             last one of -c or --until"
        ]
    );
}

#[test]
fn of_a_counter_that_was_read_later_only_drops_after_that_are_certain() {
    let mut rows = Rows::default();
    for (location, times) in [
        ("__netif_receive_skb_core+0x1", [5, 30]),
        ("__netif_receive_skb_core+0x2", [20, 30]),
    ] {
        let index = rows.of(Place {
            reason: Some("UNHANDLED_PROTO".to_owned()),
            location: location.to_owned(),
            interface: "eth0".to_owned(),
            netns: 7,
            ifindex: 2,
        });
        for time in times {
            rows.count(index, Some(time), "", None);
        }
    }
    let mut late = rise(Source::Link, "rx_dropped", 3);
    late.since = Some(10);
    let findings = reconcile(&rows, &[late]);
    let parts = findings[0]
        .parts
        .iter()
        .map(|part| (part.explains, part.is_certain));
    assert_eq!(parts.collect::<Vec<_>>(), [(2, true), (1, false)]);
    assert_eq!(findings[0].surplus, 0);
}

#[test]
fn a_sum_is_not_told_beside_its_parts() {
    let rises = [
        rise(Source::Link, "rx_errors", 4),
        rise(Source::Link, "rx_crc_errors", 4),
    ];
    let rows = Rows::default();
    let findings = reconcile(&rows, &rises);
    assert_eq!(findings.len(), 1);
    assert_eq!(findings[0].rise.name, "rx_crc_errors");
    let [mut sum, part] = rises;
    sum.after += 1;
    assert_eq!(reconcile(&Rows::default(), &[sum, part]).len(), 2);
}

#[test]
fn a_drivers_counter_that_only_sounds_like_a_loss_is_none() {
    for (name, expected) in [
        ("rx_interrupts", None),
        ("tx_deferred_ok", None),
        ("rx_queue_0_packets", None),
        ("rx_csum_offload_errors", None),
        ("rx_buff_alloc_err", Some(blind::Culprit::Memory)),
        ("alloc_rx_buff_failed", Some(blind::Culprit::Memory)),
        ("rx_crc_errors", Some(blind::Culprit::Wire)),
        ("rx_no_buffer_count", Some(blind::Culprit::Ring)),
        ("rx_queue_0_xdp_drops", Some(blind::Culprit::Xdp)),
        ("port.rx_dropped", Some(blind::Culprit::Driver)),
    ] {
        assert_eq!(
            blind::culprit(&rise(Source::Ethtool, name, 1)),
            expected,
            "{name}"
        );
    }
}

#[test]
fn an_interface_without_hardware_has_no_ring_and_no_wire_to_blame() {
    let mut errors = rise(Source::Link, "rx_crc_errors", 3);
    errors.driver = "gre".to_owned();
    let said = said(&Rows::default(), &[errors]);
    assert!(!said.concat().contains("cable"), "{said:#?}");
    assert_eq!(
        said[1],
        "eth0: its own code lost 3 (rx_crc_errors); no counter of the ring or the NIC rose"
    );
}

#[test]
fn where_another_counter_may_have_risen_instead_nothing_is_certain() {
    let certain = |reason, others: &[Rise]| {
        let rises = [&[rise(Source::Link, "rx_dropped", 3)], others].concat();
        let rows = rows(&[(reason, CORE, 5)]);
        let findings = reconcile(&rows, &rises);
        let of = |finding: &&Finding<'_>| finding.rise.name == "rx_dropped";
        findings.iter().find(of).expect("it rose").parts[0].is_certain
    };
    let mut qdisc = rise(Source::Qdisc, "drops", 2);
    qdisc.part = "clsact ffff:".to_owned();
    let nohandler = rise(Source::Link, "rx_nohandler", 2);
    assert!(certain(None, &[]));
    assert!(!certain(None, std::slice::from_ref(&qdisc)));
    assert!(certain(Some("UNHANDLED_PROTO"), &[qdisc]));
    assert!(!certain(Some("UNHANDLED_PROTO"), &[nohandler]));
}

/// What each counter may have to do with each place must not be asked of all rules and all other counters anew.
#[test]
fn very_many_counters_and_places_are_reconciled_at_once_and_further_places_are_told_together() {
    let locations: Vec<String> = (0..1000).map(|n| format!("udp_{n}+0x1")).collect();
    let places = locations
        .iter()
        .map(|location| (Some("NO_SOCKET"), location.as_str(), 2));
    let rows = rows(&places.collect::<Vec<_>>());
    let rises: Vec<Rise> = (0..500)
        .map(|n| Rise {
            label: format!("n{n}"),
            ..rise(Source::Snmp, "UdpNoPorts", u64::MAX - 100)
        })
        .collect();
    let findings = reconcile(&rows, &rises);
    assert_eq!(findings.len(), rises.len());
    for finding in &findings {
        let explained: u64 = finding.parts.iter().map(|part| part.explains).sum();
        assert_eq!((explained, finding.surplus), (2000, 0));
        assert_eq!(finding.parts.len(), MAX_PLACES);
        assert_eq!(finding.parts[MAX_PLACES - 1].place.location, "(others)");
    }
}

#[test]
fn many_counters_of_one_line_are_listed_with_commas() {
    let rises = ["UdpInErrors", "UdpMemErrors", "UdpNoPorts"];
    let rises = rises.map(|name| rise(Source::Snmp, name, 3));
    assert_eq!(
        said(&rows(&[]), &rises),
        ["UdpInErrors, UdpMemErrors and UdpNoPorts rose by 3: 3 not explained"]
    );
}

#[test]
fn places_that_a_line_does_not_name_are_no_surer_than_those_it_does() {
    let of = |reason, location, drops| (Some(reason), location, drops);
    let certain = [
        of("IP_INHDR", "ip6_rcv_core+0x1", 9),
        of("IP_INHDR", "ip6_forward+0x1", 8),
        of("UNHANDLED_PROTO", "ip6_rcv_core+0x1", 7),
    ];
    let last = |more: (Option<&str>, &str, u64)| {
        let rows = rows(&[certain[0], certain[1], certain[2], more]);
        let said = said(&rows, &[rise(Source::Snmp6, "Ip6InHdrErrors", 30)]);
        said[0].rsplit("; ").next().unwrap_or_default().to_owned()
    };
    assert_eq!(
        last(of("NOT_SPECIFIED", "ipv6_rthdr_rcv+0x1", 6)),
        "perhaps 6 at 1 other place"
    );
    assert_eq!(
        last(of("IP_INHDR", "ipv6_rcv+0x1", 6)),
        "6 at 1 other place"
    );
}
