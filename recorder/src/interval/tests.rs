use std::time::Duration;

use droprec_ebpf::record::{Counters, Kind, Tally};

use super::{
    counts::{Count, Counts},
    dropwatch::Dropwatch,
    lines::Lines,
    object::Objects,
    *,
};
use crate::{
    enrich::{Spot, devices::Devices, rows::Rows},
    kernel::{interfaces::Interfaces, namespaces::Namespaces},
};

/// 2026-11-20 12:00:00 UTC, in nanoseconds.
const NOON: u64 = 1_795_176_000_000_000_000;

fn place(reason: Option<&str>, location: &str, interface: &str) -> Place {
    Place {
        reason: reason.map(str::to_owned),
        location: location.to_owned(),
        interface: interface.to_owned(),
        netns: 4_026_531_840,
        ifindex: 2,
    }
}

fn places() -> [Place; 4] {
    [
        place(Some("NO_SOCKET"), "__udp4_lib_rcv+0x4bc", "eth0"),
        place(Some("NO_SOCKET"), "__udp4_lib_rcv+0x4bc", "eth1"),
        place(Some("TC_INGRESS"), "classify+0x1f [cls_u32]", "eth0"),
        place(None, "unnamed 1", "none"),
    ]
}

/// A table of two seconds with so many drops of each place, now and in all.
fn interval<'a>(places: &'a [Place], counts: &[(u64, u64)], order: Order) -> Interval<'a> {
    let count = |(now, total)| Count { now, total };
    let mut lines: Vec<Line<'_>> = places
        .iter()
        .zip(counts)
        .map(|(place, counts)| Line {
            place,
            device: (place.interface != "none").then_some(&place.interface),
            address: 0xffff_ffff_8150_0000 + place.location.len() as u64,
            stack: None,
            drops: count(*counts),
            lost: Count::default(),
        })
        .collect();
    order.sort(&mut lines);
    Interval {
        time: NOON,
        period: Duration::from_secs(2),
        lines,
        order: Order::default(),
        most: usize::MAX,
        may_lose: false,
        nested: Count::default(),
        uncounted: Count::default(),
    }
}

fn shown(view: &mut impl View, interval: &Interval<'_>) -> Vec<String> {
    let mut out = Vec::new();
    view.show(&mut out, interval).unwrap();
    let text = String::from_utf8(out).unwrap();
    text.lines().map(str::to_owned).collect()
}

/// Without the time at its beginning, and with single spaces.
fn words(line: &str) -> String {
    let words: Vec<&str> = line.split_whitespace().collect();
    words.join(" ")
}

#[test]
fn a_table_has_what_is_new_since_the_last_one_and_what_there_was_in_all() {
    let kind = |location| Kind {
        location,
        ..Kind::default()
    };
    let tally = |drops, lost| Tally {
        drops,
        lost,
        limited: 0,
    };
    let (mut counts, mut rows) = (Counts::default(), Rows::default());
    let devices = Devices::new(Interfaces::new(Namespaces::start().unwrap()));
    let mut asked = Vec::new();
    let mut take = |counts: &mut Counts, rows: &mut Rows, of: &[(Kind, Tally)], counters| {
        let taken = counts.take(of.iter().copied(), &counters, |kind, new| {
            asked.push((kind.location, new.drops));
            // Two kinds may have one row.
            let row = rows.of(place(
                None,
                if kind.location == 9 { "b" } else { "a" },
                "none",
            ));
            Ok(Spot {
                row,
                ..Spot::default()
            })
        });
        taken.unwrap();
    };
    let counters = |nested, busy, uncounted| Counters {
        nested,
        busy,
        uncounted,
        ..Counters::default()
    };
    let first = [(kind(1), tally(5, 1)), (kind(2), tally(2, 0))];
    take(&mut counts, &mut rows, &first, counters(3, 1, 0));
    let second = [
        (kind(1), tally(6, 1)),
        (kind(2), tally(2, 0)),
        (kind(9), tally(7, 0)),
    ];
    // Twice within one table.
    take(&mut counts, &mut rows, &second, counters(3, 2, 4));
    let of = |counts: &Counts, rows: &Rows| {
        let mut lines: Vec<_> = counts
            .lines(rows, &devices)
            .iter()
            .map(|line| {
                let numbers = [line.drops.now, line.drops.total, line.lost.now];
                (line.place.location.clone(), numbers)
            })
            .collect();
        lines.sort();
        lines
    };
    let a = |numbers| ("a".to_owned(), numbers);
    let b = |numbers| ("b".to_owned(), numbers);
    assert_eq!(of(&counts, &rows), [a([8, 8, 1]), b([7, 7, 0])]);
    // One of them came into the midst of a program that is busy: whether it is missed is not yet known.
    assert_eq!(counts.nested, Count { now: 2, total: 2 });
    assert_eq!(counts.uncounted, Count { now: 4, total: 4 });

    counts.next();
    assert!(counts.is_still());
    assert_eq!(of(&counts, &rows), [a([0, 8, 0]), b([0, 7, 0])]);
    let third = [(kind(9), tally(8, 3))];
    take(&mut counts, &mut rows, &third, counters(3, 0, 4));
    assert_eq!(of(&counts, &rows), [a([0, 8, 0]), b([1, 8, 3])]);
    assert_eq!(counts.nested, Count { now: 1, total: 3 });
    assert_eq!(counts.uncounted, Count { now: 0, total: 4 });
    assert!(!counts.is_still());
    assert_eq!(asked, [(1, 5), (2, 2), (1, 1), (9, 7), (9, 1)]);
}

