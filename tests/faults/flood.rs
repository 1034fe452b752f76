//! A million drops at once.

use std::process::Stdio;

use droprec_testbed::Ended;
use serde_json::{Deserializer, Value};

use crate::{
    lost,
    stage::Stage,
    tally::{Tally, capinfos},
};

const FLOOD: u32 = 1_000_000;

/// Records a flood, and demands that every drop of it is accounted for, on the screen and in the file.
fn recorded_flood(stage: &Stage, arguments: &[&str]) -> (Ended, Tally) {
    let droprec = stage.record(arguments);
    stage.cause(FLOOD);
    let ended = droprec.stop().succeeded();
    let tally = Tally::of(&stage.file());

    let accounting = ended.accounting();
    accounting.must_balance();
    let nested = ended.lost_in_the_midst();
    assert_eq!(
        accounting.seen - accounting.filtered - accounting.suppressed - nested,
        u64::from(FLOOD),
        "the screen tells of another number of drops: {}",
        ended.stderr
    );
    assert!(!tally.is_cut, "the file's last block is cut");
    assert_eq!(tally.packets, accounting.written, "packets in the file");
    assert_eq!(
        capinfos(&stage.file()),
        accounting.written,
        "packets in the file for capinfos"
    );

    assert_eq!(tally.sum(|counted| counted.received), accounting.seen);
    assert_eq!(tally.sum(|counted| counted.delivered), accounting.written);
    assert_eq!(tally.sum(|counted| counted.dropped), accounting.lost);
    let passed = accounting.seen - accounting.filtered - accounting.suppressed;
    assert_eq!(tally.sum(|counted| counted.accepted), passed);
    let of_interface = tally.of_interface(&stage.label());
    assert_eq!(of_interface.received, Some(FLOOD.into()));
    assert_eq!(of_interface.delivered, Some(accounting.written));
    assert_eq!(of_interface.dropped, Some(accounting.lost - nested));
    assert!(
        tally.dropcounts <= accounting.lost,
        "epb_dropcount adds up to {}, more than were lost: {accounting:?}",
        tally.dropcounts
    );
    (ended, tally)
}

#[test]
fn a_million_drops_are_accounted_for_to_the_packet_with_default_settings() {
    let stage = Stage::new();
    let (ended, _) = recorded_flood(&stage, &[]);
    let accounting = ended.accounting();
    println!("a flood of {FLOOD}, default settings: {accounting:?}");
}

#[test]
fn a_ring_that_is_too_small_loses_drops_and_each_is_counted() {
    let stage = Stage::new();
    let (ended, tally) = recorded_flood(&stage, &["-B", "64"]);
    let accounting = ended.accounting();
    println!("a flood of {FLOOD}, a ring of 64 KiB: {accounting:?}");
    assert!(
        lost::by_the_ring(&ended) > 0,
        "nothing was lost: {}",
        ended.stderr
    );
    assert!(
        tally.dropcounts > 0,
        "no packet tells of the losses before it"
    );

    let label = stage.label();
    let row = ended.rows(&label).next();
    let row = row.unwrap_or_else(|| panic!("no row for {label}: {}", ended.stderr));
    let cells: Vec<&str> = row.split_whitespace().collect();
    let lost = accounting.lost - ended.lost_in_the_midst();
    assert_eq!(
        cells[..3],
        [&FLOOD.to_string(), &lost.to_string(), "UNHANDLED_PROTO"],
        "drops, of these lost, reason: {row}"
    );
}

#[test]
fn tables_count_each_of_a_million_drops_whatever_the_ring_loses() {
    let stage = Stage::new();
    let tables = ["-B", "64", "--interval", "100ms", "--json"];
    let (ended, _) = recorded_flood(&stage, &tables);
    let tables = Deserializer::from_str(ended.text()).into_iter::<Value>();
    let tables: Vec<Value> = tables.map(|table| table.expect("JSON")).collect();
    let rows = tables.iter().filter_map(|table| table["rows"].as_array());
    let counts = rows.flatten().filter_map(|row| row["count"].as_u64());
    let counts: Vec<u64> = counts.collect();
    let sum: u64 = counts.iter().sum();
    assert_eq!(sum, u64::from(FLOOD), "{}", ended.text());
    assert!(counts.len() > 1, "all in one table: {}", ended.text());
    assert!(
        lost::by_the_ring(&ended) > 0,
        "nothing was lost: {}",
        ended.stderr
    );
}

#[test]
fn a_million_drops_that_are_only_counted_are_all_counted() {
    let stage = Stage::new();
    let droprec = stage.record_into(Stdio::null(), &["--interval", "100ms"]);
    stage.cause(FLOOD);
    let ended = droprec.stop().succeeded();
    let accounting = ended.accounting();
    accounting.must_balance();
    assert_eq!(accounting.written, u64::from(FLOOD), "{}", ended.stderr);
    assert_eq!(accounting.lost, ended.lost_in_the_midst());
}
