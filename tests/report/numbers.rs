//! The numbers of the page are those of the summary.

use droprec_testbed::samples;
use serde_json::Value;

use crate::{
    recording::{Recording, busy, datagram},
    report::Report,
    structure::Structure,
};

/// Texts of a line of the summary, by their keys.
fn cells(of: &Value, keys: &[&str]) -> Vec<String> {
    keys.iter()
        .map(|key| match &of[*key] {
            Value::String(text) => text.clone(),
            Value::Null => "-".to_owned(),
            number => number.to_string(),
        })
        .collect()
}

fn lines(of: &Value, keys: &[&str]) -> Vec<Vec<String>> {
    let lines = of.as_array().expect("a list").iter();
    lines.map(|line| cells(line, keys)).collect()
}

/// Demands that the page of a recording has what its summary has, and gives both.
fn must_agree(report: &Report) -> (Structure, Value) {
    let summary: Value = serde_json::from_slice(&report.ended.stdout).expect("a summary");
    let page = Structure::of(&report.path());
    assert_eq!(
        page.columns("drops", &["drops", "reason", "location", "interface"]),
        lines(&summary["kinds"], &["drops", "reason", "loc", "interface"])
    );
    assert_eq!(
        page.columns(
            "counters",
            &["counter", "rose by", "explained", "not explained"]
        ),
        lines(
            &summary["counters"],
            &["name", "rise", "explained", "unexplained"]
        )
    );
    for verdict in summary["verdicts"].as_array().expect("a list") {
        let verdict = verdict.as_str().expect("a text");
        assert!(page.text.contains(verdict), "{verdict}");
    }
    if let Some(books) = summary["books"].as_object() {
        let [seen, written, filtered, suppressed, lost] =
            ["seen", "written", "filtered", "suppressed", "lost"].map(|key| &books[key]);
        let books = format!(
            "seen {seen} = written {written} + filtered {filtered} + suppressed {suppressed} + lost {lost}"
        );
        assert!(page.text.contains(&books), "{books}");
    }
    let kinds = summary["kinds"].as_array().expect("a list").iter();
    let drops: u64 = kinds.map(|kind| kind["drops"].as_u64().unwrap_or(0)).sum();
    assert!(
        page.title
            .starts_with(&format!("{drops} dropped packets in ")),
        "{}",
        page.title
    );
    (page, summary)
}

fn sum<'a>(cells: impl Iterator<Item = &'a String>) -> u64 {
    let numbers = cells.map(|cell| cell.trim_start_matches("at least ").parse::<u64>());
    numbers.map(|number| number.expect("a number")).sum()
}

/// All numbers of the table beside the chart.
fn over_time(page: &Structure) -> u64 {
    sum(page.tables["over-time"]
        .iter()
        .skip(1)
        .flat_map(|row| &row[1..]))
}

#[test]
fn the_page_of_every_sample_has_the_numbers_of_its_summary() {
    for sample in samples() {
        let report = Report::of(&sample, &["--summary", "--json"]);
        assert!(report.ended.status.success(), "{}", report.ended.stderr);
        let (page, _) = must_agree(&report);
        assert_eq!(over_time(&page), 21);
        // All have addresses but what has a made-up link header.
        let flows = page.columns("top-flows", &["drops"]);
        let flows = sum(flows.iter().flatten());
        assert!((15..=21).contains(&flows), "{flows} of 21");
    }
}