#[test]
fn lines_come_in_the_order_that_was_asked_for_and_the_same_each_time() {
    let places = places();
    let counts = [(1, 100), (3, 3), (3, 5), (1, 100)];
    let order = |order| {
        let interval = interval(&places, &counts, order);
        let at = |line: &Line<'_>| places.iter().position(|place| place == line.place);
        let order: Vec<usize> = interval.lines.iter().filter_map(at).collect();
        order
    };
    assert_eq!(order(Order::Count), [2, 1, 0, 3]);
    assert_eq!(order(Order::Total), [0, 3, 2, 1]);
    assert_eq!(order(Order::Location), [1, 0, 2, 3]);
    assert_eq!(order(Order::Reason), [3, 1, 0, 2]);
    assert_eq!(order(Order::Interface), [2, 0, 1, 3]);
}

#[test]
fn each_line_says_when_and_what_by_itself_and_the_last_one_is_the_sum() {
    let places = places();
    let mut view = Lines::new(Duration::from_secs(2));
    let first = interval(&places, &[(3, 3), (0, 0), (1, 1), (0, 0)], Order::Count);
    let lines = shown(&mut view, &first);
    assert_eq!(lines.len(), 4);
    assert_eq!(
        words(&lines[0]),
        "drops rate/s total reason location interface"
    );
    let time = &lines[1][..8];
    assert!(lines[1..].iter().all(|line| line.starts_with(time)));
    assert_eq!(
        words(&lines[1][8..]),
        "3 1.5 3 NO_SOCKET __udp4_lib_rcv+0x4bc eth0"
    );
    assert_eq!(
        words(&lines[2][8..]),
        "1 0.5 1 TC_INGRESS classify+0x1f [cls_u32] eth0"
    );
    assert_eq!(words(&lines[3][8..]), "4 2.0 4 (all)");
    for (cell, title) in [("NO_SOCKET", "reason"), ("eth0", "interface")] {
        assert_eq!(lines[1].find(cell), lines[0].find(title), "{lines:?}");
    }

    let mut second = interval(&places, &[(2, 5), (4, 4), (8, 9), (0, 0)], Order::Count);
    second.most = 1;
    second.nested = Count { now: 1, total: 2 };
    second.uncounted = Count { now: 0, total: 6 };
    let lines = shown(&mut view, &second);
    let words: Vec<String> = lines.iter().map(|line| words(&line[8..])).collect();
    assert_eq!(
        words,
        [
            "8 4.0 9 TC_INGRESS classify+0x1f [cls_u32] eth0",
            "6 3.0 9 (2 more kinds)",
            "1 0.5 2 (missed)",
            "0 0.0 6 (of too many kinds)",
            "15 7.5 26 (all)",
        ]
    );
}

#[test]
fn a_table_without_drops_says_so_in_a_line() {
    let mut view = Lines::new(Duration::from_millis(500));
    let lines = shown(&mut view, &interval(&[], &[], Order::Count));
    assert_eq!(lines.len(), 2);
    // Tables of less than a second are told apart.
    assert!(lines[1].contains(":00.000000 "), "{}", lines[1]);
    assert!(lines[1].ends_with("(all)"), "{}", lines[1]);
}

#[test]
fn what_may_lose_beside_the_tables_may_be_lost_and_each_line_says_how_much() {
    let places = places();
    let mut interval = interval(&places, &[(3, 3)], Order::Count);
    interval.may_lose = true;
    interval.lines[0].lost = Count { now: 2, total: 2 };
    let lines = shown(&mut Lines::default(), &interval);
    assert_eq!(
        words(&lines[0]),
        "drops lost rate/s total reason location interface"
    );
    assert!(words(&lines[1]).contains(" 3 2 1.5 3 NO_SOCKET "));
    assert!(words(&lines[2]).ends_with(" 3 2 1.5 3 (all)"));
}

