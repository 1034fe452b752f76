//! Whatever tshark has a name for, droprec has one for: of EtherTypes, service access points of LLC, and protocols of IP.

use std::{collections::BTreeMap, fmt::Write as _};

use droprec_testbed::run;

use crate::{
    bytes::{ethernet, ieee_802_3, ipv4},
    case::{Case, ETHERNET, case},
    document::is_of_the_document,
    readers,
};

/// Numbers of PPP that tshark has among the EtherTypes for its own use, and a protocol of SNAP.
const NO_ETHERTYPES: [u16; 5] = [0x2001, 0x8021, 0x80fd, 0xc021, 0xc023];

/// The names that tshark has for the values of a field.
fn names(field: &str) -> BTreeMap<u16, String> {
    let values = run("tshark", &["-G", "values"]);
    let prefix = format!("V\t{field}\t");
    let values = values.lines().filter_map(|line| line.strip_prefix(&prefix));
    let named = values.filter_map(|value| {
        let (number, name) = value.split_once('\t')?;
        let number = match number.strip_prefix("0x") {
            Some(digits) => u16::from_str_radix(digits, 16),
            None => number.parse(),
        };
        Some((number.ok()?, name.trim().to_owned()))
    });
    let named: BTreeMap<u16, String> = named.collect();
    assert!(named.len() > 10, "tshark names no values of {field}");
    named
}

/// What droprec says of a frame for each of these numbers.
fn says(numbers: impl Iterator<Item = u16>, frame: impl Fn(u16) -> String) -> Vec<String> {
    let cases: Vec<Case> = numbers.map(|number| case("", &frame(number))).collect();
    let directory = tempfile::tempdir().expect("there is room for a directory");
    let file = directory.path().join("names.pcapng");
    readers::file(&file, ETHERNET, &cases.iter().collect::<Vec<_>>());
    readers::droprec_says(&file)
}

fn ether_types() -> Vec<(u16, String, String)> {
    let mut named = names("eth.type");
    named.retain(|number, _| *number >= 0x0600 && !NO_ETHERTYPES.contains(number));
    let says = says(named.keys().copied(), |number| {
        ethernet(&format!("{number:04x}"), "")
    });
    let rows = named.into_iter().zip(says);
    rows.map(|((number, name), what)| (number, name, what))
        .collect()
}

#[test]
fn each_ethertype_that_tshark_names_has_a_name() {
    if is_of_the_document() {
        for (number, name, what) in ether_types() {
            let is_named = !what.starts_with("EtherType") || what.ends_with("(local experimental)");
            assert!(
                is_named,
                "{number:#06x} is {name} for tshark, and {what} here"
            );
        }
    }
}

#[test]
fn each_service_access_point_that_tshark_names_has_a_name() {
    // The odd ones are responses and groups, and 0xff is all of them.
    let named = names("llc.dsap");
    let even = || named.keys().copied().filter(|sap| sap & 1 == 0);
    for (sap, what) in even().zip(says(even(), |sap| {
        ieee_802_3(&format!("{sap:02x}{sap:02x} 7f"))
    })) {
        assert!(
            what.starts_with("LLC ") && !what.contains("DSAP"),
            "{}: {what}",
            named[&sap]
        );
    }
}

#[test]
fn each_protocol_of_ip_that_tshark_names_has_a_name() {
    // IANA keeps these for any protocol of a kind, which is no name.
    const ANY: [u16; 5] = [61, 63, 68, 99, 114];
    // What tshark has above it is nobody's, or one vendor's.
    const ASSIGNED_MAX: u16 = 144;
    let mut named = names("ip.proto");
    named.retain(|number, _| *number <= ASSIGNED_MAX && !ANY.contains(number));
    let numbers = || named.keys().copied();
    for (number, what) in numbers().zip(says(numbers(), |number| ipv4(number as u8, ""))) {
        assert!(
            !what.starts_with("IPv4 protocol"),
            "{number} is {} for tshark, and {what} here",
            named[&number]
        );
    }
}

/// The document's table.
pub(crate) fn written() -> String {
    let mut text = String::from(
        "\n## EtherTypes\n\nEvery one that tshark names, alone in a frame without more octets.\n\n| number | tshark | droprec |\n|---|---|---|\n",
    );
    for (number, name, what) in ether_types() {
        let _ = writeln!(
            text,
            "| {number:#06x} | {name} | {} |",
            what.trim_end_matches(", cut header")
        );
    }
    text
}