#[test]
fn the_page_of_a_busy_minute_has_the_numbers_of_its_summary_and_every_drop_in_its_second() {
    let report = Report::of_bytes(&busy(), "busy.pcapng", &["--summary", "--json"]);
    assert!(report.ended.status.success(), "{}", report.ended.stderr);
    let (page, summary) = must_agree(&report);
    assert_eq!(summary["kinds"][0]["drops"], 307);
    assert_eq!(
        page.columns("drops", &["drops", "of these lost", "share", "reason"]),
        [
            ["307", "7", "71\u{a0}%", "NETFILTER_DROP"],
            ["120", "0", "28\u{a0}%", "NO_SOCKET"],
            ["6", "0", "1\u{a0}%", "UNHANDLED_PROTO"],
        ]
    );
    let time = page.columns(
        "over-time",
        &["NETFILTER_DROP", "NO_SOCKET", "UNHANDLED_PROTO"],
    );
    assert_eq!(time.len(), 60);
    assert_eq!(time[0], ["0", "2", "1"]);
    assert_eq!(time[20], ["60", "2", "1"]);
    assert_eq!(time[24], ["60", "2", "0"]);
    assert_eq!(time[25], ["0", "2", "0"]);
    assert_eq!(over_time(&page), 426);
    let flows = page.columns("top-flows", &["drops", "from", "to", "protocol", "reason"]);
    assert_eq!(
        flows[0],
        [
            "300",
            "192.0.2.1:5",
            "192.0.2.2:161",
            "UDP",
            "NETFILTER_DROP"
        ]
    );
    assert_eq!(flows.len(), 1 + 14 + 1);
    assert_eq!(sum(flows.iter().map(|flow| &flow[0])), 426);
    for said in [
        "the ring had no room for 41 (rx_missed_errors)",
        "all 6 of rx_dropped are the kernel's",
        "ethtool -G, it is 256 of 4096 now",
        "at least 7 drops were lost".trim_start_matches("at least "),
    ] {
        assert!(page.text.contains(said), "{said}");
    }
}

#[test]
fn a_page_of_very_many_kinds_says_how_many_it_leaves_out_and_all_drops_are_in_its_table() {
    let mut recording = Recording::new("eth0");
    for number in 0..700 {
        let pairs = format!("droprec v=1 reason=R{number} loc=f{number}+0x1 dev=eth0 len=60");
        let frame = datagram(number, 9);
        recording = recording.packet(u64::from(number), &frame, &["a sentence", &pairs]);
    }
    let report = Report::of_bytes(&recording.bytes(), "many.pcapng", &[]);
    assert!(report.ended.status.success(), "{}", report.ended.stderr);
    let page = Structure::of(&report.path());
    let table = page.columns("drops", &["drops", "reason"]);
    assert_eq!((table.len(), &*table[500][1]), (501, "(200 more kinds)"));
    assert_eq!(sum(table.iter().map(|row| &row[0])), 700);
    assert_eq!(over_time(&page), 700);
    assert!(page.text.contains("640 more are in the table"));
    assert!(page.text.contains("The 20 flows of most drops."));
}

#[test]
fn a_part_of_a_file_has_a_page_that_says_which_and_leaves_the_counters_out() {
    let report = Report::of_bytes(
        &busy(),
        "busy.pcapng",
        &["-c", "100", "--summary", "--json"],
    );
    let (page, _) = must_agree(&report);
    assert!(
        page.notes
            .contains("Only a part of the file was asked for: -c 100.")
    );
    assert!(!page.notes.contains("no books"), "{}", page.notes);
    assert!(!page.tables.contains_key("counters"));
    assert_eq!(over_time(&page), 100);
}

#[test]
fn packets_that_others_recorded_are_told_by_their_bytes_and_not_said_to_be_dropped() {
    // A classic capture file of bare IP: little-endian, microseconds, link type 101.
    let ip = &datagram(53, 4000)[14..];
    let mut pcap = vec![
        0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0, 101, 0, 0, 0,
    ];
    pcap.extend([0, 0, 0, 0x6a, 0, 0, 0, 0]);
    pcap.extend([(ip.len() as u32).to_le_bytes(); 2].concat());
    pcap.extend(ip);
    let report = Report::of_bytes(&pcap, "others.pcap", &[]);
    assert!(report.ended.status.success(), "{}", report.ended.stderr);
    let page = Structure::of(&report.path());
    assert!(page.title.starts_with("1 packet in "), "{}", page.title);
    assert!(page.notes.contains("droprec did not record this file"));
    assert!(
        !page
            .text
            .to_lowercase()
            .replace(&*page.notes.to_lowercase(), "")
            .contains("drop"),
        "{}",
        page.text
    );
    assert_eq!(
        page.columns("top-flows", &["packets", "from", "to", "protocol"]),
        [["1", "192.0.2.1:53", "192.0.2.2:4000", "UDP"]]
    );
}