#[test]
fn dropwatch_has_a_line_for_each_location_with_its_address() {
    let mut places = places();
    places[3].location = "_stext+0x10".to_owned();
    let mut interval = interval(&places, &[(3, 9), (4, 4), (1, 1), (5, 5)], Order::Count);
    interval.nested = Count { now: 1, total: 1 };
    interval.uncounted = Count { now: 2, total: 2 };
    assert_eq!(
        shown(&mut Dropwatch, &interval),
        [
            "7 drops at __udp4_lib_rcv+4bc (0xffffffff81500014) [software]",
            "5 drops at location 0xffffffff8150000b [software]",
            "1 drops at classify+1f (0xffffffff81500017) [software]",
            "3 drops at unknown locations [software]",
        ]
    );
    interval.most = 1;
    assert_eq!(
        shown(&mut Dropwatch, &interval)[1..],
        [
            "6 drops at 2 more locations [software]",
            "3 drops at unknown locations [software]",
        ]
    );
}

#[test]
fn an_object_is_a_line_with_all_numbers_of_a_table() {
    let places = places();
    let mut interval = interval(&places, &[(3, 9), (4, 4), (0, 1), (2, 2)], Order::Count);
    interval.nested = Count { now: 1, total: 1 };
    interval.most = 2;
    let elsewhere = place(Some("NO_SOCKET"), "__udp4_lib_rcv+0x4bc", "eth1@web");
    interval.lines[0].place = &elsewhere;
    let lines = shown(&mut Objects, &interval);
    assert_eq!(lines.len(), 1);
    let numbered = place(None, "unnamed 1", "eth1@4026531840");
    interval.lines[0].place = &numbered;
    assert!(!shown(&mut Objects, &interval)[0].contains("netns_name"));
    let object: serde_json::Value = serde_json::from_str(&lines[0]).unwrap();
    assert_eq!(
        object,
        serde_json::json!({
            "time": "2026-11-20T12:00:00.000000000Z", "period": 2.0,
            "count": 10, "total": 17, "nested": 1, "uncounted": 0,
            "rows": [
                {"count": 4, "total": 4, "reason": "NO_SOCKET", "loc": "__udp4_lib_rcv+0x4bc",
                 "dev": "eth1", "ifindex": 2, "netns": 4_026_531_840_u32, "netns_name": "web"},
                {"count": 3, "total": 9, "reason": "NO_SOCKET", "loc": "__udp4_lib_rcv+0x4bc",
                 "dev": "eth0", "ifindex": 2, "netns": 4_026_531_840_u32},
            ],
            "more": {"kinds": 1, "count": 2, "total": 2},
        })
    );
}

#[test]
fn drops_of_one_place_by_two_ways_are_two_lines_and_each_tells_its_way() {
    let (mut counts, mut rows) = (Counts::default(), Rows::default());
    let devices = Devices::new(Interfaces::new(Namespaces::start().unwrap()));
    let row = rows.of(place(None, "ip_rcv+0xcf", "eth0"));
    let mut take = |drops: u64, is_told: bool| {
        let kind = |stack| Kind {
            stack,
            ..Kind::default()
        };
        let tally = |drops| Tally {
            drops,
            ..Tally::default()
        };
        let tallies = [(kind(1), tally(drops)), (kind(2), tally(2 * drops))];
        let taken = counts.take(tallies, &Counters::default(), |kind, _| {
            let comment = format!("droprec stack=\"ip_rcv+0xcf;way_{}\"", kind.stack);
            Ok(Spot {
                row,
                device: 0,
                stack: is_told.then_some(comment),
            })
        });
        taken.unwrap();
    };
    take(3, true);
    // The kernel half may have forgotten them meanwhile.
    take(4, false);
    let mut lines = counts.lines(&rows, &devices);
    Order::Count.sort(&mut lines);
    let drops: Vec<u64> = lines.iter().map(|line| line.drops.now).collect();
    assert_eq!(drops, [8, 4]);
    let interval = Interval {
        lines,
        ..interval(&[], &[], Order::Count)
    };
    let text = shown(&mut Lines::default(), &interval);
    assert_eq!(text[2..4], ["\tip_rcv+0xcf", "\tway_2"]);
    assert_eq!(text[5..7], ["\tip_rcv+0xcf", "\tway_1"]);
    let object: serde_json::Value =
        serde_json::from_str(&shown(&mut Objects, &interval)[0]).unwrap();
    let ways = serde_json::json!(["ip_rcv+0xcf", "way_1"]);
    assert_eq!(object["rows"][1]["stack"], ways);
}

#[test]
fn an_object_tells_the_period_to_the_nanosecond_and_no_further() {
    let places = places();
    for (nanoseconds, told) in [
        (1_953_393_386, "\"period\":1.953393386,"),
        (1_000_000_001, "\"period\":1.000000001,"),
        (100_000_000, "\"period\":0.1,"),
        (86_400_000_000_007, "\"period\":86400.000000007,"),
    ] {
        let mut interval = interval(&places, &[(1, 1)], Order::default());
        interval.period = Duration::from_nanos(nanoseconds);
        let lines = shown(&mut Objects, &interval);
        assert!(lines[0].contains(told), "{told}: {}", lines[0]);
    }
}
